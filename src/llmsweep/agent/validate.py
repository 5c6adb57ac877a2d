"""A task is sound when its own solution passes, the untouched workspace fails, and nothing shows the hidden tests."""

from __future__ import annotations

from llmsweep.agent.grade import grade
from llmsweep.errors import FaultError
from llmsweep.sandbox.base import Sandbox, SandboxFactory
from llmsweep.types import Task

_FOLDER = ".solution"


def validate(task: Task, factory: SandboxFactory) -> list[str]:
    """What is wrong with a task, in words; empty when it is sound. Raises UnfitError only for the sandbox as a whole."""
    if task.solution is None:
        return ["it has no solution/solve.sh, so nothing proves that it can be solved"]
    try:
        return [*_untouched(task, factory), *_solved(task, factory)]
    except FaultError as e:
        return [f"{e.fault}: {e}"]


def _untouched(task: Task, factory: SandboxFactory) -> list[str]:
    problems = []
    with factory.open(task) as sandbox:
        if task.check and sandbox.run(task.check, task.timeout_s).ok:
            problems.append(f"its visible check ({task.check}) passes on the untouched workspace")
        if grade(task, sandbox) >= 1:
            problems.append("its hidden tests pass on the untouched workspace")
    return problems


def _solved(task: Task, factory: SandboxFactory) -> list[str]:
    problems = []
    with factory.open(task) as sandbox:
        result = _solve(task, sandbox)
        if result:
            problems.append(result)
        if task.check and not (seen := sandbox.run(task.check, task.timeout_s)).ok:
            problems.append(f"its solution fails its visible check: {seen.output.strip()[-200:]}")
        reward = grade(task, sandbox)
        if reward < 1:
            problems.append(f"its solution fails its hidden tests (reward {reward:g})")
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
