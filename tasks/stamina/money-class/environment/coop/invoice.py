"""An invoice as text."""

from coop.amounts import show
from coop.vat import net_and_tax

WIDTH = 46


def invoice(number, member, basket):
    """Lines of goods, then discount, total, and the tax that the total holds (before the discount, by rate)."""
    rows = [f"Invoice {number} for {member}", ""]
    for name, quantity, amount in basket.lines():
        rows.append(_row(f"{quantity:g} x {name}", show(amount)))
    rows.append("-" * WIDTH)
    if basket.discount():
        rows.append(_row("subtotal", show(basket.subtotal())))
        rows.append(_row(f"discount {basket.percent}%", show(-basket.discount())))
    rows.append(_row("total", show(basket.total())))
    for rate, gross in sorted(basket.by_rate().items()):
        rows.append(_row(f"tax {rate}% in {show(gross)}", show(net_and_tax(gross, rate)[1])))
    return "\n".join(rows)


def _row(left, right):
    return f"{left:<{WIDTH - len(right)}}{right}"
