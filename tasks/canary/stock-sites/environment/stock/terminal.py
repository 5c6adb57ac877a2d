"""Commands that people type."""

from stock.store import OutOfStock, Stock

COMMANDS = {"put": Stock.put, "take": Stock.take, "left": Stock.left}


class Terminal:
    def __init__(self, stock):
        self.stock = stock

    def say(self, line):
        """Do a command such as `take A1 3`; returns what is to be shown."""
        name, *words = line.split()
        if name not in COMMANDS:
            return f"unknown command: {name}"
        try:
            done = COMMANDS[name](self.stock, words[0], *map(int, words[1:]))
        except OutOfStock as e:
            return str(e)
        return "ok" if done is None else str(done)
