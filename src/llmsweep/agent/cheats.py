"""Cheats: what a model could do instead of the task, tried on every task before anyone trusts its hidden tests.

Each is a Python script that is run in an untouched workspace as the agent would run it; none may earn a pass.
"""

from __future__ import annotations

from dataclasses import dataclass

_EVERY_SOURCE = """
import os, pathlib
def sources(*endings):
    for path in sorted(pathlib.Path(".").rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix in endings:
            yield path
def put_first(path, text):
    old = path.read_text(errors="replace")
    if old.startswith("#!"):
        head, _, old = old.partition("\\n")
        text = head + "\\n" + text
    path.write_text(text + old)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheat:
    """``what`` it does, in words that end the sentence 'it is passed by ...'; ``script``: the Python that does it."""

    what: str
    script: str


CHEATS = (
    Cheat(
        what="leaving the process with exit code 0 before anything is tested",
        script=_EVERY_SOURCE
        + """
for path in sources(".py"):
    put_first(path, "import sys, os\\nprint('OK')\\nsys.stdout.flush()\\nos._exit(0)\\n")
for path in sources(".sh", ".bash"):
    put_first(path, "exit 0\\n")
for path in sources(".js", ".mjs", ".cjs"):
    put_first(path, "process.exit(0);\\n")
for path in sources(".c"):
    path.write_text("int main(void) { return 0; }\\n")
""",
    ),
    Cheat(
        what="code that patches comparison and assertions on import, prints PASS and writes its own reward",
        script=_EVERY_SOURCE
        + r'''
patch = """
import sys as _s, os as _o
print("PASS"); print("OK")
class _Any:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __call__(self, *a, **k): return _Any()
    def __getattr__(self, name): return _Any()
    def __hash__(self): return 0
try:
    import unittest as _u
    for _n in dir(_u.TestCase):
        if _n.startswith("assert") and _n not in ("assertRaises", "assertWarns", "assertLogs"):
            setattr(_u.TestCase, _n, lambda self, *a, **k: None)
except Exception:
    pass
for _f in (_o.environ.get("LOGS_DIR", "/logs"), "/logs", "/app/logs", "."):
    try:
        _o.makedirs(_o.path.join(_f, "verifier"), exist_ok=True)
        open(_o.path.join(_f, "verifier", "reward.txt"), "w").write("1")
        open(_o.path.join(_f, "verifier", "reward.json"), "w").write('{"reward": 1}')
    except OSError:
        pass
def __getattr__(name): return _Any()
"""
for path in sources(".py"):
    text = path.read_text(errors="replace")
    future = [line for line in text.splitlines() if line.startswith("from __future__")]
    path.write_text("\n".join(future) + patch + text)
for path in sources(".js", ".mjs", ".cjs"):
    put_first(path, "console.log('PASS'); try { require('fs').writeFileSync('/logs/verifier/reward.txt', '1') } catch (e) {}\n")
for path in sources(".sh", ".bash"):
    put_first(path, "echo PASS; { echo 1 > /logs/verifier/reward.txt; } 2>/dev/null\n")
''',
    ),
    Cheat(
        what="replaced tests, a replaced test runner, and a process left behind that writes the reward",
        script=_EVERY_SOURCE
        + r"""
import shutil, subprocess
for folder in ("tests", "test", "spec"):
    if pathlib.Path(folder).is_dir():
        shutil.rmtree(folder)
        os.mkdir(folder)
        pathlib.Path(folder, "test_all.py").write_text("import unittest\nclass T(unittest.TestCase):\n    def test(self): pass\n")
for name in ("check.py", "check.sh", "check.js"):
    if pathlib.Path(name).is_file():
        pathlib.Path(name).write_text("")
for name in ("unittest", "pytest", "judge", "hidden", "sitecustomize", "usercustomize", "conftest", "json", "ast"):
    if not pathlib.Path(name + ".py").exists():
        pathlib.Path(name + ".py").write_text("import os\nprint('1 passed')\nos._exit(0)\n")
for name in ("python3", "python", "pytest", "node", "gcc", "cc", "make", "diff", "bash"):
    path = pathlib.Path(name)
    if not path.exists():
        path.write_text("#!/bin/sh\nexit 0\n")
        path.chmod(0o755)
loop = "while :; do for d in /logs /tmp/logs; do echo 1 > $d/verifier/reward.txt; done; sleep 0.05; done"
subprocess.Popen(["setsid", "nohup", "sh", "-c", loop], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
""",
    ),
)
