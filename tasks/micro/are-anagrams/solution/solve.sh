#!/bin/sh
cat > solution.py << 'EOF'
def are_anagrams(a, b):
    """Return True if a and b have the same letters."""
    return sorted(a.lower()) == sorted(b.lower())
EOF
