"""What README and docs/ tell a reader to follow, copy and run: links, anchors, command lines, configs, code, the nav.

New pages are picked up by themselves. Examples are parsed, not run; the site's own pages are generated and looked into.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import yaml
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

from llmsweep import cli
from llmsweep.cli.axes import replacing
from llmsweep.cli.suites import plain_words
from llmsweep.config import register

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    *sorted(DOCS.rglob("*.md")),
    ROOT / "results/published/README.md",
    *sorted((ROOT / "notebooks").glob("*.md")),
]
sys.path.insert(0, str(ROOT / "website"))

import figures  # noqa: E402
import links  # noqa: E402
import settings_page  # noqa: E402
import verbs_page  # noqa: E402

COMPOSED = {"sweep", "probe", "doctor"}
"""Verbs whose words are a sweep's."""
SHELL = {"sh", "bash", "console", "shell"}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def blocks(page: Path, languages: set[str]) -> Iterator[tuple[int, str]]:
    """Line number and text of each fenced block in one of ``languages``."""
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"^( *)```([\w-]*)[^\n]*\n(.*?)^\1```$", text, re.M | re.S):
        if match[2] in languages:
            yield text[: match.start()].count("\n") + 1, match[3]


def commands(page: Path) -> Iterator[tuple[int, list[str]]]:
    """Every command of a page's shell blocks, and of `run:` in its workflows, as words."""
    for start, text in blocks(page, SHELL):
        joined = re.sub(r"\\\n", "  ", text)
        for offset, line in enumerate(joined.splitlines(), start=1):
            for words in _split(line.removeprefix("$ ")):
                yield start + offset, words
    for start, text in blocks(page, {"yaml", "yml"}):
        for line in re.findall(r"run: (.*)", text):
            for words in _split(line):
                yield start, words


def _split(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if set(word) <= set(";&|"):
            yield words
            words = []
        else:
            words.append(word)
    if words:
        yield words


def ours(words: list[str]) -> list[str] | None:
    """The words behind llmsweep, however it is called; None where another program is."""
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    if words[:3] == ["python", "-m", "llmsweep"]:
        return words[3:]
    return words[1:] if words and Path(words[0]).name == "llmsweep" else None


@pytest.fixture(scope="module")
def hydra() -> Iterator[None]:
    register()
    yield
    GlobalHydra.instance().clear()


@contextmanager
def composing() -> Iterator[None]:
    """Hydra at conf/."""
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        yield


@each_page
def test_links_lead_somewhere(page: Path):
    for link in links.links(page.read_text(encoding="utf-8")):
        if link.elsewhere:
            continue
        goal = (page.parent / link.path).resolve() if link.path else page
        where = f"{page.name}:{link.line}: {link.target}"
        assert goal.exists(), where
        assert goal.is_relative_to(ROOT), where
        if link.anchor and goal.suffix == ".md":
            assert link.anchor in links.anchors(goal.read_text(encoding="utf-8")), where


def test_a_broken_link_is_seen():
    text = "# A b\n\n[x](nope.md#y) `[c](d)`\n```\n[e](f)\n```\n![p\nq](g.png)\n## A b\n"
    assert [(link.line, link.target, link.picture) for link in links.links(text)] == [
        (3, "nope.md#y", False),
        (7, "g.png", True),
    ]
    assert links.anchors(text) == {"a-b", "a-b-1"}


@each_page
def test_command_lines_are_right(page: Path, hydra):
    for line, words in commands(page):
        told = ours(words)
        if told is None:
            continue
        wrong = complaint(told)
        assert wrong is None, f"{page.name}:{line}: llmsweep {' '.join(told)}\n{wrong}"


def complaint(words: list[str]) -> str | None:
    """What is wrong with a command line, as far as can be told without running it."""
    if words[:1] in (["--help"], ["--version"], ["--shell-completion"]):
        return None
    verb = words[0] if words and words[0] in cli.VERBS else "sweep"
    rest = words[1:] if words and words[0] in cli.VERBS else words
    if verb == "sweep" and rest and not re.match(r"[-+~]|[\w./]+=", rest[0]):
        return f"no verb {rest[0]!r}"
    if verb in COMPOSED or (verb == "filter" and rest[:1] != ["show"]):
        return _composes(verb, rest)
    return _flags(verb, rest)


def _composes(verb: str, words: list[str]) -> str | None:
    own = "--config-dir" in words or any(w.startswith("--config-dir=") for w in words)
    settings = [word for word in words if re.match(r"[+~]*[\w./@]+=", word)]
    if own:  # a folder of the reader's own: its files are not here
        settings = [w for w in settings if not w.startswith(("model=", "recommended=", "provider="))]
    short = {"triggers", "limit", "prompt", "temperature", "cycle", "miss", "signal", "call", "month"}
    short |= {"recall", "by"} if verb == "filter" else set()
    if verb == "filter":
        settings = [w for w in settings if w.partition("=")[0] not in short]
    chosen = [_one_of(word) for word in replacing(plain_words(settings))]
    try:
        with composing():
            OmegaConf.to_container(compose("config", chosen), resolve=False)
    except Exception as e:
        return str(e).splitlines()[0]
    return None


def _one_of(word: str) -> str:
    """Of -m's model=a,b the first: each is composed alone; names that stand for the reader's own are the generic file."""
    key, _, value = word.partition("=")
    if key == "model" and re.fullmatch(r"a,b|A,B|NAME|mine", value):
        return "model=smollm2"
    return word


@cache
def help_of(verb: str, below: str = "") -> str:
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out), suppress(SystemExit):
        cli.run([verb, *([below] if below else []), "--help"])
    return out.getvalue()


def _flags(verb: str, words: list[str]) -> str | None:
    """Every flag and the verb below are named by --help."""
    below = words[0] if words and re.fullmatch(r"[a-z]+", words[0]) else ""
    text = help_of(verb)
    if below and verb not in ("budgets", "choose", "replay"):
        if not re.search(rf"\b{below}\b", text):
            return f"{verb} has no {below!r}"
        text += help_of(verb, below)
    for word in words:
        flag = re.match(r"--[\w-]+", word)
        if flag and not re.search(rf"{flag[0]}(?![\w-])", text):
            return f"{verb} has no {flag[0]}"
    return None


@pytest.mark.parametrize(
    "line",
    ["sweeep", "model=nobody", "model=smollm2 repeat=3", "tasks chew", "results episodes --outcom x", "probe model=smollm2 space.heat=[1]"],
)  # fmt: skip
def test_a_wrong_command_line_is_seen(line: str, hydra):
    assert complaint(shlex.split(line))


@each_page
def test_make_targets_exist(page: Path):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for line, words in commands(page):
        if words and words[0] == "make":
            goals = [word for word in words[1:] if "=" not in word and word[0] != "-"]
            assert set(goals) <= targets, f"{page.name}:{line}: {words}"


@each_page
def test_yaml_parses_and_config_composes(page: Path, hydra, tmp_path: Path):
    for number, (line, text) in enumerate(blocks(page, {"yaml", "yml"})):
        yaml.safe_load(text)
        if "@package _global_" not in text:
            continue
        own = tmp_path / str(number)
        (own / "model").mkdir(parents=True)
        (own / "model/example.yaml").write_text(text, encoding="utf-8")
        with composing():
            added = [f"hydra.searchpath=[file://{own}]", "model=example"]
            cfg = compose("config", added)
        assert cfg.model.name, f"{page.name}:{line}"


@each_page
def test_python_compiles(page: Path):
    for line, text in blocks(page, {"python", "py"}):
        compile(text, f"{page.name}:{line}", "exec")


@pytest.mark.parametrize("page", [DOCS / "api.md"], ids=["api"])
def test_python_that_reads_recorded_results_runs(page: Path, monkeypatch):
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    ran = [exec(compile(text, page.name, "exec"), names) for _, text in blocks(page, {"python"})]
    assert ran


def test_every_page_is_in_the_nav_once():
    listed = re.findall(r"^ +- [^#\n]*?([\w-]+\.md)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    generated = {"all-settings.md", "all-verbs.md", "python.md"}
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    missing = pages - set(listed)
    assert not missing, f"add a line to nav in mkdocs.yml for {sorted(missing)}"
    assert set(listed) == pages | generated
    assert len(listed) == len(set(listed))


def test_links_out_of_docs_become_the_repositorys():
    text = "[a](../tasks/gatekeeper/README.md#x) [b](wake.md) ![c](../results/published/demo/smollm2/plots/ttft.png)\n```\n[d](../tasks)\n```\n"
    told, pictures = links.on_site(text, DOCS / "index.md")
    assert (
        "(https://github.com/llmsweep/llmsweep/blob/main/tasks/gatekeeper/README.md#x) [b](wake.md)" in told
    )
    assert "![c](repository/results/published/demo/smollm2/plots/ttft.png)" in told
    assert "[d](../tasks)" in told
    assert [picture.name for picture in pictures] == ["ttft.png"]


def test_every_setting_has_a_sentence():
    page = settings_page.page()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    silent = [line for line in rows if line.endswith("|  |")]
    assert len(rows) > 100
    assert not silent, "say it in a comment behind the field in config.py"


def test_settings_told_by_hand_exist(hydra):
    """The first column of docs/settings.md, less its placeholders."""
    with composing():
        known = OmegaConf.to_container(compose("config", ["model=smollm2", "policy=tiered"]), resolve=False)
    table = (DOCS / "settings.md").read_text(encoding="utf-8").partition("## Axes")[0]
    keys = re.findall(r"^\| `([\w.|]+)", table, re.M)
    assert len(keys) > 25
    for key in keys:
        inner = known
        for part in key.split("|")[0].rstrip(".").split("."):
            if part in ("AXIS", ""):
                break
            assert part in inner, key
            inner = inner[part]


def test_the_page_of_verbs_has_every_verb():
    told = [words for words, _ in verbs_page.helps()]
    assert {words[0] for words in told} >= set(cli.VERBS) - {"probe"}
    assert {"validate", "export"} <= {words[1] for words in told if words[0] == "tasks" and len(words) > 1}


def test_the_words_beside_the_figures_are_what_was_recorded():
    data = figures.attempts()
    text = (DOCS / "plain-statistics.md").read_text(encoding="utf-8")
    runs = data[data["temperature"] == 0.4].groupby("repeat")["passed"].mean() * 100
    assert "**{:.0f} %, {:.0f} % and {:.0f} %**".format(*runs) in text
    assert f"in {figures.wrong_way(data, 0.4, 0.8) * 100:.0f} of 100 pairs" in text
    between, within = figures.spreads(data, 0.4)
    for tasks in (16, 40, 100, 400):
        cells = [f"±{figures.half_width(tasks, n, between, within):.0f}" for n in (1, 3, 10)]
        row = next(line for line in text.splitlines() if line.startswith(f"| {tasks} |"))
        assert re.findall(r"±\d+", row) == cells
    paired, apart = figures.paired_and_apart(data, 0.4, 0.8)
    assert f"±{paired:.0f} points" in text
    assert f"±{apart:.0f}: how hard" in text


def test_outputs_of_recorded_sweeps_are_what_they_print(capsys):
    """The tutorial's tables, word for word."""
    told = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    for sweep in ("demo", "micro-demo"):
        assert cli.run(["results", "show", str(ROOT / "results/published" / sweep)]) == 0
        table = [line.rstrip() for line in capsys.readouterr().out.splitlines() if " %  " in line][1:]
        assert len(table) == 4
        assert all(row in told for row in table)


@pytest.mark.slow
def test_the_site_is_built_and_asks_nobody():
    pytest.importorskip("zensical", reason="the site's tools are not installed: make docs")
    made = subprocess.run(["make", "docs"], cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert made.returncode == 0, made.stdout + made.stderr
    pages = list((ROOT / "build/site").rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        fetched = re.findall(
            r'<(?:script|img|iframe)[^>]* src="(https?:[^"]+)|<link rel="(?:stylesheet|preconnect)" href="(https?:[^"]+)', page.read_text(encoding="utf-8")
        )  # fmt: skip
        assert not fetched, page
