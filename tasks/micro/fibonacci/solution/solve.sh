#!/bin/sh
cat > solution.py << 'EOF'
def fibonacci(n):
    """Return the n-th Fibonacci number."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
EOF
