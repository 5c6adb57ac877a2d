"""A day's bookings as text."""

from rooms.times import format_time


def day(book):
    """One line a booking, by room and time."""
    rooms = sorted({booking.room for booking in book.bookings})
    lines = []
    for room in rooms:
        for booking in book.of_room(room):
            lines.append(f"{room}: {format_time(booking.start)}-{format_time(booking.end)} {booking.who}")
    return "\n".join(lines)
