"""Messages to passengers; a stand-in that keeps them."""

from ferry.errors import NotifyError


class Notifier:
    def __init__(self, blocked=()):
        self._blocked = set(blocked)
        self.sent = []

    def send(self, address, text):
        """Raises NotifyError."""
        if "@" not in address or address in self._blocked:
            raise NotifyError(address)
        self.sent.append((address, text))
