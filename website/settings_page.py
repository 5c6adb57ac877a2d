"""The page of every setting, read off the typed config, the files of conf/ and the comments in both: nothing is said twice."""

from __future__ import annotations

import ast
import dataclasses
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import yaml

from llmsweep import config
from llmsweep.local.host import Host

ROOT = Path(__file__).parents[1]
CONF = ROOT / "conf"
HEAD = """\
# Every setting

Made from `src/llmsweep/config.py`, the files of `conf/` and the comments in them, as they are in this version. What one
needs daily, with examples, stands in [settings](settings.md). Change any of them with `key=value`; `llmsweep --cfg job` and
your words print what they compose to.
"""
SAME = {config.HostConfig: Host}
OPEN = {"provider": "server", "strategy": "strategy", "sandbox": "sandbox", "executor": "executor"}
"""Open mappings: their keys are those of the class that the chosen file names."""


def page() -> str:
    """The whole page in Markdown."""
    said = {**comments(CONF / "config.yaml")}
    parts = [HEAD, _section("Top level", "", config.SweepConfig, said)]
    for field in dataclasses.fields(config.SweepConfig):
        kind = get_type_hints(config.SweepConfig)[field.name]
        if dataclasses.is_dataclass(kind):
            parts.append(_section(f"`{field.name}`", f"{field.name}.", kind, said))
    parts += [_folder(folder) for folder in folders()]
    return "\n".join(parts)


def folders() -> list[Path]:
    """The folders of conf/, each a choice that one command line makes."""
    return sorted(path for path in CONF.iterdir() if any(path.glob("*.yaml")))


def rows(
    kind: type, prefix: str = "", said: dict[str, str] | None = None
) -> Iterator[tuple[str, str, str, str]]:
    """Key, type, default and sentence of every plain setting below ``kind``."""
    told = {**_elsewhere(kind), **_docstring(kind), **_trailing(kind), **_unprefixed(said or {}, prefix)}
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        inner = hints[field.name]
        if dataclasses.is_dataclass(inner):
            if prefix:
                yield from rows(inner, f"{prefix}{field.name}.")
            continue
        yield prefix + field.name, _type(inner), _default(field), told.get(field.name, "")


def comments(path: Path) -> dict[str, str]:
    """Dotted key -> the comment on its line, for a file of two levels."""
    found: dict[str, str] = {}
    parent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"( *)(\w+):([^#]*)(?:#\s*(.*))?$", line):
            indent, key, value, comment = match.groups()
            if not indent and not value.strip():
                parent = f"{key}."
            elif not indent:
                parent = ""
            if comment:
                found[parent * bool(indent) + key] = comment.removeprefix("... ")
    return found


def _section(title: str, prefix: str, kind: type, said: dict[str, str]) -> str:
    own = (kind.__doc__ or "").strip().split("\n\n")[0].split("``")[0].strip()
    top = yaml.safe_load((CONF / "config.yaml").read_text(encoding="utf-8"))
    chosen = {
        key: value for entry in top["defaults"] if isinstance(entry, dict) for key, value in entry.items()
    }
    lines = [f"## {title}", "", own, "", "| key | type | default | means |", "|---|---|---|---|"]
    for key, typed, default, sentence in rows(kind, prefix, said):
        name = key.rpartition(".")[2]
        if not prefix and name in OPEN:
            typed, default = "a file and its keys", f"`{chosen[name]}`"
            sentence = f"a file of `conf/{name}/`, below; its keys are those of the {OPEN[name]}'s class"
        elif key in top and default == "must be given":
            default = f"`{top[key]}`"
        lines.append(f"| `{key}` | {typed} | {default} | {_cell(sentence)} |")
    return "\n".join((*lines, ""))


def _folder(folder: Path) -> str:
    parts = [f"## Files of `conf/{folder.name}/`", ""]
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8").rstrip()
        choice = "" if folder.name == "prices" else f" `{folder.name}={path.stem}`"
        parts += [f"### {folder.name}: {path.stem}", "", f"{choice}".strip(), "", "```yaml", text, "```", ""]
    return "\n".join(parts)


def _elsewhere(kind: type) -> dict[str, str]:
    """What the class says that the config becomes, where that one describes the same names."""
    if kind is config.SpaceConfig:
        axes = dict.fromkeys((f.name for f in dataclasses.fields(kind)), "")
        return {name: f"values or a range of `baseline.{name}` to sweep; null: not swept" for name in axes}
    return _docstring(SAME[kind]) if kind in SAME else {}


def _docstring(kind: type) -> dict[str, str]:
    """What the class's docstring says of each field: ``name``: a sentence, up to the next one."""
    text = " ".join((kind.__doc__ or "").split())
    found: dict[str, str] = {}
    for names, sentence in re.findall(
        r"((?:``\w+``,? ?(?:\([^)]*\))?)+): (.*?)(?=(?:[.;,] )?``\w+``|$)", text
    ):
        for name in re.findall(r"\w+", names):
            found[name] = sentence.rstrip(" .;")
    return found


def _trailing(kind: type) -> dict[str, str]:
    """What the comments behind the fields say."""
    source = Path(config.__file__).read_text(encoding="utf-8")
    notes = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    body = next(
        n.body for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == kind.__name__
    )
    return {
        node.target.id: notes[node.lineno]
        for node in body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.lineno in notes
    }


def _unprefixed(said: dict[str, str], prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): text
        for key, text in said.items()
        if key.startswith(prefix) and "." not in key.removeprefix(prefix)
    }


def _type(hint: Any) -> str:
    if hint is Any:
        return "any"
    if get_origin(hint) is Union:
        return " or ".join("null" if a is type(None) else _type(a) for a in get_args(hint))
    if get_origin(hint) is list:
        return f"list of {_type(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return "mapping"
    if dataclasses.is_dataclass(hint):
        return "mapping"
    return {"str": "text", "float": "number", "int": "whole number", "bool": "true or false"}[hint.__name__]


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"`{yaml.safe_dump(field.default_factory(), default_flow_style=True).strip()}`"
    if field.default == config.MISSING:
        return "must be given"
    shown = yaml.safe_dump(field.default, default_flow_style=True).replace("\n...", "").strip()
    return f"`{shown}`"


def _cell(text: str) -> str:
    text = text.replace("``", "`").replace("|", "\\|")
    return text[:1].upper() + text[1:] if not text.startswith("`") else text
