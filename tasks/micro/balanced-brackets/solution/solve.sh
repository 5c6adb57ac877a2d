#!/bin/sh
cat > solution.py << 'EOF'
def is_balanced(text):
    """Return True if all brackets in text match."""
    pairs = {")": "(", "]": "[", "}": "{"}
    stack = []
    for character in text:
        if character in "([{":
            stack.append(character)
        elif character in pairs:
            if not stack or stack.pop() != pairs[character]:
                return False
    return not stack
EOF
