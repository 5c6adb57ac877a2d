"""The touch screen at the door: two buttons, and a beep for everything that goes wrong."""

from toolshed.desk import check_in as put_down
from toolshed.desk import check_out as pick_up
from toolshed.errors import ShedError

BEEP = "beep"


class Kiosk:
    """One member stands before it at a time."""

    def __init__(self, shed, member=None):
        self.shed, self.member = shed, member
        self.screen = []

    def press(self, button, code, day):
        """``button`` is "+" or "-"; gives the last line of the screen."""
        try:
            if button == "+":
                pick_up(self.shed, code, self.member, day, say=self.screen.append)
            else:
                put_down(self.shed, code, day, say=self.screen.append)
        except ShedError as error:
            self.screen.append(f"{BEEP}: {error}")
        return self.screen[-1]
