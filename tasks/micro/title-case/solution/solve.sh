#!/bin/sh
cat > solution.py << 'EOF'
def title_case(text):
    """Return text with every word capitalized."""
    return " ".join(word.capitalize() for word in text.split(" "))
EOF
