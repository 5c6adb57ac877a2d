#!/bin/sh
cat > solution.py << 'EOF'
def int_to_roman(n):
    """Return n as a Roman numeral."""
    values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
    symbols = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
    result = ""
    for value, symbol in zip(values, symbols):
        count, n = divmod(n, value)
        result += symbol * count
    return result
EOF
