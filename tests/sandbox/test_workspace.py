"""The host's side of a workspace: what it copies, reads, writes and removes."""

import os
import socket
import stat
import time

import pytest

from llmsweep.sandbox.workspace import MAX_TEXT_BYTES, Workspace, fill, open_workspace, remove, sweep_up
from llmsweep.testing.sandboxes import make_task, refusal


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "work"
    root.mkdir()
    return Workspace(tmp_path, root, ("/app",))


def test_only_build_files_at_the_top_stay_behind_and_modes_and_links_are_kept(tmp_path):
    source = tmp_path / "environment"
    (source / "sub").mkdir(parents=True)
    for name in ("Dockerfile", "docker-compose.yaml", ".dockerignore", "sub/Dockerfile", ".hidden", "run.sh"):
        (source / name).write_text(name)
    (source / "run.sh").chmod(0o555)
    (source / "sub").chmod(0o555)
    (source / "link").symlink_to("run.sh")
    fill(source, tmp_path / "work")
    work = tmp_path / "work"
    assert sorted(p.relative_to(work).as_posix() for p in work.rglob("*")) == [
        ".hidden",
        "link",
        "run.sh",
        "sub",
        "sub/Dockerfile",
    ]
    assert (work / "link").is_symlink()
    assert stat.S_IMODE((work / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((work / "sub").stat().st_mode) == 0o755


def test_the_folder_is_private_and_gone_afterwards(tmp_path):
    with open_workspace(make_task(tmp_path), folders=("tmp",)) as opened:
        assert stat.S_IMODE(opened.home.stat().st_mode) == 0o700
        assert (opened.home / "tmp").is_dir()
    assert not opened.home.exists()


def test_writing_keeps_the_mode_and_shortens(workspace):
    workspace.write("a.sh", "a long text")
    (workspace.root / "a.sh").chmod(0o755)
    workspace.write("a.sh", "short")
    assert workspace.read("a.sh") == "short"
    assert stat.S_IMODE((workspace.root / "a.sh").stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "a folder, not a file: ."),
        ("/app", "a folder, not a file: /app"),
        ("/etc/passwd", "outside of the workspace /app: /etc/passwd"),
        ("/apple/x", "outside of the workspace /app: /apple/x"),
        ("a/../../x", "outside of the workspace /app: a/../../x"),
        ("a\0b", "not a file name: 'a\\x00b'"),
        ("\ud800", "not a file name: '\\ud800'"),
        ("file/x", "a part of the path is a file or a symbolic link, not a folder: file/x"),
        ("fifo", "neither a file nor a folder: fifo"),
        ("socket", "neither a file nor a folder: socket"),
        ("link", "a symbolic link; name the file it points to: link"),
        ("x" * 300, "File name too long: " + "x" * 300),
    ],
)
def test_refusals_are_words_for_the_model(workspace, monkeypatch, path, words):
    (workspace.root / "file").write_text("x")
    (workspace.root / "link").symlink_to("file")
    os.mkfifo(workspace.root / "fifo")
    monkeypatch.chdir(workspace.root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert refusal(lambda: workspace.read(path)) == words
        assert refusal(lambda: workspace.write(path, "x")) == words


def test_a_fifo_with_a_reader_is_refused_too(workspace):
    os.mkfifo(workspace.root / "fifo")
    fd = os.open(workspace.root / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert "neither a file" in refusal(lambda: workspace.write("fifo", "x"))
    finally:
        os.close(fd)


def test_what_is_too_large_is_not_read_into_memory(workspace):
    with open(workspace.root / "sparse", "wb") as file:
        file.truncate(1 << 40)
    assert "too large" in refusal(lambda: workspace.read("sparse"))
    assert "too large" in refusal(lambda: workspace.write("big", "x" * (MAX_TEXT_BYTES + 1)))
    assert "surrogate" in refusal(lambda: workspace.write("odd", "\ud800"))
    assert not (workspace.root / "odd").exists()


def test_removing_follows_no_link(tmp_path):
    keep = tmp_path / "keep"
    keep.mkdir()
    (keep / "file").write_text("x")
    home = tmp_path / "home"
    (home / "a" / "b").mkdir(parents=True)
    for place in (home, home / "a", home / "a" / "b"):
        (place / "link").symlink_to(keep)
    (home / "a").chmod(0)
    remove(home)
    assert not home.exists()
    assert (keep / "file").read_text() == "x"
    assert stat.S_IMODE(keep.stat().st_mode) != 0o700


def test_what_killed_runs_left_is_removed_once_it_is_old(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, days in (("llmsweep-old", 2), ("llmsweep-young", 0.5), ("other-old", 2)):
        (tmp_path / name / "work").mkdir(parents=True)
        then = time.time() - days * 86400
        os.utime(tmp_path / name, (then, then))
    (tmp_path / "llmsweep-link").symlink_to(tmp_path / "other-old")
    os.utime(tmp_path / "llmsweep-link", (1, 1), follow_symlinks=False)
    assert sweep_up() == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["llmsweep-link", "llmsweep-young", "other-old"]
