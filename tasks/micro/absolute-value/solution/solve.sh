#!/bin/sh
cat > solution.py << 'EOF'
def absolute_value(n):
    """Return n without its sign."""
    return -n if n < 0 else n
EOF
