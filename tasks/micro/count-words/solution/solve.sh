#!/bin/sh
cat > solution.py << 'EOF'
def count_words(text):
    """Return the number of words in text."""
    return len(text.split())
EOF
