def celsius_to_fahrenheit(celsius):
    """Return the temperature in degrees Fahrenheit."""
    raise NotImplementedError
