"""What the new classes must do at the least; docs/errors.md says it all."""

import unittest

from ferry import errors


class Errors(unittest.TestCase):
    def test_messages(self):
        self.assertEqual(str(errors.NotFoundError("port", "XX")), "no port XX")
        self.assertEqual(str(errors.InvalidError("card", "12", "16 digits are needed")), "card '12': 16 digits are needed")

    def test_attributes(self):
        taken = errors.SeatTakenError("F1", "2B")
        self.assertEqual((taken.departure, taken.seat, taken.code), ("F1", "2B", 6))

    def test_one_family(self):
        self.assertTrue(issubclass(errors.CardDeclined, errors.PaymentError))
        self.assertTrue(issubclass(errors.StorageError, errors.FerryError))
