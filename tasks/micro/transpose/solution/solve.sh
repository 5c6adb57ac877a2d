#!/bin/sh
cat > solution.py << 'EOF'
def transpose(matrix):
    """Return the matrix with rows and columns swapped."""
    return [list(column) for column in zip(*matrix)]
EOF
