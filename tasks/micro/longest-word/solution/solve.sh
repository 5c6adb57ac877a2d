#!/bin/sh
cat > solution.py << 'EOF'
def longest_word(text):
    """Return the longest word of text."""
    return max(text.split(), key=len, default="")
EOF
