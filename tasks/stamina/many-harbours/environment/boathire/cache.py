"""Keeps what is asked for often, until the day changes."""


class Cache:
    """``kept``: text key -> value; keys begin with the day."""

    def __init__(self):
        self.kept = {}
        self.hits = 0

    def value(self, what, day, detail, make):
        """The value of a question about a day, made by ``make()`` where it is not kept yet."""
        key = f"{day}/{what}/{detail}"
        if key in self.kept:
            self.hits += 1
        else:
            self.kept[key] = make()
        return self.kept[key]

    def forget_day(self, day):
        """Forget all that is kept about a day; gives how many entries that were."""
        old = [key for key in self.kept if key.startswith(f"{day}/")]
        for key in old:
            del self.kept[key]
        return len(old)
