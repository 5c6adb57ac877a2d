def spiral_order(matrix):
    """Return the items of the matrix in spiral order."""
    raise NotImplementedError
