"""A task is sound when its own solution passes, the untouched workspace and every cheat fail, and nothing shows its tests."""

from __future__ import annotations

from llmsweep.agent.cheats import CHEATS
from llmsweep.agent.grade import Grade, grade, verdict
from llmsweep.errors import FaultError
from llmsweep.sandbox.base import Sandbox, SandboxFactory
from llmsweep.types import Task

_FOLDER = ".solution"
_CHEAT = ".cheat.py"
_HIDDEN = "ls -d /tests/* /solution/* /logs/*"
_INTERFACES = "python3 -c 'import socket; print(*[name for _, name in socket.if_nameindex()])'"


def validate(task: Task, factory: SandboxFactory) -> list[str]:
    """What is wrong with a task, in words; empty when it is sound. Raises UnfitError only for the sandbox as a whole."""
    if task.solution is None:
        return ["it has no solution/solve.sh, so nothing proves that it can be solved"]
    try:
        return [*_untouched(task, factory), *_solved(task, factory), *_cheated(task, factory)]
    except FaultError as e:
        return [f"{e.fault}: {e}"]


def _untouched(task: Task, factory: SandboxFactory) -> list[str]:
    problems = []
    with factory.open(task) as sandbox:
        if task.check and sandbox.run(task.check, task.timeout_s).ok:
            problems.append(f"its visible check ({task.check}) passes on the untouched workspace")
        problems += _open_doors(sandbox, factory.name)
        found = grade(task, sandbox)
        if found.passed:
            problems.append("its hidden tests pass on the untouched workspace")
        if held := [name for name, share in found.milestones.items() if share > 0]:
            problems.append(f"the untouched workspace holds milestones: {', '.join(held)}")
        if grade(task, sandbox) != found:
            problems.append("its hidden tests give the untouched workspace two different rewards")
    return problems


def _open_doors(sandbox: Sandbox, kind: str) -> list[str]:
    """What an agent could reach that it must not. The local sandbox has no walls, and says so itself."""
    problems = []
    if (seen := sandbox.run(_HIDDEN, 20)).ok:
        problems.append(f"the agent sees what it must not: {' '.join(seen.output.split())[:200]}")
    if kind != "local":
        found = sandbox.run(_INTERFACES, 20)
        if found.ok and found.output.split() not in ([], ["lo"]):
            problems.append(f"the agent has a network: {found.output.strip()}")
    return problems


def _solved(task: Task, factory: SandboxFactory) -> list[str]:
    problems = []
    with factory.open(task) as sandbox:
        result = _solve(task, sandbox)
        if result:
            problems.append(result)
        if task.check and not (seen := sandbox.run(task.check, task.timeout_s)).ok:
            problems.append(f"its solution fails its visible check: {seen.output.strip()[-200:]}")
        found = grade(task, sandbox)
        if not found.passed:
            problems.append(f"its solution fails its hidden tests (reward {found.reward:g}{_missed(found)})")
        if grade(task, sandbox) != found:
            problems.append("its hidden tests give its solution two different rewards")
    return problems


def _missed(found: Grade) -> str:
    names = [name for name, share in found.milestones.items() if share < 1]
    return f"; without {', '.join(names)}" if names else ""


def _cheated(task: Task, factory: SandboxFactory) -> list[str]:
    problems = []
    for cheat in CHEATS:
        with factory.open(task) as sandbox:
            sandbox.write(_CHEAT, cheat.script)
            sandbox.run(f"python3 -B {_CHEAT}; rm -f {_CHEAT}", task.timeout_s)
            if verdict(task, sandbox, lambda: factory.open(task)).passed:
                problems.append(f"it is passed by {cheat.what}")
    return problems


def _solve(task: Task, sandbox: Sandbox) -> str | None:
    """Run the solution in the workspace and take its scripts away again; what went wrong, if anything."""
    assert task.solution is not None
    for path in sorted(task.solution.rglob("*")):
        if path.is_file():
            inside = f"{_FOLDER}/{path.relative_to(task.solution).as_posix()}"
            sandbox.write(inside, path.read_text(encoding="utf-8"))
    result = sandbox.run(f"bash {_FOLDER}/solve.sh; s=$?; rm -rf {_FOLDER}; exit $s", task.timeout_s)
    return None if result.ok else f"its solve.sh failed: {result.output.strip()[-200:]}"
