"""Every error that crosses a border, what it is called, whose fault it is, and the one place that makes it.

LlmsweepError                 exit code
├── UsageError                2   the user's words: key, value, what would be right
├── UnfitError                3   this environment cannot do what was asked; the message says how to mend it
└── FaultError                    infrastructure broke under an episode; never scored as a failure
    ├── ProviderError         ``retryable``: try again; ``fatal``: no episode can succeed, stop the sweep;
    │                         ``refused``: the server turned the request down, so that it cost nothing
    ├── SandboxError
    ├── VerifierError             the task's own tests gave no reward
    └── HarnessError              a defect of ours
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmsweep.types import Fault


class LlmsweepError(Exception):
    """A failure with one clear sentence for the user."""

    exit_code = 3


class UsageError(LlmsweepError):
    exit_code = 2


class UnfitError(LlmsweepError):
    exit_code = 3


class FaultError(LlmsweepError):
    """Infrastructure broke; ``fault`` is the word that the log keeps."""

    fault: Fault = "harness"


class ProviderError(FaultError):
    fault: Fault = "provider"

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        fatal: bool = False,
        retry_after_s: float | None = None,
        refused: bool = False,
    ) -> None:
        super().__init__(message)
        self.retryable, self.fatal, self.retry_after_s = retryable, fatal, retry_after_s
        self.refused = refused


class SandboxError(FaultError):
    fault: Fault = "sandbox"


class VerifierError(FaultError):
    fault: Fault = "verifier"


class HarnessError(FaultError):
    fault: Fault = "harness"


@contextmanager
def boundary(error: type[FaultError], what: str) -> Iterator[None]:
    """Put whatever goes wrong inside down to one border: ours pass through, foreign ones become ``error``."""
    try:
        yield
    except LlmsweepError:
        raise
    except Exception as e:
        raise error(f"{what}: {type(e).__name__}: {e}") from e


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that refuses ``word``: the nearest valid name where there is one, then all."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(names) or 'none'}."
