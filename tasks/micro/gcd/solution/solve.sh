#!/bin/sh
cat > solution.py << 'EOF'
def gcd(a, b):
    """Return the greatest common divisor of a and b."""
    while b:
        a, b = b, a % b
    return a
EOF
