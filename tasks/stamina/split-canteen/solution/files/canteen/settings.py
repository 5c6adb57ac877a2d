"""Where the project lies, and its logger."""

import logging
import os

log = logging.getLogger("canteen")
FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
