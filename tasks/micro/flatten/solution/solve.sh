#!/bin/sh
cat > solution.py << 'EOF'
def flatten(lists):
    """Return one list with the items of all inner lists."""
    return [item for inner in lists for item in inner]
EOF
