"""The audit: one line for each thing that was done, in a list or in a file too."""


class Audit:
    def __init__(self, path=None):
        self.path = path
        self.lines = []

    def write(self, action, *words, harbour="main"):
        line = " ".join([action, *map(str, words)])
        if harbour != "main":
            line = f"{harbour}: {line}"
        self.lines.append(line)
        if self.path is not None:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(line + "\n")
