from judge import check, decide, run

BUILD = "gcc -O1 -o /tmp/median median.c 2>&1 && /tmp/median"


def median(numbers):
    done = run(BUILD, stdin=" ".join(map(str, numbers)))
    return done.stdout, done.exit_code


@check("small inputs, halves and signs")
def small():
    for numbers, text in (([5], "5"), ([4, 2], "3"), ([-3, -2], "-2.5"), ([-1, 0], "-0.5"), ([1, 0], "0.5"), ([-4, -2], "-3"),
                          ([3, -3], "0"), ([10, 1, 7, 7], "7"), ([1, 2, 3, 4, 5, 6], "3.5")):
        assert median(numbers) == (text + "\n", 0), (numbers, median(numbers))


@check("large numbers")
def large():
    assert median([2000000000, -2000000000, 1]) == ("1\n", 0)
    assert median([2000000000, 1999999999]) == ("1999999999.5\n", 0)
    assert median([-2000000000, 2000000000, -1999999999, 1999999998]) == ("-0.5\n", 0)


@check("many numbers")
def many():
    assert median([n * 7919 % 100003 for n in range(50000)])[0] == median_of([n * 7919 % 100003 for n in range(50000)])
    # More than any array of a likely fixed size holds.
    done = run(BUILD.replace("&& /tmp", "&& seq 3000000 | /tmp"))
    assert done.stdout == "1500000.5\n", done


@check("none")
def none():
    assert median([]) == ("no data\n", 1)


def median_of(numbers):
    numbers = sorted(numbers)
    double = numbers[len(numbers) // 2] + numbers[(len(numbers) - 1) // 2]
    return f"{double // 2}.5\n" if double % 2 else f"{double // 2}\n"


decide()
