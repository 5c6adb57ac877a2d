#!/bin/sh
cat > solution.py << 'EOF'
def remove_duplicates(items):
    """Return a new list without repeated items."""
    result = []
    for item in items:
        if item not in result:
            result.append(item)
    return result
EOF
