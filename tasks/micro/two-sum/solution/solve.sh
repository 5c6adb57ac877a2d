#!/bin/sh
cat > solution.py << 'EOF'
def two_sum(numbers, target):
    """Return the indices of two numbers that add up to target."""
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            if numbers[i] + numbers[j] == target:
                return [i, j]
    return []
EOF
