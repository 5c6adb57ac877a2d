"""The promises of the bubblewrap sandbox, each proved by attacking it the way hostile code would."""

import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from llmsweep.errors import SandboxError, UnfitError, UsageError
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.sandbox.workspace import remove
from llmsweep.testing.sandboxes import make_task, refusal

SECRET = "hunter2-hunter2"


@pytest.fixture(scope="module")
def walls():
    factory = Bubblewrap(memory_mb=200, processes=20, file_mb=20, disk_mb=40)
    try:
        factory.check()
    except UnfitError as e:
        pytest.skip(str(e))
    return factory


@pytest.fixture
def sandbox(walls, tmp_path):
    with walls.open(make_task(tmp_path / "task")) as opened:
        yield opened


def python(sandbox, code, timeout_s=20.0):
    sandbox.write("attack.py", textwrap.dedent(code))
    return sandbox.run("python3 attack.py", timeout_s)


def processes_with(mark):
    return [p for p in psutil.process_iter(["cmdline"]) if mark in " ".join(p.info["cmdline"] or ())]


def test_the_parents_environment_is_out_of_reach(sandbox):
    os.environ["ATTACKED_API_KEY"] = SECRET
    try:
        seen = sandbox.run("ls /proc | grep -c '^[0-9]'; env; set; cat /proc/*/environ /proc/*/cmdline", 20)
    finally:
        del os.environ["ATTACKED_API_KEY"]
    assert SECRET not in seen.output
    assert str(Path.cwd()) not in seen.output
    assert int(seen.output.splitlines()[0]) < 10


def test_the_users_files_are_out_of_reach(sandbox, tmp_path):
    home_file = Path.home() / f".llmsweep-attack-{os.getpid()}"
    home_file.write_text(SECRET)
    (tmp_path / "beside").write_text(SECRET)
    try:
        for path in (home_file, tmp_path / "beside", "/etc/shadow", "/etc/machine-id", "/var/log", "/sys"):
            outcome = sandbox.run(f"cat {path} || ls {path}", 20)
            assert not outcome.ok, path
            assert SECRET not in outcome.output
        found = sandbox.run(f"grep -rls {SECRET} /etc /home /var /mnt /opt /proc/1/root/home", 20)
        assert found.output == ""
    finally:
        home_file.unlink()


def test_files_under_root_directories_of_the_host_are_hidden(sandbox):
    visible = set(sandbox.run("ls /", 20).output.split())
    assert not visible & {"var", "home", "boot", "srv", "mnt", "run", "sys", "opt", "media"} - {"root"}


def test_the_network_is_out_of_reach(sandbox):
    abstract = f"\0llmsweep-attack-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(abstract)
        unix.listen()
        with socket.create_connection(tcp.getsockname()), socket.socket(socket.AF_UNIX) as ours:
            ours.connect(abstract)  # both do listen, so that a refusal inside means the wall
        outcome = python(
            sandbox,
            f"""
            import socket
            def reach(family, address):
                with socket.socket(family) as s:
                    s.settimeout(2)
                    try:
                        s.connect(address)
                        print("REACHED", address)
                    except OSError as e:
                        print("blocked", e)
            reach(socket.AF_INET, {tcp.getsockname()!r})
            reach(socket.AF_INET, ("1.1.1.1", 53))
            reach(socket.AF_UNIX, {abstract!r})
            try:
                print("REACHED", socket.getaddrinfo("example.com", 80))
            except OSError as e:
                print("blocked", e)
            try:
                print("REACHED", socket.socket(40, socket.SOCK_STREAM))
            except OSError as e:
                print("blocked", e)
            print([name for _, name in socket.if_nameindex()])
            """,
        )
    assert outcome.output.count("blocked") == 5, outcome.output
    assert "REACHED" not in outcome.output
    assert outcome.output.endswith("['lo']\n")


def test_its_own_loopback_works(sandbox):
    outcome = python(
        sandbox,
        """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        server.accept()[0].sendall(b"works")
        print(client.recv(5))
        """,
    )
    assert outcome.output == "b'works'\n"


def test_nothing_outside_can_be_written(sandbox):
    mark = f"llmsweep-attack-{os.getpid()}"
    for folder in (
        "/",
        "/usr",
        "/usr/bin",
        "/etc",
        "/bin",
        str(Path.home()),
        "/tests",
        "/proc/sys/kernel",
        sys.base_prefix,
    ):
        assert not sandbox.run(f"echo x > {folder}/{mark}", 20).ok, folder
        assert not Path(folder, mark).exists()
    assert sandbox.run(f"echo x > /tmp/{mark}; echo x > /dev/shm/{mark}", 20).ok
    assert not Path("/tmp", mark).exists()
    assert not Path("/dev/shm", mark).exists()
    assert not sandbox.run("mount -t tmpfs none /app || unshare -Urm true || chroot /tmp", 20).ok


def test_its_tmp_lasts_for_the_episode_and_is_its_own(walls, sandbox, tmp_path):
    assert sandbox.run("echo note > /tmp/note", 20).ok
    assert sandbox.run("cat /tmp/note", 20).output == "note\n"
    with walls.open(make_task(tmp_path / "other")) as other:
        other.write("theirs.txt", SECRET)
        assert not other.run("cat /tmp/note", 20).ok
        assert not sandbox.run(f"cat {other._workspace.root}/theirs.txt", 20).ok
        assert sandbox.run(f"grep -rls {SECRET} /tmp /app", 20).output == ""


def test_a_fork_bomb_ends_soon(sandbox):
    started = time.monotonic()
    outcome = sandbox.run("bomb() { bomb | bomb & }; bomb; sleep 30", 20)
    assert outcome.killed == "processes" or "Resource temporarily unavailable" in outcome.output
    assert time.monotonic() - started < 8
    assert sandbox.run("echo alive", 20).output == "alive\n"


def test_a_thread_bomb_ends_soon(sandbox):
    outcome = python(
        sandbox,
        """
        import threading, time
        threading.stack_size(65536)
        for _ in range(2000):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        time.sleep(30)
        """,
    )
    assert outcome.killed == "processes" or "can't start new thread" in outcome.output


def test_one_process_cannot_fill_the_memory(sandbox):
    outcome = python(sandbox, "held = [bytearray(b'x') * (10 << 20) for _ in range(100)]\nprint('HELD')")
    assert "MemoryError" in outcome.output or outcome.killed == "memory"
    assert "HELD" not in outcome.output


def test_many_processes_together_cannot_fill_the_memory(sandbox):
    sandbox.write("hog.py", "import time\nheld = b'x' * (60 << 20)\ntime.sleep(20)\n")
    outcome = sandbox.run("for i in 1 2 3 4 5 6; do python3 hog.py & done; wait", 20)
    assert outcome.killed == "memory"
    assert outcome.exit_code is None


def test_memory_shared_by_many_processes_counts_once(sandbox):
    outcome = python(
        sandbox,
        """
        import os, time
        held = b"x" * (60 << 20)
        for _ in range(8):
            if os.fork() == 0:
                time.sleep(0.4)
                os._exit(0)
        for _ in range(8):
            os.wait()
        print("fine")
        """,
    )
    assert outcome.output == "fine\n"


@pytest.mark.parametrize(
    "attack",
    [
        "m = mmap.mmap(-1, 900 << 20)\nwhile m.tell() < len(m): m.write(bytes(1 << 20))",
        "os.memfd_create('x')",
        "if ctypes.CDLL(None).shmget(0, 1 << 20, 0o1600) < 0: sys.exit('refused')",
        "for i in range(9): open(f'/dev/shm/{i}', 'wb').write(bytes(15 << 20))",
        "for i in range(9): open(f'/dev/{i}', 'wb').write(bytes(15 << 20))",
    ],
    ids=["shared-mapping", "memfd", "system-v", "dev-shm", "dev"],
)
def test_memory_that_no_limit_of_a_process_covers(sandbox, attack):
    outcome = python(sandbox, f"import ctypes, mmap, os, sys\n{attack}\nprint('HELD')")
    assert outcome.killed == "memory" or outcome.exit_code == 1
    assert "HELD\n" not in outcome.output


def test_nothing_survives_the_timeout(sandbox):
    mark = f"{90_000 + os.getpid()}.25"
    attack = f"""
        trap '' TERM INT HUP
        setsid sh -c "trap '' TERM; sleep {mark}" &
        (setsid sh -c "(sleep {mark} &)" &)
        nohup sleep {mark} >/dev/null 2>&1 </dev/null &
        sleep {mark}
    """
    seen = []
    timer = threading.Timer(0.3, lambda: seen.extend(processes_with(mark)))
    timer.start()
    outcome = sandbox.run(attack, 0.8)
    timer.join()
    assert outcome.killed == "timeout"
    assert len(seen) >= 4, "the attack must have been under way"
    assert processes_with(mark) == []


def test_a_daemon_dies_with_its_command(sandbox):
    mark = f"{91_000 + os.getpid()}.25"
    outcome = sandbox.run(f"setsid nohup sh -c 'sleep {mark}; echo x > late' >/dev/null 2>&1 & sleep 0.1", 20)
    assert outcome.exit_code == 0
    assert processes_with(mark) == []


def test_commands_die_with_the_caller(walls, tmp_path):
    mark = f"{92_000 + os.getpid()}.25"
    script = f"""
import sys
from pathlib import Path
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.sandbox.workspace import remove
from llmsweep.testing.sandboxes import make_task
with Bubblewrap().open(make_task(Path(sys.argv[1]) / "task")) as sandbox:
    sandbox.run("echo started > /app/../tmp/x; sleep {mark}", 60)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment) as caller:
        deadline = time.monotonic() + 20
        while not processes_with(mark) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert processes_with(mark)
        caller.kill()
    deadline = time.monotonic() + 5
    while processes_with(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes_with(mark) == []


def test_endless_output_costs_bounded_memory(sandbox):
    before = psutil.Process().memory_info().rss
    outcome = sandbox.run("yes", 0.7)
    assert outcome.killed == "timeout"
    assert "bytes cut" in outcome.output
    assert len(outcome.output) < 20_000
    assert psutil.Process().memory_info().rss - before < 50 << 20


def test_one_file_cannot_fill_the_disk(sandbox):
    outcome = sandbox.run("head -c 100000000 /dev/zero > big; stat -c %s big", 20)
    assert int(outcome.output.split()[-1]) == 20 << 20


def test_many_files_cannot_fill_the_disk(sandbox):
    fill = "for i in $(seq 100); do head -c 10000000 /dev/zero > $1/big$i; sleep 0.02; done; echo FILLED"
    for folder in ("/app", "/tmp"):
        outcome = sandbox.run(f"set {folder}; {fill}; set {folder}", 20)
        assert outcome.killed == "memory"
        assert "40 MB" in outcome.output
        assert "FILLED" not in outcome.output


def test_links_do_not_lead_the_host_out(sandbox, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    assert sandbox.run(f"ln -s {tmp_path} out; ln -s {tmp_path}/secret s; ln -s /proc/self/root r", 20).ok
    for path in ("out/secret", "s", "r/etc/hostname", "out/new"):
        assert SECRET not in refusal(lambda path=path: sandbox.read(path))
        refusal(lambda path=path: sandbox.write(path, "x"))
    assert (tmp_path / "secret").read_text() == SECRET
    assert not (tmp_path / "new").exists()


def test_the_hidden_tests_are_nowhere_before_verify(sandbox):
    writable = sandbox.run(
        "grep -rls 'hidden answer' /app /tmp /etc /tests /logs /dev/shm; ls -A /tests /logs", 30
    )
    assert writable.output == "/logs:\n\n/tests:\n"
    mounts = sandbox.run("cut -d' ' -f5 /proc/self/mountinfo", 20).output.split()
    assert "/tests" not in mounts


def test_verify_shows_them_read_only(walls, tmp_path):
    task = make_task(
        tmp_path / "task", "echo $TESTS_DIR $LOGS_DIR; rm -f /tests/secret.txt; echo x > /logs/new"
    )
    (tmp_path / "logs").mkdir()
    with walls.open(task) as sandbox:
        outcome = sandbox.verify(task.verifier.tests, tmp_path / "logs", 20)
    assert outcome.output.startswith("/tests /logs\n")
    assert (task.verifier.tests / "secret.txt").exists()
    assert (tmp_path / "logs" / "new").exists()


def test_capabilities_and_nested_namespaces_are_gone(sandbox):
    status = sandbox.run("grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status; unshare -U id", 20)
    values = dict(line.split(":") for line in status.output.splitlines()[:4])
    assert int(values["CapEff"], 16) == int(values["CapBnd"], 16) == 0
    assert values["NoNewPrivs"].strip() == "1"
    assert values["Seccomp"].strip() == "2"
    assert not status.ok


def test_the_running_python_is_the_one_inside(sandbox):
    outcome = sandbox.run("python3 -c 'import sys; print(*sys.version_info[:3])'", 20)
    assert outcome.output.split() == [str(part) for part in sys.version_info[:3]]


def test_folders_that_are_shown_can_be_read_and_not_written(walls, tmp_path):
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool" / "data").write_text("data\n")
    with Bubblewrap(show=[str(tmp_path / "tool")]).open(make_task(tmp_path / "task")) as sandbox:
        assert sandbox.run(f"cat {tmp_path}/tool/data", 20).output == "data\n"
        assert not sandbox.run(f"echo x > {tmp_path}/tool/data", 20).ok


def test_the_workspace_is_removed_whatever_was_done_to_it(walls, tmp_path):
    with walls.open(make_task(tmp_path / "task")) as sandbox:
        home = sandbox._workspace.home
        sandbox.write(
            "deep.py", "import os\nfor _ in range(1500): os.mkdir('d'); os.chdir('d')\nopen('end', 'w')\n"
        )
        lock = "mkdir locked && echo x > locked/x && chmod 000 locked /app"
        assert sandbox.run(f"python3 deep.py && {lock}", 30).ok
        assert home.exists()
    assert not home.exists()


def test_a_fault_of_the_sandbox_is_no_failed_command(walls, tmp_path):
    task = make_task(tmp_path / "task")
    with walls.open(task) as sandbox, pytest.raises(SandboxError, match="bubblewrap could not start"):
        sandbox.verify(tmp_path / "no-such-folder", tmp_path, 20)
    odd = type(task)(**{**{k: getattr(task, k) for k in task.__slots__}, "workdir": "/usr/src/app"})
    with pytest.raises(SandboxError, match="/usr/src/app"), walls.open(odd):
        pass


def test_a_root_folder_that_was_cleaned_away_is_made_again(tmp_path, walls):
    factory = Bubblewrap()
    for number in range(2):
        with factory.open(make_task(tmp_path / str(number))) as sandbox:
            assert sandbox.run("id -un", 20).output == "agent\n"
        remove(factory.skeleton)


def test_open_files_do_not_pile_up(sandbox):
    sandbox.run("true", 20)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(5):
        sandbox.run("true", 20)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_limit_that_is_none_is_refused_by_its_name():
    with pytest.raises(UsageError, match=r"sandbox\.memory_mb=0"):
        Bubblewrap(memory_mb=0)
    with pytest.raises(UsageError, match=r"sandbox\.show.*no/such"):
        Bubblewrap(show=["no/such"])
