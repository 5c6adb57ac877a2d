#!/bin/sh
cat > solution.py << 'EOF'
def add(a, b):
    """Return the sum of a and b."""
    return a + b
EOF
