import sys

from feed.importer import import_file

prices = import_file(sys.argv[1])
for article, cents in prices.items():
    print(article, cents)
print(f"{len(prices)} imported")
