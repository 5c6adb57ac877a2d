#!/bin/sh
cat > solution.py << 'EOF'
def compare_versions(a, b):
    """Return -1, 0 or 1 as version a is older than, equal to or newer than b."""
    left = [int(part) for part in a.split(".")]
    right = [int(part) for part in b.split(".")]
    width = max(len(left), len(right))
    left += [0] * (width - len(left))
    right += [0] * (width - len(right))
    return (left > right) - (left < right)
EOF
