"""The arrows between the parts, and the one home of each heavy library, read off the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src/llmsweep"
MAY_IMPORT = {
    "identity": set(),
    "cells": {"identity"},
    "policy": {"cells", "identity"},
    "types": {"identity", "cells", "policy"},
    "errors": {"types"},
    "paths": set(),
    "config": set(),
    "__main__": {"cli"},
    "authoring": {"types", "errors", "paths"},
    "suite": {"types", "errors", "paths", "authoring"},
    "prices": {"types", "errors"},
    "providers": {"types", "errors", "prices"},
    "sandbox": {"types", "errors"},
    "local": {"types", "errors"},
    "agent": {"types", "errors", "policy", "providers", "sandbox", "suite", "local"},
    "probe": {"types", "errors", "providers"},
    "journal": {"errors"},
    "store": {"types", "errors", "journal"},
    "calls": {"types", "errors", "journal"},
    "wake": {"types", "identity", "errors", "paths", "authoring", "providers", "calls", "execute", "sweep"},
    "manifest": {"types", "errors", "policy"},
    "environment": {"types"},
    "execute": {"types", "errors", "store"},
    "belief": set(),
    "sweep": {"types", "errors", "store", "execute", "belief", "analysis"},
    "analysis": {"types", "errors", "policy", "store", "calls", "manifest", "belief", "prices"},
    "exports": {"types", "errors", "store", "providers"},
    "api": {"types", "errors", "store", "manifest", "prices", "agent", "analysis"},
    "plots": {"errors", "analysis", "api"},
    "testing": {
        "types",
        "errors",
        "providers",
        "sandbox",
        "environment",
        "analysis",
        "cli",
        "config",
        "paths",
    },
    "cli": None,
}
"""Part -> the other parts that it may import; None: all."""
HOMES = {
    "hydra": {"cli", "config"},
    "omegaconf": {"cli", "config"},
    "pandas": {"analysis", "api", "plots"},
    "matplotlib": {"analysis", "plots"},
    "anthropic": {"providers"},
    "openai": {"providers"},
    "xllamacpp": {"providers"},
    "ollama": {"local"},
    "huggingface_hub": {"local"},
    "rich": {"cli", "analysis"},
    "optuna": {"sweep"},
    "numpy": {"analysis", "api", "plots", "belief", "sweep"},
    "genai_prices": {"prices"},
    "jinja2": {"analysis"},
    "yaml": {"exports"},
    "backports": {"exports"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            if node.module == "llmsweep":
                yield from (f"llmsweep.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_part_may(path: Path):
    part = part_of(path)
    if part == "__init__":
        return
    allowed = MAY_IMPORT[part]
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "llmsweep" and allowed is not None and rest:
            other = rest.partition(".")[0]
            assert other in allowed | {part}, f"{part} may not import {name}"
        if top in HOMES:
            assert part in HOMES[top], f"{name} belongs to {HOMES[top]}"


def test_every_part_is_known():
    assert {part_of(p) for p in FILES} - {"__init__"} == set(MAY_IMPORT)


def test_modules_are_short_and_say_what_they_are():
    for path in FILES:
        text = path.read_text()
        assert len(text.splitlines()) <= 350, f"{path.name} is too long"
        if text.strip() and path.parent != PACKAGE / "cli":
            assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"


def test_functions_are_short():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 60, f"{path.name}: {node.name} has {length} lines"


def test_there_are_no_import_cycles():
    graph = {}
    for path in FILES:
        name = ".".join(("llmsweep", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        graph[name] = {i for i in imports(path) if i.startswith("llmsweep.")}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' -> '.join((*trail, name))}"
        if name in done:
            return
        for other in graph.get(name, ()):
            visit(other, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_of_analysis_strategies_know_the_statistics_alone():
    """Neither pandas nor a view of results may decide what runs."""
    for path in (PACKAGE / "sweep").glob("*.py"):
        known = {name for name in imports(path) if name.startswith("llmsweep.analysis")}
        assert all(name.startswith("llmsweep.analysis.stats") for name in known), path
