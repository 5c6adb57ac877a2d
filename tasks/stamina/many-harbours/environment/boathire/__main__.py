"""python3 -m boathire."""

import sys

from boathire.cli import main

sys.exit(main())
