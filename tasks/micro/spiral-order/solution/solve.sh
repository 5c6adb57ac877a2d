#!/bin/sh
cat > solution.py << 'EOF'
def spiral_order(matrix):
    """Return the items of the matrix in spiral order."""
    rows = [list(row) for row in matrix]
    result = []
    while rows:
        result += rows.pop(0)
        rows = [list(column) for column in zip(*rows)][::-1]
    return result
EOF
