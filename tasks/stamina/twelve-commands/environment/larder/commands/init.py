"""init: a new file."""

import os

from larder import store
from larder.errors import Refused, Usage
from larder.model import Pantry


def run(path, args):
    if args:
        raise Usage("init takes no arguments")
    if os.path.exists(path):
        raise Refused(f"{path} is there already")
    store.save(Pantry(), path)
    return [f"new file {path}"]
