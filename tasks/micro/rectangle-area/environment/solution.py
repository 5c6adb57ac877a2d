def rectangle_area(width, height):
    """Return the area of the rectangle."""
    raise NotImplementedError
