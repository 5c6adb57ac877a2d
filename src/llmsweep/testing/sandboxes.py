"""What every sandbox must do, as tests to inherit.

A third party's test of its own sandbox::

    class TestMine(SandboxConformance):
        @pytest.fixture
        def factory(self):
            return Mine()
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from llmsweep.errors import SandboxError
from llmsweep.sandbox.base import Sandbox, SandboxFactory
from llmsweep.types import Task, Verifier


def make_task(folder: Path, test_script: str = "exit 0\n") -> Task:
    """A small task below ``folder``: greet.py and data/numbers.txt in the workspace, a hidden test."""
    environment, tests = folder / "environment", folder / "hidden-tests"
    (environment / "data").mkdir(parents=True)
    tests.mkdir()
    (environment / "Dockerfile").write_text("FROM scratch\n")
    (environment / "greet.py").write_text("print('hello')\n")
    (environment / "data" / "numbers.txt").write_text("1\n2\n")
    (tests / "test.sh").write_text(test_script)
    (tests / "secret.txt").write_text("the hidden answer is 42\n")
    verifier = Verifier(tests=tests, timeout_s=20.0)
    return Task(id="conformance", prompt="", digest="0" * 64, environment=environment, verifier=verifier)


@contextlib.contextmanager
def opened(factory: SandboxFactory, folder: Path, test_script: str = "exit 0\n") -> Iterator[Sandbox]:
    """A sandbox of `make_task`'s task."""
    with factory.open(make_task(folder / "task", test_script)) as sandbox:
        yield sandbox


JUDGE = Path(__file__).parent.parent / "authoring" / "kit" / "judge.py"
SPY = """
import glob, os
tests, logs = os.environ.get("TESTS_DIR", "/tests"), os.environ.get("LOGS_DIR", "/logs")
found = [path for folder in (tests, logs) for path in glob.glob(folder + "/**", recursive=True)]
try:
    open(logs + "/verifier/reward.json", "w").write("1")
    found.append("written")
except OSError:
    pass
readable = [path for path in found if path == "written" or os.path.isfile(path) and os.access(path, os.R_OK)]
print("hello", readable)
"""
SPYING_TEST = """
from judge import check, decide, milestone, raised, run
@milestone("it greets")
def greets():
    done = run("python3 greet.py; cat; exit 3", stdin="given")
    assert done.stdout == "hello []\\ngiven", done
    assert done.exit_code == 3
@check("it ends what takes too long, and tells exceptions")
def ends():
    assert run("sleep 20", timeout_s=0.5).exit_code is None
    assert raised("raise KeyError('x')") == "KeyError"
decide()
"""


def refusal(action: Callable[[], object]) -> str:
    """The words with which the sandbox refused; fails where it did not, or not by an OSError."""
    try:
        result = action()
    except OSError as e:
        return str(e)
    raise AssertionError(f"not refused: {result!r}")


class FilesConformance:
    """What `read`, `write` and `snapshot` promise. Inherit and give a fixture ``factory``."""

    def test_has_the_files_of_the_task_without_its_build_files(
        self, factory: SandboxFactory, tmp_path: Path
    ) -> None:
        with opened(factory, tmp_path) as sandbox:
            assert sandbox.read("greet.py") == "print('hello')\n"
            assert sandbox.read("data/numbers.txt") == "1\n2\n"
            refusal(lambda: sandbox.read("Dockerfile"))

    def test_writes_new_files_and_folders_and_replaces(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            sandbox.write("a/b/c.txt", "één\n")
            sandbox.write("greet.py", "x")
            assert (sandbox.read("a/b/c.txt"), sandbox.read("greet.py")) == ("één\n", "x")

    def test_takes_absolute_paths_below_the_workdir(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            sandbox.write("/app/new.txt", "new")
            assert sandbox.read("new.txt") == sandbox.read("/app/new.txt") == "new"

    def test_refuses_what_lies_outside(self, factory: SandboxFactory, tmp_path: Path) -> None:
        outside = tmp_path / "outside.txt"
        with opened(factory, tmp_path) as sandbox:
            for path in (
                str(outside),
                "../outside.txt",
                "data/../../outside.txt",
                "/application/x",
                "/app/../x",
            ):
                refusal(lambda path=path: sandbox.read(path))  # type: ignore[misc]
                refusal(lambda path=path: sandbox.write(path, "escaped"))  # type: ignore[misc]
        assert not outside.exists()

    def test_says_which_file_is_missing(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            words = refusal(lambda: sandbox.read("lost.py"))
            assert words == "no such file: lost.py"
            refusal(lambda: sandbox.read("data"))
            refusal(lambda: sandbox.write("data", "a folder"))

    def test_a_snapshot_names_the_content(self, factory: SandboxFactory, tmp_path: Path) -> None:
        task = make_task(tmp_path / "task")
        with factory.open(task) as sandbox:
            assert sandbox.snapshot() is None
        with factory.open(task, tmp_path / "snapshots") as sandbox:
            first = sandbox.snapshot()
            assert first is not None
            assert sandbox.snapshot() == first
            sandbox.write("greet.py", "print('other')\n")
            assert sandbox.snapshot() not in (None, first)
            sandbox.write("greet.py", "print('hello')\n")
            assert sandbox.snapshot() == first

    def test_lists_its_files_and_goes_back_to_a_snapshot(
        self, factory: SandboxFactory, tmp_path: Path
    ) -> None:
        with factory.open(make_task(tmp_path / "task"), tmp_path / "snapshots") as sandbox:
            first = sandbox.snapshot()
            assert first is not None
            assert sandbox.files() == ["data/numbers.txt", "greet.py"]
            sandbox.write("notes/a.txt", "a")
            sandbox.write("greet.py", "changed")
            assert sandbox.files() == ["data/numbers.txt", "greet.py", "notes/a.txt"]
            sandbox.restore(first)
            assert sandbox.files() == ["data/numbers.txt", "greet.py"]
            assert sandbox.read("greet.py") == "print('hello')\n"
            assert sandbox.snapshot() == first

    def test_every_episode_starts_afresh(self, factory: SandboxFactory, tmp_path: Path) -> None:
        task = make_task(tmp_path / "task")
        with factory.open(task) as sandbox:
            sandbox.write("greet.py", "changed")
        with factory.open(task) as sandbox:
            assert sandbox.read("greet.py") == "print('hello')\n"


class SandboxConformance(FilesConformance):
    """What a sandbox that runs real commands promises besides."""

    def test_runs_commands_in_the_workspace(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            result = sandbox.run("python3 greet.py; echo oops >&2; echo made > made.txt; ls", 20)
            assert (result.exit_code, result.killed) == (0, None)
            assert result.output.startswith("hello\noops\n")
            assert "made.txt" in result.output
            assert sandbox.read("made.txt") == "made\n"
            assert result.duration_s > 0

    def test_gives_the_exit_code_of_the_command(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            assert sandbox.run("exit 7", 20).exit_code == 7
            assert sandbox.run("no-such-program", 20).exit_code == 127
            assert sandbox.run("kill -9 $$", 20).exit_code == 128 + 9
            assert sandbox.run("(sleep 60 &) ; exit 3", 20).exit_code == 3

    def test_has_no_input_and_waits_for_none(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            assert sandbox.run("cat; echo end", 20).output == "end\n"

    def test_a_command_that_no_system_starts_is_the_models_mistake(
        self, factory: SandboxFactory, tmp_path: Path
    ) -> None:
        with opened(factory, tmp_path) as sandbox:
            for command in ("echo a\0b", "echo \ud800", "true " + "x" * 200_000):
                result = sandbox.run(command, 20)
                assert result.exit_code not in (0, None)
                assert result.output

    def test_hides_the_callers_environment(self, factory: SandboxFactory, tmp_path: Path) -> None:
        os.environ["LLMSWEEP_TEST_SECRET"] = "hunter2"
        try:
            with opened(factory, tmp_path) as sandbox:
                assert "hunter2" not in sandbox.run("env; export -p", 20).output
        finally:
            del os.environ["LLMSWEEP_TEST_SECRET"]

    def test_a_timeout_kills_all_of_it(self, factory: SandboxFactory, tmp_path: Path) -> None:
        command = (
            "trap '' TERM INT HUP; (trap '' TERM; sleep 1.5; echo late > late.txt) & echo begun; sleep 60"
        )
        with opened(factory, tmp_path) as sandbox:
            started = time.monotonic()
            result = sandbox.run(command, 0.5)
            assert time.monotonic() - started < 5
            assert (result.exit_code, result.killed) == (None, "timeout")
            assert result.output == "begun\n"
            time.sleep(1.5)
            refusal(lambda: sandbox.read("late.txt"))

    def test_no_script_goes_on_when_its_child_is_killed(
        self, factory: SandboxFactory, tmp_path: Path
    ) -> None:
        daemon = "setsid nohup sh -c 'sleep 30; echo late >> late.txt' >/dev/null 2>&1 &"
        with opened(factory, tmp_path) as sandbox:
            assert sandbox.run(f"for i in 1 2 3 4 5 6 7 8 9; do {daemon} done; sleep 0.2", 20).exit_code == 0
            refusal(lambda: sandbox.read("late.txt"))

    def test_nothing_outlives_its_command(self, factory: SandboxFactory, tmp_path: Path) -> None:
        daemon = "setsid nohup sh -c 'sleep 2; echo late > late.txt' {} & echo begun"
        with opened(factory, tmp_path) as sandbox:
            for held_pipe in ("", ">/dev/null 2>&1"):
                started = time.monotonic()
                result = sandbox.run(daemon.format(held_pipe), 20)
                assert result.exit_code == 0
                assert "begun" in result.output
                assert time.monotonic() - started < 2
            time.sleep(2.2)
            refusal(lambda: sandbox.read("late.txt"))

    def test_abort_ends_a_command_from_another_thread(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            timer = threading.Timer(0.4, factory.abort)
            timer.start()
            started = time.monotonic()
            try:
                with contextlib.suppress(SandboxError):
                    assert sandbox.run("sleep 60", 60).exit_code != 0
                assert time.monotonic() - started < 5
            finally:
                timer.join()
            assert sandbox.run("echo next", 20).output == "next\n"

    def test_cuts_long_output_in_the_middle(self, factory: SandboxFactory, tmp_path: Path) -> None:
        command = "echo FIRST; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo LAST"
        with opened(factory, tmp_path) as sandbox:
            result = sandbox.run(command, 30)
            assert result.exit_code == 0
            assert result.output.startswith("FIRST\n")
            assert result.output.endswith("LAST\n")
            assert "bytes cut" in result.output
            assert len(result.output) < 1_000_000

    def test_output_that_is_no_text_is_replaced(self, factory: SandboxFactory, tmp_path: Path) -> None:
        with opened(factory, tmp_path) as sandbox:
            assert sandbox.run("printf 'a\\377b'", 20).output == "a\ufffdb"

    def test_never_follows_links_or_waits_on_pipes(self, factory: SandboxFactory, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("hunter2")
        make = f"ln -s {secret} link; ln -s {tmp_path} dir; mkfifo pipe; ln -s greet.py inner"
        with opened(factory, tmp_path) as sandbox:
            assert sandbox.run(make, 20).ok
            for path in ("link", "dir/secret.txt", "pipe", "inner"):
                assert "hunter2" not in refusal(lambda path=path: sandbox.read(path))  # type: ignore[misc]
                refusal(lambda path=path: sandbox.write(path, "escaped"))  # type: ignore[misc]
        assert secret.read_text() == "hunter2"

    def test_shows_the_tests_only_to_verify(self, factory: SandboxFactory, tmp_path: Path) -> None:
        script = """
            set -eu
            grep -q 42 "$TESTS_DIR/secret.txt"
            mkdir -p "$LOGS_DIR/verifier"
            python3 greet.py > "$LOGS_DIR/verifier/reward.txt"
        """
        task = make_task(tmp_path / "task", script)
        logs = tmp_path / "logs"
        logs.mkdir()
        with factory.open(task) as sandbox:
            sandbox.write("greet.py", "print(1)\n")
            early = sandbox.run('env; ls -la . "${TESTS_DIR:-/tests}" "${LOGS_DIR:-/logs}"', 20).output
            assert "secret.txt" not in early
            assert "hidden-tests" not in early
            result = sandbox.verify(task.verifier.tests, logs, 20)
        assert result.exit_code == 0, result.output
        assert (logs / "verifier" / "reward.txt").read_text() == "1\n"

    def test_tests_have_the_workspaces_code_run_out_of_their_sight(
        self, factory: SandboxFactory, tmp_path: Path
    ) -> None:
        """By judge.py, which every suite that comes along has beside its tests."""
        task = make_task(tmp_path / "task", 'exec python3 -B "$TESTS_DIR/hidden.py"\n')
        tests = task.verifier.tests
        (tests / "judge.py").write_text(JUDGE.read_text(encoding="utf-8"))
        (tests / "hidden.py").write_text(SPYING_TEST)
        logs = tmp_path / "logs"
        logs.mkdir()
        with factory.open(task) as sandbox:
            sandbox.write("greet.py", SPY)
            result = sandbox.verify(tests, logs, 60)
        reward = (logs / "verifier" / "reward.json").read_text()
        assert reward == '{"reward": 1, "it greets": 1}', result.output

    def test_what_the_agent_left_in_its_home_does_not_reach_verify(
        self, factory: SandboxFactory, tmp_path: Path
    ) -> None:
        task = make_task(tmp_path / "task", 'ls -A "$HOME"; cat ~/.profile')
        (tmp_path / "logs").mkdir()
        with factory.open(task) as sandbox:
            assert sandbox.run("echo planted > ~/.profile", 20).ok
            assert sandbox.run("cat ~/.profile", 20).output == "planted\n"
            assert "planted" not in sandbox.verify(task.verifier.tests, tmp_path / "logs", 20).output
