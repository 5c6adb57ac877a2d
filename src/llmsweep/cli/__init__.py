"""The door: the first word chooses a verb, a missing one is `sweep`; errors become one sentence and an exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module

from llmsweep import __version__
from llmsweep.errors import LlmsweepError, UsageError, nearest

VERBS = (
    "sweep",
    "probe",
    "doctor",
    "models",
    "tasks",
    "results",
    "report",
    "card",
    "export",
    "import",
    "check",
    "diff",
    "budgets",
    "cost",
    "choose",
    "filter",
    "replay",
)
"""Each is a module of this package with a function run(args) -> exit code; `import`, which Python keeps for itself, is import_."""
MODULES = {"import": "import_"}

INTERRUPTED = 130


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Carry out one command line and return its exit code (0 fine, 1 the check failed, 2 usage, 3 unfit, 4 undecided, 130 interrupted)."""
    if list(args) == ["--version"]:
        print(f"llmsweep {__version__}")
        return 0
    try:
        verb, rest = _verb(list(args))
        code: int = import_module(f"llmsweep.cli.{MODULES.get(verb, verb)}").run(rest)
        return code
    except LlmsweepError as e:
        print(f"llmsweep: {e}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        return _leave(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output left (| head); there is nobody to tell.
        sys.stderr.close()
        return 0


def _leave(code: int) -> int:
    """End at once where the thread of an episode broken off would still keep the process alive."""
    others = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if others:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _verb(args: list[str]) -> tuple[str, list[str]]:
    if not args:
        return "sweep", ["--help"]
    first = args[0]
    if first in VERBS:
        return first, args[1:]
    if first[0] in "-+~" or "=" in first:
        return "sweep", args
    raise UsageError(f"{first!r} is no verb and no key=value; {nearest(first, VERBS)}")
