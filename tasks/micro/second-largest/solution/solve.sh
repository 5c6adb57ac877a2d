#!/bin/sh
cat > solution.py << 'EOF'
def second_largest(numbers):
    """Return the second largest different number."""
    different = sorted(set(numbers))
    return different[-2] if len(different) > 1 else None
EOF
