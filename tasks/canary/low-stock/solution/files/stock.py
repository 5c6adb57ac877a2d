def low_stock(lines):
    """Names of the articles of which fewer are left than the minimum."""
    names = []
    for line in lines:
        name, left, minimum = line.split(",")
        if int(left) < int(minimum):
            names.append(name)
    return names
