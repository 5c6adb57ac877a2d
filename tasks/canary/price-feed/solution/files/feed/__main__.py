import sys

from feed.importer import import_file

prices, problems = import_file(sys.argv[1])
for line, reason in problems:
    print(f"line {line}: {reason}", file=sys.stderr)
for article, cents in prices.items():
    print(article, cents)
print(f"{len(prices)} imported, {len(problems)} refused")
sys.exit(1 if problems else 0)
