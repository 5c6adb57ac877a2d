import sys

from club.cli import main

sys.exit(main(sys.argv[1:]))
