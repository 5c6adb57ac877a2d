"""The doctor's look at the machine itself: folders and GPUs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from llmsweep.errors import UnfitError
from llmsweep.local.doctor import failed, gpus, machine_checks, room


class Nvml:
    """Stands in for pynvml: GPUs of 24 GB of which so many bytes are taken; None is one that does not tell."""

    class NVMLError(Exception):
        pass

    def __init__(self, *used: float | None) -> None:
        self.used = used

    def nvmlInit(self) -> None:
        if not self.used:
            raise self.NVMLError("Driver Not Loaded")

    def nvmlDeviceGetCount(self) -> int:
        return len(self.used)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, handle: int) -> str:
        return f"GPU {handle}"

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        if self.used[handle] is None:
            raise self.NVMLError("Not Supported")
        return SimpleNamespace(total=24e9, used=self.used[handle])


@pytest.mark.parametrize(
    ("nvml", "states"),
    [(Nvml(0.5e9, 9e9), ["ok", "warn"]), (Nvml(), []), (Nvml(None, 9e9), ["info", "warn"])],
    ids=["two", "no driver", "one does not tell"],
)
def test_who_is_on_the_gpus(nvml: Nvml, states: list[str]):
    checks = list(gpus(nvml))
    assert [check.state for check in checks] == states
    if states:
        assert checks[1].said == "GPU 1: 9.0 of 24.0 GB are taken"


def test_a_folder_that_is_not_there_yet_has_the_room_of_its_parent(tmp_path: Path):
    assert room("results", tmp_path / "a/b", "elsewhere").state in ("ok", "warn")
    assert not (tmp_path / "a").exists()
    (tmp_path / "file").touch()
    check = room("results", tmp_path / "file/b", "set results=DIR")
    assert (check.state, check.fix) == ("fail", "set results=DIR")


def test_an_errors_sentence_is_taken_apart():
    check = failed("model", UnfitError("no server answers; start it with: serve; then wait"))
    assert (check.said, check.fix) == ("no server answers", "start it with: serve; then wait")


def test_every_check_that_is_not_fine_says_what_mends_it():
    checks = list(machine_checks())
    assert {"python", "memory", "load", "weights"} <= {check.name for check in checks}
    assert [check for check in checks if check.state in ("warn", "fail") and not check.fix] == []
