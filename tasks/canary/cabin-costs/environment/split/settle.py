"""The payments that settle balances."""

from split.money import written


def payments(sheet, currency):
    """(debtor, creditor, amount) until all is settled: the largest debt first, equal ones by name."""
    left = sum(sheet.values())
    if left:
        raise ValueError(f"books do not balance: {currency} {written(abs(left), currency)} is left over")
    open_ = dict(sheet)
    made = []
    while any(open_.values()):
        debtor = min(sorted(open_), key=lambda name: open_[name])
        creditor = max(sorted(open_), key=lambda name: open_[name])
        amount = min(-open_[debtor], open_[creditor])
        open_[debtor] += amount
        open_[creditor] -= amount
        made.append((debtor, creditor, amount))
    return made
