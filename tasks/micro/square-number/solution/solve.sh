#!/bin/sh
cat > solution.py << 'EOF'
def square(n):
    """Return n multiplied by itself."""
    return n * n
EOF
