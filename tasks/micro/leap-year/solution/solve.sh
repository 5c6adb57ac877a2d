#!/bin/sh
cat > solution.py << 'EOF'
def is_leap_year(year):
    """Return True if year is a leap year."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
EOF
