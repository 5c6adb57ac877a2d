#!/bin/sh
cat > solution.py << 'EOF'
def caesar_cipher(text, shift):
    """Return text with every letter moved by shift places."""
    result = ""
    for character in text:
        if character.isalpha():
            base = ord("a") if character.islower() else ord("A")
            character = chr((ord(character) - base + shift) % 26 + base)
        result += character
    return result
EOF
