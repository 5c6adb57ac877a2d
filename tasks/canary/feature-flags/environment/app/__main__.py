import sys

from app.catalogue import listing
from app.search import search

print(listing(search(" ".join(sys.argv[1:]))))
