"""Wrappers around a shed: one allows by role, one writes down who called what."""

from toolshed.errors import ShedError, error_for

ROLES = {
    "visitor": {"check_inventory"},
    "member": {"check_inventory", "check_out"},
    "helper": {"check_inventory", "check_out", "check_in"},
}


class Guarded:
    """A shed as one role sees it: everything else about it is open, methods go by ROLES."""

    def __init__(self, shed, role):
        self._shed, self._allowed = shed, ROLES[role]

    def __getattr__(self, name):
        value = getattr(self._shed, name)
        if not callable(value) or name in self._allowed:
            return value
        if name in ROLES["helper"]:
            raise error_for(name)(f"{name} is not for this role")
        raise ShedError(f"{name} is nobody's business")


class RecordedShed:
    """Behaves like the shed it wraps; ``calls`` holds (method, arguments) of every movement and count, for the training desk."""

    def __init__(self, shed):
        self._shed = shed
        self.calls = []

    def __getattr__(self, name):
        value = getattr(self._shed, name)
        if not name.startswith("check_"):
            return value

        def recorded(*args, **kwargs):
            self.calls.append((name, args))
            return value(*args, **kwargs)

        return recorded
