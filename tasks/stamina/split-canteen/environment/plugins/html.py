"""The format for the intranet."""

from html import escape

import canteen
from canteen import _amount_text, register


@register("html")
def write_html(recipe):
    items = "".join(f"<li>{escape(_amount_text(one))} {escape(one.name)}</li>" for one in recipe.ingredients)
    return f"<h1>{escape(recipe.title)}</h1><ul>{items}</ul><!-- {len(canteen.FORMATS)} formats -->\n"
