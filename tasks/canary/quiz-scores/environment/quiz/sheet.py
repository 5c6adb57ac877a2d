"""The answers of one player."""


class Sheet:
    def __init__(self, player, answers={}):
        self.player = player
        self.answers = answers

    def answer(self, question, text):
        self.answers[question] = text

    def points(self, key):
        """One point for each right answer, whatever the capitals and outer blanks."""
        return sum(
            1 for question, right in key.items() if self.answers.get(question, "").strip().lower() == right.lower()
        )
