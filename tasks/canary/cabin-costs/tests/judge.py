"""Judges a workspace without ever running its code in this process; the same file lies beside every task's hidden tests.

A task's hidden.py registers what must hold and decides at its end::

    from judge import check, decide, milestone, python, raised, read, run

    @milestone("totals add up")             # partial credit: its share shows how far a failed attempt came
    def totals():
        assert python("from shop import Cart; c = Cart(); c.add('pen', 2); answer(c.total())") == 3.0

    @check("the command prints one line")   # must hold too, but is no progress (what was green stays green)
    def command():
        assert run("python3 -m shop list", stdin="pen\\n").stdout == "pen: 2\\n"

    decide()

Only plain values come back from the workspace's code, never objects: nothing there can pretend to equal everything,
and what that code does to its own process (exit, patched builtins, printed verdicts) stays in that process. It sees
neither this folder nor the rewards: under llmsweep each command runs in a sandbox of its own that the harness opens
(LLMSWEEP_CONTENDER names its socket); elsewhere, as in Harbor's containers, in a copy of the workspace and as the
user nobody where this process is root. Rewards go to $LOGS_DIR/verifier/reward.json: `reward` is 1 where all holds
and 0 otherwise, and each milestone is 1 or 0. Needs Python 3.9 and nothing else.
"""

import ast
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

LOGS = os.path.join(os.environ.get("LOGS_DIR", "/logs"), "verifier")
TOTAL_S = (
    90.0  # that all commands of one verdict may take together; the task's verifier timeout must be longer
)
TIMEOUT_S = 10.0
NOBODY = 65534
MOST_BYTES = 1 << 20

Result = namedtuple("Result", "exit_code stdout stderr")  # exit_code None: it was killed

# Runs in the workspace: executes what it reads, keeps its real output for answers, and lets nothing but plain values out.
DRIVER = r"""
import os, sys
code = sys.stdin.read()
sys.dont_write_bytecode = True
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
def plain(v):
    t = type(v)
    if t in (list, tuple, set, frozenset):
        items = [plain(x) for x in v]
        return items if t is list else tuple(items) if t is tuple else set(items)
    if t is dict:
        return {plain(k): plain(x) for k, x in v.items()}
    if t is float and (v != v or v in (float("inf"), float("-inf"))):
        return repr(v)
    if t in (type(None), bool, int, float, str, bytes):
        return v
    raise TypeError("answered an object of type " + t.__name__)
def answer(v):
    out.write("=" + repr(plain(v)) + "\n")
    out.flush()
try:
    exec(compile(code, "<hidden test>", "exec"), {"answer": answer, "__name__": "__hidden__"})
except BaseException as e:
    import traceback
    traceback.print_exc()
    out.write("!" + repr((type(e).__name__, str(e))) + "\n")
    out.flush()
"""

_criteria = []
_started = time.monotonic()


class Failed(Exception):
    """The workspace's code did not do what a check needed."""


class Raised(Failed):
    """It raised. ``kind``: the exception's class name; ``message``: its text."""

    def __init__(self, kind, message):
        super().__init__("it raised %s: %s" % (kind, message))
        self.kind, self.message = kind, message


def milestone(name):
    """Register a function whose passing is progress; it fails by any exception."""
    return _register(name, True)


def check(name):
    """Register a function that must pass too, but whose passing is no progress."""
    return _register(name, False)


def _register(name, progress):
    def keep(function):
        _criteria.append((name, function, progress))
        return function

    return keep


def run(command, stdin="", timeout_s=TIMEOUT_S):
    """Run a bash command in the workspace; stdout and stderr hold 1 MiB at most. Raises Failed where time is up."""
    left = TOTAL_S - (time.monotonic() - _started)
    if left < 0.1:
        raise Failed("no time is left: the commands before took too long")
    where = os.environ.get("LLMSWEEP_CONTENDER")
    return (
        _ask(where, command, stdin, min(timeout_s, left))
        if where
        else _here(command, stdin, min(timeout_s, left))
    )


def python(code, timeout_s=TIMEOUT_S):
    """Execute Python code in the workspace and return what it last gave to its function ``answer``: plain values only.

    Raises Raised for an exception, Failed where it gave no answer.
    """
    done = run("exec python3 -c %s" % _quoted(DRIVER), stdin=code, timeout_s=timeout_s)
    said = [line for line in done.stdout.split("\n") if line[:1] in ("=", "!")]
    if not said:
        end = "took too long" if done.exit_code is None else "ended with exit code %s" % done.exit_code
        raise Failed("it %s without an answer: %s" % (end, done.stderr.strip()[-300:]))
    try:
        value = ast.literal_eval(said[-1][1:])
    except Exception:
        raise Failed("its answer cannot be read: %.200s" % said[-1])
    if said[-1][0] == "!":
        raise Raised(*map(str, value[:2]))
    return value


def raised(code, timeout_s=TIMEOUT_S):
    """The class name of the exception that Python code raises in the workspace; None where it raises none."""
    try:
        python(code + "\nanswer(None)", timeout_s)
    except Raised as e:
        return e.kind
    return None


def read(path):
    """The text of a file of the workspace; bad bytes are replaced. Raises Failed where there is no such regular file."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as e:
        raise Failed("%s: %s" % (path, e.strerror))
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise Failed("%s is no regular file" % path)
        return file.read(MOST_BYTES).decode("utf-8", "replace")


def decide():
    """Run every check and write the reward."""
    shutil.rmtree(LOGS, ignore_errors=True)
    reward, parts = 1, {}
    for name, function, progress in _criteria:
        why = _why_not(function)
        if progress:
            parts[name] = 0 if why else 1
        reward = 0 if why else reward
        print("%s  %s%s" % ("FAIL" if why else "ok  ", name, ": " + why if why else ""))
    os.makedirs(LOGS, exist_ok=True)
    with open(os.path.join(LOGS, "reward.json"), "w") as file:
        json.dump({"reward": reward, **parts}, file)


def _why_not(function):
    """What made a check fail, in a line; empty where it held."""
    try:
        function()
    except AssertionError as e:
        return " ".join(str(e).split())[:300] or "it does not hold"
    except Exception as e:
        return "%s: %s" % (type(e).__name__, " ".join(str(e).split())[:300])
    return ""


def _ask(where, command, stdin, timeout_s):
    """Through the harness, in a sandbox without the tests."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(where)
        line.sendall(
            json.dumps({"command": command, "stdin": stdin, "timeout_s": timeout_s}).encode() + b"\n"
        )
        with line.makefile("rb") as file:
            reply = json.loads(file.readline())
    return Result(reply["exit_code"], reply["stdout"], reply["stderr"])


def _here(command, stdin, timeout_s):
    """Without a harness: in a copy of the workspace, as nobody where that is possible."""
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    with out, err:
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=_copy(),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": "/tmp", "LANG": "C.UTF-8"},
            start_new_session=True,
            preexec_fn=_drop if os.geteuid() == 0 else None,
        )
        try:
            process.communicate(stdin.encode(), timeout_s)
            code = process.returncode
        except subprocess.TimeoutExpired:
            code = None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read(MOST_BYTES).decode("utf-8", "replace"))
    return Result(code, *texts)


def _drop():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _copy(made=[]):
    """The copy of the workspace in which commands run, made once."""
    if not made:
        place = os.path.join(tempfile.mkdtemp(), "work")
        shutil.copytree(os.getcwd(), place, symlinks=True)
        os.chmod(os.path.dirname(place), 0o755)
        if os.geteuid() == 0:
            for folder, _, files in os.walk(place):
                for path in [folder] + [os.path.join(folder, name) for name in files]:
                    os.lchown(path, NOBODY, NOBODY)
        made.append(place)
    return made[0]


def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    sys.exit("judge.py is imported by hidden.py")
