"""The audit: one line for each thing that was done, in a list or in a file too."""


class Audit:
    def __init__(self, path=None):
        self.path = path
        self.lines = []

    def write(self, action, *words):
        line = " ".join([action, *map(str, words)])
        self.lines.append(line)
        if self.path is not None:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(line + "\n")
