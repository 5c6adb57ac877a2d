#!/bin/sh
cat > solution.py << 'EOF'
def is_even(n):
    """Return True if n is even, otherwise False."""
    return n % 2 == 0
EOF
