#!/bin/sh
cat > solution.py << 'EOF'
def count_vowels(text):
    """Return the number of vowels in text."""
    return sum(letter in 'aeiouAEIOU' for letter in text)
EOF
