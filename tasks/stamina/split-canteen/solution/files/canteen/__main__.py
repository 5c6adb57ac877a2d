"""python3 -m canteen."""

import sys

from canteen.output import main

sys.exit(main())
