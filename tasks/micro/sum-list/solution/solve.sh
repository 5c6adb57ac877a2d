#!/bin/sh
cat > solution.py << 'EOF'
def sum_list(numbers):
    """Return the sum of the numbers in the list."""
    return sum(numbers)
EOF
