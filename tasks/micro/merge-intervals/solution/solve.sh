#!/bin/sh
cat > solution.py << 'EOF'
def merge_intervals(intervals):
    """Return the intervals with overlapping ones merged."""
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged
EOF
