from judge import check, decide, python

HEAD = """
from rooms.book import Book
def tries(*bookings):
    book, taken = Book(), []
    for room, start, end in bookings:
        try:
            book.add(room, start, end, "x"); taken.append(True)
        except ValueError:
            taken.append(False)
    return taken
"""


@check("every kind of overlap is refused, whichever comes first")
def overlaps():
    spans = [("9:30", "11:00"), ("10:45", "12:00"), ("8:00", "9:31"), ("9:00", "12:00"), ("10:00", "10:15"), ("9:30", "11:00")]
    pairs = [(a, b) for a in spans[:1] for b in spans[1:]] + [(b, a) for a in spans[:1] for b in spans[1:]]
    got = python(HEAD + f"answer([tries(('r', *a), ('r', *b)) for a, b in {pairs}])")
    assert got == [[True, False]] * len(pairs), list(zip(pairs, got))


@check("what touches, or is another room, is taken")
def touching():
    got = python(HEAD + "answer([tries(('r','9:00','9:05'),('r','9:05','9:10'),('r','8:55','9:00')), tries(('r','9:00','10:00'),('s','9:00','10:00'))])")
    assert got == [[True] * 3, [True] * 2], got


@check("minutes count")
def minutes():
    got = python("""
from rooms.times import parse_time, format_time
answer([parse_time(t) for t in ("0:00", "0:07", "9:39", "23:59", "24:00", " 7:05 ")] + [format_time(parse_time("10:45"))])
""")
    assert got == [0, 7, 579, 1439, 1440, 425, "10:45"], got


@check("a booking must end after it begins")
def order():
    got = python(HEAD + "answer(tries(('r','10:00','10:00'), ('r','10:00','9:00'), ('r','9:59','10:01')))")
    assert got == [False, False, True], got


@check("what was refused is not kept, and the report shows minutes")
def report():
    got = python("""
from rooms.book import Book
from rooms.report import day
book = Book()
book.add("b", "9:05", "9:55", "Ann")
try:
    book.add("b", "9:54", "10:00", "Bob")
except ValueError:
    pass
book.add("a", "0:00", "24:00", "Cat")
answer(day(book))
""")
    assert got == "a: 0:00-24:00 Cat\nb: 9:05-9:55 Ann", got


decide()
