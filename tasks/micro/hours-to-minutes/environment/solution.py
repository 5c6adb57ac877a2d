def hours_to_minutes(hours):
    """Return the number of minutes in the given hours."""
    raise NotImplementedError
