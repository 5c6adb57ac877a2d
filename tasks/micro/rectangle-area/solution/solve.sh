#!/bin/sh
cat > solution.py << 'EOF'
def rectangle_area(width, height):
    """Return the area of the rectangle."""
    return width * height
EOF
