#!/bin/sh
cat > solution.py << 'EOF'
def double_list(numbers):
    """Return a new list with every number doubled."""
    return [number * 2 for number in numbers]
EOF
