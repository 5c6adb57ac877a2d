from __future__ import annotations

from pathlib import Path

import pytest

from builders import task_folder
from llmsweep.authoring.harbor import fetched_by
from llmsweep.cli import run
from llmsweep.cli.suites import lacks
from llmsweep.errors import UsageError
from llmsweep.suite import load_suite, load_task

ABOUT = 'schema_version = "1.4"\n[environment]\nworkdir = "/app"\n'
# What `harbor task init` writes.
FETCHING = """\
#!/bin/bash

# Use this file to install test dependencies and run the tests.
apt-get update
apt-get install -y curl

curl -LsSf https://astral.sh/uv/0.9.7/install.sh | sh

source $HOME/.local/bin/env
uvx \\
  --with pytest==8.4.1 \\
  pytest --ctrf /logs/verifier/ctrf.json /tests/test_outputs.py -rA

if [ $? -eq 0 ]; then
  echo 1 > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
"""


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ('[environment.env]\nA = "1"\n', "it sets environment variables"),
        ("[environment.env]\n", None),
        ('[environment.healthcheck]\ncommand = "true"\n', "it has a health check"),
        ('[[environment.mcp_servers]]\nname = "x"\n', "it has MCP servers"),
        ("gpus = 1\n", "it needs GPUs"),
        ("gpus = 0\nmcp_servers = []\n", None),
        ('[verifier.env]\nKEY = "${KEY}"\n', "its tests get environment variables"),
    ],
)
def test_what_task_toml_asks_for_beyond_files_needs_a_container(tmp_path: Path, toml: str, why: str | None):
    assert load_task(task_folder(tmp_path, **{"task.toml": ABOUT + toml}), "s").container == why


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("environment/docker-compose.yaml", "", "it has a docker-compose.yaml"),
        ("environment/.dockerignore", "*.md", "it has a .dockerignore"),
        ("environment/Dockerfile", 'FROM x\nENTRYPOINT ["/start"]\n', "its Dockerfile has a ENTRYPOINT line"),
        ("tests/test.sh", FETCHING, "its tests fetch what they need (apt-get)"),
    ],
)
def test_files_that_only_a_container_honours_say_so(tmp_path: Path, path: str, text: str, why: str):
    assert load_task(task_folder(tmp_path, **{path: text}), "s").container == why


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("python3 -m pip install -q pytest", "pip"),
        ("sudo apt-get -y -q install jq", "apt-get"),
        ("uv run pytest /tests", "uv"),
        ("uvx \\\n --with pytest pytest /tests", "uvx"),
        ("cd /x && npm ci", "npm"),
        ("wget -q https://example.com/x.tar", "wget"),
        ("git clone https://example.com/x", "git"),
        ("# pip install pytest", None),
        ("curl -s http://localhost:8000/health", None),
        ("curl -s http://127.0.0.1:8000/health; python3 /tests/t.py", None),
        ("git log --oneline", None),
        ('grep -q "apt" notes.txt', None),
        ("pytest /tests/test_pip_install.py", None),
    ],
)
def test_tests_that_fetch_are_told_from_those_that_do_not(tmp_path: Path, line: str, program: str | None):
    (tmp_path / "test.sh").write_text(f"#!/bin/bash\n{line}\n")
    assert fetched_by(tmp_path) == program


@pytest.mark.parametrize(
    ("image", "tools"),
    [
        ("node:22-bookworm", ("node",)),
        ("docker.io/library/rust", ("cargo",)),
        ("--platform=linux/amd64 golang:1.24@sha256:0 AS build", ("go",)),
        ("localhost:5000/team/ruby:3", ("ruby",)),
        ("python:3.12-slim", ()),
        ("a\nFROM node:22\nFROM ubuntu:24.04", ()),
    ],
)
def test_the_image_names_the_tools_where_the_task_does_not(
    tmp_path: Path, image: str, tools: tuple[str, ...]
):
    folder = task_folder(tmp_path, **{"environment/Dockerfile": f"FROM {image}\nCOPY . /app\n"})
    assert load_task(folder, "s").tools == tools
    task_folder(tmp_path, **{"task.toml": ABOUT + '[metadata]\ntools = ["jq"]\n'})
    assert load_task(folder, "s").tools == ("jq",)


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        (
            "<!-- harbor-canary GUID 1-2 -->\n# another canary: 3\n\nDo it.\n\n# canary birds\n",
            "Do it.\n\n# canary birds",
        ),
        ("# Canaries in a cage\nCount them.", "# Canaries in a cage\nCount them."),
        ("Canary lines stay\n", "Canary lines stay"),
    ],
)
def test_the_marks_of_a_benchmark_are_not_shown(tmp_path: Path, text: str, prompt: str):
    assert load_task(task_folder(tmp_path, **{"instruction.md": text}), "s").prompt == prompt


def test_terminal_benchs_older_form_is_named(tmp_path: Path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "task.yaml").write_text("instruction: x\n")
    with pytest.raises(UsageError, match="convert them with harbor task migrate"):
        load_suite(tmp_path, "s")


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("task.toml", ABOUT + 'healthcheck = { command = "true" }\n', "it has a health check, which is not"),
        ("task.toml", ABOUT + 'os = "windows"\n', "it is for windows, which is not supported"),
        (
            "task.toml",
            ABOUT + '[verifier]\nenvironment_mode = "separate"\n',
            "a container of their own, which",
        ),
        ("task.toml", ABOUT + 'network_mode = "allowlist"\n', "allowlist, which is not supported"),
        (
            "environment/Dockerfile",
            'FROM x\nENTRYPOINT ["/s"]\n',
            "whose ENTRYPOINT has to run, which is not",
        ),
        ("environment/docker-compose.yaml", "", "tasks of several containers are not supported"),
    ],
)
@pytest.mark.parametrize("sandbox", ["bubblewrap", "docker"])
def test_what_no_sandbox_gives_is_refused_by_each(
    tmp_path: Path, path: str, text: str, why: str, sandbox: str
):
    task = load_task(task_folder(tmp_path, **{path: text}), "s")
    assert why in str(lacks(task, sandbox, network=True))
    assert lacks(load_task(task_folder(tmp_path / "sound"), "s"), sandbox) is None


def test_tests_that_fetch_get_no_verdict_without_a_network(tmp_path: Path, capsys):
    """Without one they would fail, and the model would have the blame."""
    suite = tmp_path / "mine"
    task_folder(suite, **{"tests/test.sh": FETCHING})
    words = ["model=scripted", "plots=false", "smoke=0", "probe=false", "space=none", f"suite=harbor:{suite}"]
    words = [*words, f"results={tmp_path / 'r'}"]
    assert run(words) == 3
    assert "its tests fetch what they need (apt-get), so that it needs a container" in capsys.readouterr().err
    assert run([*words, "sandbox=docker"]) == 3
    assert "its tests fetch what they need (apt-get): sandbox.network=true" in capsys.readouterr().err
    assert run(["tasks", "validate", str(suite)]) == 3
    assert "none of its tasks can be checked here, such as mine/double" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sandbox=dokcer"], "there is no such sandbox; did you mean 'docker'"),
        (["--sandbox", "dokcer"], "there is no such sandbox; did you mean 'docker'"),
        (["sandbox.memory=1"], "sandbox=bubblewrap has no such setting; did you mean 'memory_mb'"),
        (["sandbox.network=true"], "sandbox=bubblewrap has no such setting"),
        (["sandbox.memory_mb=some"], "sandbox.memory_mb='some' must be a whole number"),
        (["sandbox.memory_mb=["], "no value"),
    ],
)
def test_the_sandbox_of_a_validation_is_named_as_in_a_sweep(
    tmp_path: Path, words: list[str], says: str, capsys
):
    task_folder(tmp_path / "mine")
    assert run(["tasks", "validate", str(tmp_path / "mine"), *words]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("task.toml", "schema_version = ", "task.toml: "),
        ("task.toml", 'schema_version = "9"', "schema_version '9' is not among"),
        ("task.toml", "[metadata]\ntier = 'x'", "invalid literal for int() with base 10: 'x'"),
        ("task.toml", "[metadata]\ntools = 'gcc'", "tools='gcc': it must be a list"),
        ("task.toml", "metadata = 3", "metadata=3: it must be a table"),
        ("task.toml", "[verifier]\ntimeout_sec = 'x'", "could not convert string to float: 'x'"),
    ],
)
def test_a_bad_task_toml_is_one_sentence_in_every_verb(
    tmp_path: Path, path: str, text: str, says: str, capsys
):
    task_folder(tmp_path / "mine", **{path: text})
    for verb in (["list"], ["show"], ["validate"], ["export"]):
        more = [str(tmp_path / "out")] if verb == ["export"] else []
        assert run(["tasks", *verb, f"harbor:{tmp_path / 'mine'}", *more]) == 2
        said = capsys.readouterr().err
        assert says in said
        assert said.count("\n") == 1
