"""Vouchers pay a part of a fare, once."""


class Vouchers:
    """``vouchers``: {code: (value in cents, last day)}; days are texts such as 2025-05-31."""

    def __init__(self, vouchers):
        self._vouchers = dict(vouchers)
        self._used = set()

    def redeem(self, code, amount, day):
        """What is left to pay of an amount; or "unknown", "used" or "expired"."""
        if code not in self._vouchers:
            return "unknown"
        if code in self._used:
            return "used"
        value, last = self._vouchers[code]
        if day > last:
            return "expired"
        self._used.add(code)
        return max(amount - value, 0)

    def restore(self, code):
        """Makes a voucher good again; False where there is no such voucher."""
        if code not in self._vouchers:
            return False
        self._used.discard(code)
        return True

    def is_used(self, code):
        return code in self._used
