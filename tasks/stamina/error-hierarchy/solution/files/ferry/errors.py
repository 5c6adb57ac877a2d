"""All that can go wrong (docs/errors.md). ``code`` is the exit code of the command line."""


class FerryError(Exception):
    """The family; it is raised by its own name nowhere."""

    code = 1


class ConfigError(FerryError):
    code = 3

    def __init__(self, key, why):
        super().__init__(f"{key}: {why}")
        self.key, self.why = key, why


class NotFoundError(FerryError, LookupError):
    code = 4

    def __init__(self, kind, name):
        super().__init__(f"no {kind} {name}")
        self.kind, self.name = kind, name


class InvalidError(FerryError, ValueError):
    code = 5

    def __init__(self, field, value, why):
        super().__init__(f"{field} {value!r}: {why}")
        self.field, self.value, self.why = field, value, why


class CapacityError(FerryError):
    code = 6

    def __init__(self, departure):
        super().__init__(f"departure {departure} is full")
        self.departure = departure


class SeatTakenError(CapacityError):
    def __init__(self, departure, seat):
        FerryError.__init__(self, f"seat {seat} of {departure} is taken")
        self.departure, self.seat = departure, seat


class PaymentError(FerryError):
    code = 7

    def __init__(self, amount):
        super().__init__(f"payment of {amount} failed")
        self.amount = amount


class CardDeclined(PaymentError):
    def __init__(self, amount):
        FerryError.__init__(self, f"card declined for {amount}")
        self.amount = amount


class LimitExceeded(PaymentError):
    def __init__(self, amount, limit):
        FerryError.__init__(self, f"{amount} is above the limit of {limit}")
        self.amount, self.limit = amount, limit


class VoucherError(FerryError):
    code = 8

    def __init__(self, voucher, reason):
        super().__init__(f"voucher {voucher} is {reason}")
        self.voucher, self.reason = voucher, reason


class StorageError(FerryError, OSError):
    code = 9

    def __init__(self, path, why):
        super().__init__(f"{path}: {why}")
        self.path, self.why = path, why


class StateError(FerryError):
    code = 10

    def __init__(self, number, state):
        super().__init__(f"booking {number} is {state}")
        self.number, self.state = number, state


class NotifyError(FerryError):
    code = 11

    def __init__(self, address):
        super().__init__(f"cannot reach {address}")
        self.address = address
