"""The screen in the hall: what there is today, and what the kitchen said in its log."""

import logging

import canteen as kitchen


class Screen(logging.Handler):
    """Shows the last lines of the logger "canteen"."""

    def __init__(self, size=3):
        super().__init__(logging.INFO)
        self.size, self.lines = size, []
        logging.getLogger("canteen").addHandler(self)

    def emit(self, record):
        self.lines = [*self.lines, f"{record.name}: {record.getMessage()}"][-self.size :]

    def close(self):
        logging.getLogger("canteen").removeHandler(self)
        super().close()


def today(menu):
    """The title of today's dish, None where there is none."""
    recipe = menu.days.get(kitchen._today())
    return recipe and recipe.title
