"""The container sandbox: its contract where an engine and an image are at hand, its words and refusals everywhere.

The image: $LLMSWEEP_TEST_IMAGE, or python:3.12-slim where the engine has it; tests pull nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from builders import task_folder
from llmsweep.agent.validate import validate
from llmsweep.cli import run
from llmsweep.errors import SandboxError, UnfitError, UsageError
from llmsweep.sandbox.docker import Docker
from llmsweep.sandbox.engine import LABEL, find_engine, owner
from llmsweep.sandbox.images import recipe_of, unsuited
from llmsweep.suite import load_suite, load_task, shipped
from llmsweep.testing import SandboxConformance
from llmsweep.testing.sandboxes import make_task

IMAGE = os.environ.get("LLMSWEEP_TEST_IMAGE", "python:3.12-slim")


@pytest.fixture(scope="session")
def engine():
    try:
        found = find_engine("auto")
    except UnfitError as e:
        pytest.skip(str(e))
    if found.try_("image", "inspect", IMAGE).returncode:
        pytest.skip(f"{found.kind} has no image {IMAGE}")
    return found


def left(engine) -> str:
    return engine.say("ps", "--all", "--quiet", "--filter", f"label={LABEL}={owner()}")


@pytest.mark.slow
class TestDockerConforms(SandboxConformance):
    @pytest.fixture
    def factory(self, engine):
        factory = Docker(image=IMAGE)
        factory.check()
        yield factory
        assert left(engine) == "", "a container was left behind"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["micro/gcd", "canary/room-booking"])
def test_a_task_of_ours_is_sound_in_containers_too(engine, name: str):
    suite, _, task = name.partition("/")
    chosen = load_suite(shipped()[suite], suite).pick([task]).tasks[0]
    assert validate(chosen, Docker(image=IMAGE)) == []


def built(folder: Path, lines: str = "", toml: str = "", test: str = "true\n"):
    """A task whose image must be built, because of a RUN line."""
    dockerfile = f"FROM {IMAGE}\nWORKDIR /srv/work\nCOPY . /srv/work\nRUN mkdir -p /opt/tool\n{lines}"
    made = task_folder(folder, **{"environment/Dockerfile": dockerfile, "tests/test.sh": test})
    (made / "task.toml").write_text(f'schema_version = "1.4"\n{toml}')
    return load_task(made, "t")


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestABuiltTask:
    def test_is_graded_in_the_agents_own_container(self, engine, tmp_path: Path):
        test = (
            "mkdir -p /logs/verifier; test -d /opt/tool && test -f /opt/tool/new && cat /srv/work/made.txt"
            " && echo 1 > /logs/verifier/reward.txt || echo 0 > /logs/verifier/reward.txt\n"
        )
        task = built(tmp_path, "RUN echo made > made.txt\n", test=test)
        assert task.container == "its Dockerfile has a RUN line"
        factory = Docker()
        for touched, reward in ((False, "0\n"), (True, "1\n")):
            logs = tmp_path / f"logs{touched}"
            (logs / "verifier").mkdir(parents=True)
            with factory.open(task, tmp_path / "snapshots") as sandbox:
                assert sandbox.read("made.txt") == "made\n"
                assert "check.py" in sandbox.files()
                first = sandbox.snapshot()
                if touched:
                    assert sandbox.run("touch /opt/tool/new; pwd; id -u", 20).output == "/srv/work\n0\n"
                    sandbox.write("check.py", "other")
                    sandbox.restore(first)
                    assert sandbox.snapshot() == first
                sandbox.verify(task.verifier.tests, logs, 30)
                assert not sandbox.run("ls -d /tests /logs", 20).ok
            assert (logs / "verifier" / "reward.txt").read_text() == reward

    def test_keeps_the_owners_and_the_user_of_its_image(self, engine, tmp_path: Path):
        lines = "RUN echo x > theirs.txt && chown 7:8 theirs.txt && chown 1234 .\nUSER 1234\n"
        with Docker().open(built(tmp_path, lines)) as sandbox:
            assert sandbox.run("stat -c %u:%g theirs.txt; id -u", 20).output == "7:8\n1234\n"
            sandbox.write("mine.txt", "mine")
            assert sandbox.run("stat -c %u:%a mine.txt", 20).output == "1234:644\n"
            with pytest.raises(PermissionError, match=r"permission denied: theirs\.txt"):
                sandbox.write("theirs.txt", "")

    def test_follows_the_users_and_variables_of_its_toml(self, engine, tmp_path: Path):
        toml = (
            '[environment]\nmemory_mb = 3000\nenv = { COLOUR = "red", SIZE = "${SIZE:-xl}" }\n'
            '[agent]\nuser = "1234"\n[verifier]\nuser = 4321\nenv = { STRICT = "1" }\n'
        )
        test = 'echo "$COLOUR $STRICT $(id -u)"; touch /logs/verifier/by; ls "$TESTS_DIR"\n'
        task = built(tmp_path, toml=toml, test=test)
        (tmp_path / "logs").mkdir()
        with Docker().open(task) as sandbox:
            assert sandbox.run("echo $COLOUR $SIZE $STRICT; id -u", 20).output == "red xl\n1234\n"
            told = sandbox.verify(task.verifier.tests, tmp_path / "logs", 20).output
        assert told == "red 1 4321\nhidden.py\ntest.sh\n"
        assert (tmp_path / "logs" / "verifier" / "by").is_file()

    def test_whose_build_fails_says_what_the_build_said(self, engine, tmp_path: Path):
        task = built(tmp_path, "RUN echo so sorry && exit 9\n")
        with pytest.raises(SandboxError, match=r"(?s)build failed; it said: .*so sorry"), Docker().open(task):
            pass


@pytest.fixture(scope="module")
def factory(engine):
    factory = Docker(image=IMAGE, memory_mb=100, processes=60)
    yield factory
    assert left(engine) == ""


@pytest.fixture
def sandbox(factory, tmp_path):
    with factory.open(make_task(tmp_path / "task"), tmp_path / "snapshots") as opened:
        yield opened


@pytest.mark.slow
class TestWalls:
    def test_the_agent_is_nobody_in_particular(self, sandbox):
        seen = sandbox.run(
            "id -u; id -G; pwd; grep -E 'CapEff|CapPrm|NoNewPrivs' /proc/self/status; touch /x", 20
        )
        words = seen.output.split()
        assert words[:3] == ["1000", "1000", "/app"]
        assert words[3:9] == ["CapPrm:", "0" * 16, "CapEff:", "0" * 16, "NoNewPrivs:", "1"]
        assert seen.exit_code == 1

    def test_there_is_no_network(self, sandbox):
        seen = sandbox.run("cat /proc/net/dev", 20).output.splitlines()[2:]
        assert [line.split(":")[0].strip() for line in seen] == ["lo"]

    def test_who_kills_what_watches_leaves_nothing_either(self, sandbox):
        """The wrapper of a command, and everything in sight: only the first process matters, and it cannot be killed."""
        daemon = "setsid sleep 60 > /dev/null 2>&1 &"
        for attack in ("kill -9 $PPID; sleep 5", "kill -9 1; kill -TERM 1; kill -9 -1"):
            assert sandbox.run(f"{daemon} {daemon} {daemon} {attack}", 20).exit_code == 137
            assert int(sandbox.run("ls -d /proc/[0-9]* | wc -l", 20).output) <= 5

    def test_a_fork_bomb_is_over_with_its_command(self, sandbox):
        for bomb in ("b() { b | b & }; b; sleep 1", "b() { b | b; }; b"):
            sandbox.run(bomb, 2)
            assert sandbox.run("echo next; ls -d /proc/[0-9]* | wc -l", 20).output.split()[0] == "next"

    def test_orphans_are_buried(self, sandbox):
        assert sandbox.run("for i in $(seq 50); do (sleep 0.01 &); done; sleep 0.5", 20).ok
        assert int(sandbox.run("ls -d /proc/[0-9]* | wc -l", 20).output) < 10

    def test_memory_is_bounded_and_said(self, sandbox):
        seen = sandbox.run("python3 -c 'x = bytearray(500 << 20)'", 20)
        assert (seen.killed, seen.exit_code) == ("memory", None)
        assert sandbox.run("python3 -c 'x = bytearray(20 << 20)'", 20).ok

    def test_output_without_end_is_bounded(self, sandbox):
        seen = sandbox.run("yes", 1)
        assert seen.killed == "timeout"
        assert len(seen.output) < 20_000

    def test_an_abort_hits_only_the_command_it_met(self, factory, sandbox):
        for delay_s in (0.0, 0.02, 0.05, 0.1, 0.15, 0.3):
            timer = threading.Timer(delay_s, factory.abort)
            timer.start()
            started = time.monotonic()
            try:
                sandbox.run("sleep 3; echo late > late.txt", 20)
            except SandboxError as e:
                assert "aborted" in str(e)  # noqa: PT017 - an early one may come before there is a command
            assert time.monotonic() - started < 8
            timer.join()
            assert sandbox.run("echo next", 20).output == "next\n"

    def test_strange_workspaces_are_kept_and_brought_back(self, sandbox, tmp_path):
        make = (
            "mkfifo pipe; ln -s /etc/passwd out; ln -s . round; mkdir -p a/b; chmod 500 a/b; echo x > run;"
            "chmod 700 run; ln greet.py hard; head -c 20000000 /dev/zero > large; touch $'bad\\xff'; mkdir __pycache__"
        )
        assert sandbox.run(make, 20).ok
        kept = sandbox.snapshot()
        assert sandbox.files() == ["data/numbers.txt", "greet.py", "hard", "large", "run"]
        assert sandbox.run("chmod -R u+w .; rm -rf ./*; echo y > new; echo z > .hidden", 20).ok
        sandbox.restore(kept)
        assert sandbox.files() == ["data/numbers.txt", "greet.py", "hard", "run"]
        assert (
            sandbox.run("stat -c '%a %U' run a/b; readlink out; ls .hidden", 20).output.split("\n")[2]
            == "/etc/passwd"
        )
        assert sandbox.run("./run; stat -c '%a %u' run a/b", 20).output.split("\n")[-3:-1] == [
            "700 1000",
            "500 1000",
        ]

    def test_logs_come_back_without_links_and_floods(self, sandbox, tmp_path):
        (tmp_path / "task/hidden-tests/test.sh").write_text(
            "cd /logs/verifier; echo 1 > reward.txt; ln -s /etc/passwd link; mkfifo pipe; mkdir deep; echo x > deep/x"
        )
        logs = tmp_path / "logs"
        (logs / "verifier").mkdir(parents=True)
        assert sandbox.verify(tmp_path / "task/hidden-tests", logs, 20).ok
        found = sorted(path.relative_to(logs).as_posix() for path in logs.rglob("*"))
        assert [name for name in found if name.startswith("verifier/")] == [
            "verifier/deep",
            "verifier/deep/x",
            "verifier/reward.txt",
        ]

    def test_the_agent_cannot_enter_the_tests_while_they_run(self, sandbox, tmp_path):
        """Even what runs as the agent's own user then."""
        (tmp_path / "task/hidden-tests/test.sh").write_text(
            "python3 -c \"import os; os.setgid(1000); os.setuid(1000); os.system('ls /tests /logs /verify')\""
        )
        (tmp_path / "logs").mkdir()
        told = sandbox.verify(tmp_path / "task/hidden-tests", tmp_path / "logs", 20).output
        assert told.count("Permission denied") == 3, told

    def test_a_command_that_its_tests_wait_for_too_long_is_killed(self, sandbox, tmp_path):
        (tmp_path / "task/hidden-tests/test.sh").write_text("echo begun; sleep 60")
        (tmp_path / "logs").mkdir()
        seen = sandbox.verify(tmp_path / "task/hidden-tests", tmp_path / "logs", 0.5)
        assert (seen.killed, seen.output) == ("timeout", "begun\n")

    def test_a_container_that_is_gone_is_a_fault(self, engine, factory, tmp_path):
        with factory.open(make_task(tmp_path / "gone")) as sandbox:
            engine.say("kill", engine.say("ps", "--quiet", "--filter", f"label={LABEL}={owner()}").split()[0])
            with pytest.raises(SandboxError):
                sandbox.run("true", 20)
            with pytest.raises(SandboxError):
                sandbox.read("greet.py")

    def test_a_killed_run_leaves_no_container(self, engine, tmp_path):
        code = (
            "import sys; from pathlib import Path; from llmsweep.sandbox.docker import Docker;"
            "from llmsweep.testing.sandboxes import make_task\n"
            f"with Docker(image={IMAGE!r}).open(make_task(Path(sys.argv[1]))) as s:\n"
            "    print('open', flush=True); s.run('sleep 100', 100)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "t")], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout.readline() == b"open\n"
            mine = f"name=llmsweep-{process.pid}-"
            assert engine.say("ps", "--quiet", "--filter", mine)
            process.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 20
        while engine.say("ps", "--all", "--quiet", "--filter", mine):
            assert time.monotonic() < deadline, "its container is still there"

    def test_containers_of_processes_that_are_gone_are_swept_up(self, engine):
        node = owner().rpartition(":")[0].rpartition(":")[0]
        made = [
            engine.say("create", "--label", f"{LABEL}={label}", IMAGE, "true").splitlines()[-1]
            for label in (f"{node}:4194300:1", "elsewhere:4194300:1", owner())
        ]
        try:
            engine.sweep_up()
            there = engine.say("ps", "--all", "--quiet", "--no-trunc").split()
            assert [container in there for container in made] == [False, True, True]
        finally:
            for container in made:
                engine.remove(container)


def test_an_engine_that_is_not_there_is_told_with_what_to_do(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        UnfitError,
        match=r"\(docker is not installed; podman is not installed\); mend that, or install podman",
    ):
        Docker().check()
    broken = tmp_path / "docker"
    for said, told in (
        ("Cannot connect to the Docker daemon at unix:///x.", r"daemon does not answer: start Docker"),
        ("permission denied while trying to connect to the Docker daemon socket", r"usermod -aG docker"),
        ("a riddle", r"docker does not work: .*a riddle"),
    ):
        broken.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
        broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
        with pytest.raises(UnfitError, match=told):
            Docker(engine="docker").check()


def test_an_engine_that_starts_nothing_is_a_fault_with_its_words(tmp_path: Path, monkeypatch):
    stub = tmp_path / "bin" / "docker"
    stub.parent.mkdir()
    stub.write_text(
        '#!/bin/sh\ncase "$1" in info) ;; image) echo "|/app";; *) echo "no $1 today" >&2; exit 125;; esac\n'
    )
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stub.parent}:{os.environ['PATH']}")
    with (
        pytest.raises(SandboxError, match="the container ended: no run today"),
        Docker(engine="docker", image="x").open(make_task(tmp_path / "t")),
    ):
        pass


def test_an_unknown_engine_is_refused():
    with pytest.raises(UsageError, match=r"sandbox\.engine=dokcer.*did you mean 'docker'"):
        Docker(engine="dokcer")
    with pytest.raises(UsageError, match=r"sandbox\.memory_mb=0 must be"):
        Docker(memory_mb=0)


def test_what_no_container_can_do_is_refused(tmp_path: Path):
    task = load_task(task_folder(tmp_path), "t")
    assert unsuited(task) is None
    (tmp_path / "double" / "task.toml").write_text('[environment]\nnetwork_mode = "allowlist"\n')
    assert "allowlist" in unsuited(task)
    (task.environment / "docker-compose.yaml").write_text("")
    with pytest.raises(SandboxError, match=r"it has a docker-compose\.yaml"):
        recipe_of(task)


def test_a_task_gets_nothing_of_the_callers_environment(tmp_path: Path):
    task = load_task(task_folder(tmp_path), "t")
    toml = tmp_path / "double" / "task.toml"
    toml.write_text('[environment]\nenv = { A = "x${HOME:-y}z" }\n')
    assert recipe_of(task).environment == {"A": "xyz"}
    toml.write_text('[environment]\nenv = { KEY = "${OPENAI_API_KEY}" }\n')
    with pytest.raises(SandboxError, match="wants the variable OPENAI_API_KEY of the caller"):
        recipe_of(task)


@pytest.mark.parametrize(
    ("dockerfile", "image"),
    [
        ("FROM python:3.12-slim\nWORKDIR /app\nCOPY . /app\n", "python:3.12-slim"),
        ("# one\nfrom a/b:c as base\n", "a/b:c"),
        ("ARG V=1\nFROM python:$V\n", None),
        ("FROM --platform=linux/amd64 a\n", None),
        ("FROM a AS x\nFROM b\n", None),
        ("", None),
    ],
)
def test_a_task_that_only_copies_files_needs_no_build(tmp_path: Path, dockerfile: str, image: str | None):
    task = load_task(task_folder(tmp_path, **{"environment/Dockerfile": dockerfile}), "t")
    assert task.container is None
    assert recipe_of(task).image == image


def test_a_network_takes_the_task_and_the_user(tmp_path: Path):
    task = load_task(task_folder(tmp_path), "t")
    for toml, network, walled in (
        ("", False, True),
        ("", True, False),
        ('network_mode = "public"', True, False),
        ('network_mode = "no-network"', True, True),
        ("allow_internet = false", True, True),
    ):
        (tmp_path / "double" / "task.toml").write_text(f"[environment]\n{toml}\n")
        words = Docker(network=network)._walls(recipe_of(task))
        assert (words[:2] == ["--network", "none"]) is walled, toml


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_a_workdir_that_is_the_root_is_refused(tmp_path: Path, monkeypatch):
    stub = tmp_path / "docker"
    stub.write_text("#!/bin/sh\necho '|'\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    task = load_task(task_folder(tmp_path), "t")
    with (
        pytest.raises(SandboxError, match="must be a folder below /"),
        Docker(engine="docker", image="x").open(replace(task, workdir="/")),
    ):
        pass


def test_the_command_line_says_what_is_missing(tmp_path: Path, monkeypatch, capsys):
    task_folder(tmp_path / "s")
    monkeypatch.setenv("PATH", str(tmp_path))
    words = [
        "model=scripted",
        f"suite=harbor:{tmp_path / 's'}",
        f"results={tmp_path / 'r'}",
        "sandbox=docker",
    ]
    assert run([*words, "probe=false", "smoke=0", "plots=false", "space=none"]) == 3
    assert "The docker sandbox cannot run here (docker is not installed" in capsys.readouterr().err
