"""The store of snapshots: exact, shared, each content once."""

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmsweep.errors import SandboxError
from llmsweep.sandbox import snapshots
from llmsweep.sandbox.snapshots import SnapshotStore


@pytest.fixture
def work(tmp_path):
    work = tmp_path / "work"
    (work / "sub" / "empty").mkdir(parents=True)
    (work / "sub" / "data.bin").write_bytes(bytes(range(256)))
    (work / "run.sh").write_text("echo hi\n")
    (work / "run.sh").chmod(0o755)
    (work / "link").symlink_to("../outside/./x")
    (work / ".git").mkdir()
    (work / ".git" / "HEAD").write_text("ref\n")
    return work


@pytest.fixture
def store(tmp_path):
    return SnapshotStore(tmp_path / "store")


def listing(root):
    return {
        path.relative_to(root).as_posix(): (
            path.lstat().st_mode,
            os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None,  # noqa: PTH115
        )
        for path in root.rglob("*")
    }


def objects(store):
    return sorted(p.relative_to(store.root) for p in store.root.rglob("*") if p.is_file())


def test_restores_exactly_what_was_taken(work, store, tmp_path):
    odd = os.fsencode(work) + b"/\xff name\n"
    with open(odd, "wb") as file:
        file.write(b"odd")
    (work / "sub").chmod(0o555)
    store.restore(store.take(work), tmp_path / "again")
    assert listing(tmp_path / "again") == listing(work)
    (work / "sub").chmod(0o755)


def test_the_digest_is_of_content_and_mode_and_not_of_time(work, store):
    first = store.take(work)
    os.utime(work / "run.sh", (1, 1))
    assert store.take(work) == SnapshotStore(store.root).take(work) == first
    (work / "run.sh").chmod(0o644)
    assert store.take(work) != first
    (work / "run.sh").chmod(0o755)
    (work / "run.sh").rename(work / "go.sh")
    assert store.take(work) != first


def test_each_content_is_stored_once(work, store):
    store.take(work)
    before = objects(store)
    (work / "copy.bin").write_bytes(bytes(range(256)))
    store.take(work)
    assert len(objects(store)) == len(before) + 1  # the new tree alone


def test_a_change_of_same_size_and_forged_time_is_seen(work, store):
    store.take(work)
    for content in (
        "echo ho\n",
        "echo he\n",
        "echo ha\n",
    ):  # at once: within one tick of the file system's clock
        before = (work / "run.sh").stat()
        (work / "run.sh").write_text(content)
        os.utime(work / "run.sh", ns=(before.st_atime_ns, before.st_mtime_ns))
        assert store.take(work) == SnapshotStore(store.root).take(work)


def test_an_unchanged_file_is_not_read_again(work, store):
    time.sleep(0.06)  # older than what may be written twice within a tick
    first = store.take(work)
    held = os.open(work / "run.sh", os.O_RDONLY)
    try:
        os.utime(work / "run.sh", ns=(0, 0))
        time.sleep(0.06)
        store.take(work)
        read_at = (work / "run.sh").stat().st_atime_ns
        assert store.take(work) == first
        assert (work / "run.sh").stat().st_atime_ns == read_at
    finally:
        os.close(held)


def test_caches_and_what_is_too_large_are_left_out(work, store, tmp_path):
    (work / "__pycache__").mkdir()
    (work / "__pycache__" / "x.pyc").write_text("x")
    os.mkfifo(work / "fifo")
    with open(work / "huge", "wb") as file:
        file.truncate(snapshots.MAX_FILE_BYTES + 1)
    digest = store.take(work)
    assert b'"skipped":"16777217 bytes"' in store.load(digest)
    assert b"__pycache__" not in store.load(digest)
    store.restore(digest, tmp_path / "again")
    assert not {"huge", "fifo", "__pycache__"} & {p.name for p in (tmp_path / "again").iterdir()}


def test_hostile_trees_cost_bounded_work(work, store):
    for i in range(100):
        os.makedirs(work / "/".join(["deep"] * i), exist_ok=True)  # noqa: PTH103
    digest = store.take(work)
    assert store.load(digest).count(b"too deep") == 1


def test_many_threads_write_at_once(work, store):
    def take(_):
        return SnapshotStore(store.root).take(work)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(take, range(32)))) == 1
    assert all(len(p.name) == 62 for p in objects(store)), "nothing half-written is left"
    assert {stat.S_ISREG((store.root / p).stat().st_mode) for p in objects(store)} == {True}


def test_lost_and_damaged_content_is_said(work, store, tmp_path):
    digest = store.take(work)
    with pytest.raises(SandboxError, match="cannot be read"):
        store.restore("0" * 64, tmp_path / "a")
    target = store.root / "objects" / digest[:2] / digest[2:]
    other = next(p for p in objects(store) if p.name != digest[2:])
    target.write_bytes((store.root / other).read_bytes())
    with pytest.raises(SandboxError, match="damaged"):
        store.restore(digest, tmp_path / "b")
