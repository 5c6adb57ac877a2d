#!/bin/sh
cat > solution.py << 'EOF'
def is_palindrome(text):
    """Return True if text reads the same backwards."""
    return text == text[::-1]
EOF
