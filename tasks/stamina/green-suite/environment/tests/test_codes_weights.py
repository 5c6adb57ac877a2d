import unittest

from depot.codes import check_letter, format_code, parse_code
from depot.weights import format_weight, heaviest, parse_weight


class Codes(unittest.TestCase):
    def test_the_check_letter_weighs_the_leftmost_digit_most(self):
        self.assertEqual(check_letter("KD", 12345), "E")
        self.assertEqual(check_letter("MT", 7000001), "R")

    def test_a_code_always_has_seven_digits(self):
        self.assertEqual(len(format_code("KD", 12345)), 10)
        self.assertEqual(format_code("KD", 0), "KD0000000S")

    def test_codes_as_people_type_them(self):
        self.assertEqual(parse_code("KD0012345E"), ("KD", 12345))
        self.assertEqual(parse_code(" kd 001-2345 e"), ("KD", 12345))

    def test_a_wrong_check_letter_is_refused(self):
        with self.assertRaises(ValueError):
            parse_code("KD0012345F")


class Weights(unittest.TestCase):
    def test_grams_are_rounded(self):
        self.assertEqual(parse_weight("1.0009 kg"), 1001)
        self.assertEqual(parse_weight("0,0025kg"), 3)

    def test_kilograms_lose_needless_zeros_only(self):
        self.assertEqual(format_weight(20_000), "20 kg")
        self.assertEqual(format_weight(1_250), "1.25 kg")

    def test_small_weights_stay_grams(self):
        self.assertEqual(format_weight(950), "950 g")
        self.assertEqual(parse_weight("300 g"), 300)

    def test_the_heaviest(self):
        self.assertEqual(heaviest(["900 g", "2 kg", "1,5 kg"]), "2 kg")
        self.assertIsNone(heaviest([]))
