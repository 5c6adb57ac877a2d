#!/bin/sh
cat > solution.py << 'EOF'
def filter_evens(numbers):
    """Return a new list with only the even numbers."""
    return [number for number in numbers if number % 2 == 0]
EOF
