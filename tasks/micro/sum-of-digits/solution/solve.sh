#!/bin/sh
cat > solution.py << 'EOF'
def sum_of_digits(n):
    """Return the sum of the decimal digits of n."""
    return sum(int(digit) for digit in str(abs(n)))
EOF
