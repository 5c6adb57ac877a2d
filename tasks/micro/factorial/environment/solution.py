def factorial(n):
    """Return the product of the integers from 1 to n."""
    raise NotImplementedError
