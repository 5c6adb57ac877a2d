"""Commands that people type."""

from stock.store import OutOfStock, UnknownSite

COMMANDS = ("put", "take", "left")


class Terminal:
    def __init__(self, stock, site):
        self.stock = stock
        self.site = site

    def say(self, line):
        """Do a command such as `take A1 3` or `take A1 3 @north`; returns what is to be shown."""
        name, *words = line.split()
        if name not in COMMANDS:
            return f"unknown command: {name}"
        site = words.pop()[1:] if words[-1:] and words[-1].startswith("@") else self.site
        try:
            done = getattr(self.stock, name)(words[0], *map(int, words[1:]), site=site)
        except (OutOfStock, UnknownSite) as e:
            return str(e)
        return "ok" if done is None else str(done)
