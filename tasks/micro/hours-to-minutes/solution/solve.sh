#!/bin/sh
cat > solution.py << 'EOF'
def hours_to_minutes(hours):
    """Return the number of minutes in the given hours."""
    return hours * 60
EOF
