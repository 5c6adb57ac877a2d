"""What the shed refuses, and with which code the command line then ends."""


class ShedError(Exception):
    """Anything that the shed refuses."""


class CheckOutError(ShedError):
    """The tool cannot be handed out."""


class CheckInError(ShedError):
    """The tool cannot be taken back."""


EXIT_CODES = {"CheckOutError": 3, "CheckInError": 4}


def error_for(action):
    """The error class of an action's name: two_words have the class TwoWordsError."""
    name = "".join(word.title() for word in action.split("_")) + "Error"
    return globals()[name]


def exit_code(error):
    return EXIT_CODES.get(type(error).__name__, 1)
