#!/bin/sh
cat > solution.py << 'EOF'
def common_items(a, b):
    """Return the items of a that are also in b."""
    result = []
    for item in a:
        if item in b and item not in result:
            result.append(item)
    return result
EOF
