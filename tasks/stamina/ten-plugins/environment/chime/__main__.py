import sys

from chime.cli import main

sys.exit(main(sys.argv[1:]))
