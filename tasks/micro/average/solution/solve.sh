#!/bin/sh
cat > solution.py << 'EOF'
def average(numbers):
    """Return the arithmetic mean of the numbers."""
    if not numbers:
        return 0
    return sum(numbers) / len(numbers)
EOF
