#!/bin/sh
cat > solution.py << 'EOF'
def run_length_encode(text):
    """Return the runs of equal characters as text."""
    result = ""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or text[i] != text[start]:
            result += text[start] + str(i - start)
            start = i
    return result
EOF
