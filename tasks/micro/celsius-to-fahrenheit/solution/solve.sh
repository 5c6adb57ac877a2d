#!/bin/sh
cat > solution.py << 'EOF'
def celsius_to_fahrenheit(celsius):
    """Return the temperature in degrees Fahrenheit."""
    return celsius * 9 / 5 + 32
EOF
