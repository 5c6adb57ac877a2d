#!/bin/sh
cat > solution.py << 'EOF'
def max_of_three(a, b, c):
    """Return the largest of the three numbers."""
    return max(a, b, c)
EOF
