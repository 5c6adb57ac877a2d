"""python3 -m aircast."""

import sys

from aircast.cli import main

sys.exit(main())
