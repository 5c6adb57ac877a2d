#!/bin/sh
cat > solution.py << 'EOF'
def to_uppercase(text):
    """Return text with all letters in upper case."""
    return text.upper()
EOF
