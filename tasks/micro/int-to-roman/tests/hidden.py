"""Hidden tests of int_to_roman: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    ones = " I II III IV V VI VII VIII IX".split(" ")
    tens = " X XX XXX XL L LX LXX LXXX XC".split(" ")
    hundreds = " C CC CCC CD D DC DCC DCCC CM".split(" ")
    return "M" * (n // 1000) + hundreds[n // 100 % 10] + tens[n // 10 % 10] + ones[n % 10]


KNOWN = [
    ((1994,), "MCMXCIV"),
    ((1,), "I"),
    ((4,), "IV"),
    ((9,), "IX"),
    ((58,), "LVIII"),
    ((3999,), "MMMCMXCIX"),
    ((400,), "CD"),
]
GENERATED = [(n,) for n in range(1, 4000, 37)]

judge("int_to_roman", reference, KNOWN, GENERATED)
