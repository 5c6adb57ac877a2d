#!/bin/sh
cat > solution.py << 'EOF'
def reverse_string(text):
    """Return text with its characters in reverse order."""
    return text[::-1]
EOF
