"""The canteen's kitchen; each module holds one part, this one all their names."""

from canteen.settings import FOLDER, log
from canteen.model import CanteenError, UnknownUnit, ParseError, Ingredient, Recipe
from canteen.units import (
    UNITS_FILE,
    _UNITS,
    _BIGGEST_FIRST,
    load_units,
    is_unit,
    dimension_of,
    to_base,
    convert,
    best_unit,
    _parse_number,
    _show_number,
    format_amount,
)
from canteen.parsing import (
    SEPARATOR,
    _HEADER,
    _LINE,
    _PINCH,
    parse_recipe,
    parse_book,
    load_book,
    _parse_header,
    _split_line,
    _parse_ingredient,
)
from canteen.scaling import scale, _scale_one, _round_amount, merge_ingredients
from canteen.planning import (
    PRICES_FILE,
    Menu,
    _today,
    next_monday,
    plan_week,
    shopping_list,
    load_prices,
    recipe_cost,
    menu_cost,
)
from canteen.output import (
    FORMATS,
    PLUGINS,
    register,
    write_text,
    write_json,
    write_card,
    _amount_text,
    write,
    _load_plugins,
    run_job,
    main,
    _answer,
)

# These are assigned from outside: canteen.STRICT = True, canteen.ROUND_TO = 10.
STRICT = False
ROUND_TO = 5
