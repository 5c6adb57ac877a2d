#!/bin/sh
cat > solution.py << 'EOF'
def first_and_last(items):
    """Return a list of the first and the last item."""
    return [items[0], items[-1]]
EOF
