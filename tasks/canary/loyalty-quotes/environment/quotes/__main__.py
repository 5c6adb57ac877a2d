import sys

from quotes.cli import main

sys.exit(main(sys.argv[1:]))
