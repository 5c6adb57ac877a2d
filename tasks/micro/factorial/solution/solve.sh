#!/bin/sh
cat > solution.py << 'EOF'
def factorial(n):
    """Return the product of the integers from 1 to n."""
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result
EOF
