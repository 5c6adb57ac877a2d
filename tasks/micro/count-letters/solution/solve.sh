#!/bin/sh
cat > solution.py << 'EOF'
def count_letters(text):
    """Return a dictionary from each character to its count."""
    counts = {}
    for character in text:
        counts[character] = counts.get(character, 0) + 1
    return counts
EOF
