"""Vouchers pay a part of a fare, once."""

from ferry.errors import NotFoundError, VoucherError


class Vouchers:
    """``vouchers``: {code: (value in cents, last day)}; days are texts such as 2025-05-31."""

    def __init__(self, vouchers):
        self._vouchers = dict(vouchers)
        self._used = set()

    def redeem(self, code, amount, day):
        """What is left to pay of an amount. Raises NotFoundError or VoucherError."""
        if code not in self._vouchers:
            raise NotFoundError("voucher", code)
        if code in self._used:
            raise VoucherError(code, "used")
        value, last = self._vouchers[code]
        if day > last:
            raise VoucherError(code, "expired")
        self._used.add(code)
        return max(amount - value, 0)

    def restore(self, code):
        """Makes a voucher good again. Raises NotFoundError."""
        if code not in self._vouchers:
            raise NotFoundError("voucher", code)
        self._used.discard(code)

    def is_used(self, code):
        return code in self._used
