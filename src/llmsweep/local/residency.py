"""One model at a time on a machine: what else is loaded is unloaded, and seen gone, before ours is measured.

A server that says it unloads a model has not done so yet, and one that is still loading a model does not hear it:
only the server's own list is believed, and it is asked until the model has left it.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from llmsweep.errors import UnfitError
from llmsweep.local.downloads import downloading
from llmsweep.local.keepers import Keeper, OllamaKeeper, Resident, is_here, keepers_of, machine_of, serves
from llmsweep.local.lock import holding

GONE_S = 60.0
"""Seconds within which an unloaded model must be gone; Ollama waits for its GPU memory itself for up to 5."""
LEAVING_S = 15.0
"""The same for our own model at the end, which nobody waits for."""
WATCH_S = 5.0
"""How often a guard looks by itself."""
_POLL_S, _AGAIN_S = 0.25, 5.0

Say = Callable[[str], None]


@dataclass(slots=True)
class Guard:
    """Watches over a sweep: whether something else came onto the machine since it began. Used by several threads.

    ``own``: the keeper that serves the sweep's model, ``model``: what it is called there; None where nobody keeps it.
    """

    keepers: Sequence[Keeper] = ()
    own: Keeper | None = None
    model: str | None = None
    since: float = field(default_factory=time.time)
    why: str | None = None
    """What disturbed the sweep, once something did."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def disturbed(self) -> str | None:
        """Look again, and say what is wrong; None while all is well. Once disturbed stays disturbed."""
        with self._lock:
            if self.why is None:
                self.why = self._stranger() or self._download()
            return self.why

    def foreign(self, keeper: Keeper) -> list[Resident]:
        """What it holds beside our model. Raises OSError."""
        return [r for r in keeper.resident() if not (keeper is self.own and r.is_called(self.model or ""))]

    def ours(self) -> list[Resident]:
        """Our model, where a keeper holds it. Raises OSError."""
        if self.own is None or self.model is None:
            return []
        return [resident for resident in self.own.resident() if resident.is_called(self.model)]

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look every `WATCH_S` too: what came and went within one long episode was there all the same."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(WATCH_S) and self.disturbed() is None:
                pass

        thread = threading.Thread(target=look, name="llmsweep-guard", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _stranger(self) -> str | None:
        for keeper in self.keepers:
            with suppress(OSError):  # a server that is down is the provider's to tell
                if found := self.foreign(keeper):
                    return f"{found[0].name} was loaded in {found[0].server} in the middle of the sweep"
        return None

    def _download(self) -> str | None:
        if _pulls(self.keepers) and downloading(self.since):
            return "Ollama began to download a model in the middle of the sweep"
        return None


@contextmanager
def alone(
    address: str | None,
    model: str | None,
    *,
    exclusive: bool | None = None,
    others: str = "unload",
    after: str = "found",
    say: Say = lambda _: None,
) -> Iterator[Guard]:
    """Have the machine at ``address`` to ourselves for as long as the context lasts.

    ``address``: where the model runs, None where none does; ``model``: what its server calls it.
    ``exclusive``: None is true on this machine and false elsewhere, since other people's models on a server that is
    shared are not ours to unload. ``others``: `unload` them, or `refuse` to go on. ``after``: `unload` our model at
    the end, `keep` it loaded, or leave it as it was `found`. ``say`` is told what was unloaded.

    Raises UnfitError while another sweep has the machine, when others are loaded and shall not be unloaded, when
    one is not gone within `GONE_S`, and while Ollama downloads.
    """
    if address is None:
        yield Guard()
        return
    mine = is_here(address) if exclusive is None else exclusive
    with ExitStack() as held:
        held.enter_context(holding(machine_of(address), shared=not mine))
        if not mine:
            yield Guard()
            return
        keepers = keepers_of(address)
        for keeper in keepers:
            held.callback(keeper.close)
        own = next((keeper for keeper in keepers if serves(keeper, address)), None)
        guard = Guard(keepers, own, model)
        _make_room(guard, others, say)
        if after != "keep":
            held.callback(_leave, guard, _before(guard) if after == "found" else [], say)
        if keepers:
            held.enter_context(guard.watching())
        yield guard


def _make_room(guard: Guard, others: str, say: Say) -> None:
    """Have whatever is not ours gone. Raises UnfitError."""
    for keeper in guard.keepers:
        try:
            _clear(guard, keeper, others, say)
        except OSError as e:
            raise UnfitError(f"{keeper.name} stopped answering while others were unloaded: {e}") from e
    if _pulls(guard.keepers) and downloading():
        raise UnfitError(
            "Ollama is downloading a model, or was a moment ago, which would disturb the measurements;"
            " start the sweep again a minute after it ended."
        )


def _clear(guard: Guard, keeper: Keeper, others: str, say: Say) -> None:
    """Unload whatever is not ours, and wait until it is gone. Raises UnfitError, and OSError."""
    if not (found := guard.foreign(keeper)):
        return
    names = ", ".join(sorted({resident.name for resident in found}))
    if others == "refuse":
        raise UnfitError(
            f"{names} is loaded in {found[0].server} and would share the machine; unload it, or set host.others=unload."
        )
    began = time.monotonic()
    if left := _unloaded(keeper, lambda: guard.foreign(keeper), GONE_S):
        raise UnfitError(
            f"{left[0].name} is still loaded in {left[0].server} {GONE_S:.0f} s after it was unloaded;"
            " restart that server."
        )
    say(f"unloaded {names} from {found[0].server} ({time.monotonic() - began:.1f} s)")


def _unloaded(keeper: Keeper, still: Callable[[], list[Resident]], within_s: float) -> list[Resident]:
    """Unload what is ``still`` there until nothing is; what is left after ``within_s``. Raises OSError."""
    began, asked = time.monotonic(), -math.inf
    while (left := still()) and time.monotonic() - began <= within_s:
        # Asked again now and then: a model that was still loading did not hear it.
        if time.monotonic() - asked >= _AGAIN_S:
            asked = time.monotonic()
            for resident in left:
                with suppress(OSError):
                    keeper.unload(resident)
        time.sleep(_POLL_S)
    return left


def _before(guard: Guard) -> list[str]:
    """The handles of our model's instances that are loaded already."""
    with suppress(OSError):
        return [resident.handle for resident in guard.ours()]
    return []


def _leave(guard: Guard, stay: Sequence[str], say: Say) -> None:
    """Unload our model but for what may ``stay``. The sweep is over: what goes wrong is only said."""
    if guard.own is None:
        return
    with suppress(OSError):
        if left := _unloaded(guard.own, lambda: [r for r in guard.ours() if r.handle not in stay], LEAVING_S):
            say(f"note: {left[0].name} is still loaded in {left[0].server}")


def _pulls(keepers: Sequence[Keeper]) -> bool:
    """Whether one of them is an Ollama on this machine, whose downloads can be seen."""
    return any(isinstance(keeper, OllamaKeeper) and is_here(keeper.root) for keeper in keepers)
