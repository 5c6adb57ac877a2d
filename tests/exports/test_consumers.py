"""Every setting of a recommendation is in an export or named as missing there; what is there has the consumer's own names."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any, get_args

import pytest
import yaml

from exports.made import shipped
from llmsweep.errors import UsageError
from llmsweep.exports import names
from llmsweep.exports.consumers import CONSUMERS
from llmsweep.exports.placing import SETTINGS
from llmsweep.exports.shipped import Served, Wire

WIRES: tuple[Wire, ...] = get_args(Wire)
SAID = {
    "temperature": 0.6,
    "top_p": 0.95,
    "top_k": 20,
    "min_p": 0.05,
    "repeat_penalty": 1.05,
    "max_tokens": 512,
    "turns": 9,
}
"""Settings whose values are to be found in a file as they are."""
OLLAMA = {
    *(
        "num_keep",
        "seed",
        "num_predict",
        "top_k",
        "top_p",
        "min_p",
        "typical_p",
        "repeat_last_n",
        "temperature",
    ),
    *("repeat_penalty", "presence_penalty", "frequency_penalty", "stop", "draft_num_predict"),
    *("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread"),
}
"""What api.Options of Ollama 0.17 takes; a Modelfile with another parameter is refused."""
AIDER = {
    *(
        "name",
        "edit_format",
        "weak_model_name",
        "use_repo_map",
        "send_undo_reply",
        "lazy",
        "overeager",
        "reminder",
    ),
    *("examples_as_sys_msg", "extra_params", "cache_control", "caches_by_default", "use_system_prompt"),
    *("use_temperature", "streaming", "editor_model_name", "editor_edit_format", "reasoning_tag"),
    *("remove_reasoning", "system_prompt_prefix", "accepts_settings"),
}
"""The fields of ModelSettings of aider 0.86; another one ends it with a TypeError."""
CONTINUE = {
    *(
        "contextLength",
        "maxTokens",
        "temperature",
        "topP",
        "topK",
        "minP",
        "presencePenalty",
        "frequencyPenalty",
    ),
    *("stop", "n", "reasoning", "reasoningBudgetTokens", "promptCaching", "stream"),
}
"""completionOptionsSchema of @continuedev/config-yaml, which drops other keys in silence."""
FLAGS = {
    *("--model", "--alias", "--parallel", "--temp", "--top-p", "--top-k", "--min-p", "--repeat-penalty"),
    *(
        "--predict",
        "--ctx-size",
        "--chat-template-kwargs",
        "--reasoning",
        "--reasoning-effort",
        "--cache-type-k",
    ),
    *("--cache-type-v", "--gpu-layers", "--fit", "--cache-ram", "--jinja", "--no-context-shift"),
}
"""Flags of llama-server that are used here."""


def tables() -> Iterator[Any]:
    for consumer in ("REQUEST", "LITELLM", "CONTINUE", "OPENCODE"):
        for wire, table in getattr(names, consumer).items():
            yield pytest.param(table, id=f"{consumer}-{wire}")
    yield pytest.param(names.MODELFILE, id="MODELFILE")
    yield pytest.param(names.LLAMA_SERVER, id="LLAMA_SERVER")


def exports() -> Iterator[Any]:
    for wire in WIRES:
        for name in CONSUMERS:
            if wire != "anthropic" or name not in ("modelfile", "llama-server"):
                yield pytest.param(wire, name, id=f"{wire}-{name}")


@pytest.mark.parametrize("table", list(tables()))
def test_a_table_says_something_of_every_setting(table):
    assert set(table) == set(SETTINGS)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def read(name: str, text: str) -> Any:
    """The file without its comments, as plain values."""
    bare = "\n".join(line for line in text.splitlines() if not line.startswith(("#", "//")))
    if name in ("request", "opencode"):
        return json.loads(bare)
    if name in ("modelfile", "llama-server"):
        return [yaml.safe_load(word) for word in shlex.split(bare.replace("\\\n", " "))]
    return yaml.safe_load(bare)


@pytest.mark.parametrize(("wire", "name"), list(exports()))
def test_no_setting_is_dropped_in_silence(wire: Wire, name: str):
    one = shipped(wire)
    exported = CONSUMERS[name].write(one)
    found = list(leaves(read(name, exported.text)))
    for setting, value in SAID.items():
        if one.value(setting) is not None:
            missing = any(sentence.startswith(f"{setting} ") for sentence in exported.unsaid)
            assert (value in found) != missing, setting
    for setting in ("tokens", "seconds", "protocol", "prompt", "echo_reasoning"):
        assert any(sentence.startswith(f"{setting} ") for sentence in exported.unsaid), setting
    if name != "request":  # JSON has no comments; standard error has them
        comments = " ".join(line.lstrip("#/- ") for line in exported.text.splitlines())
        assert all(sentence in comments for sentence in exported.unsaid)


@pytest.mark.parametrize("wire", WIRES)
def test_a_null_is_what_the_sweep_sent_in_its_place(wire: Wire):
    """Else the server's default would hold: top_k 40 and min_p 0.05 of llama.cpp are another cell."""
    body = json.loads(
        CONSUMERS["request"].write(shipped(wire, top_k=None, min_p=None, repeat_penalty=None)).text
    )
    held = body.get("options", body)
    neutral = {
        "llama.cpp": {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0},
        "openai": {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
        "ollama": {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0},
        "anthropic": {},
    }[wire]
    assert {key: held[key] for key in neutral} == neutral
    if wire == "anthropic":
        assert "top_k" not in held


@pytest.mark.parametrize("reasoning", [True, False])
def test_the_switch_of_reasoning_is_the_sweep_s_own(reasoning: bool):
    of = {
        wire: json.loads(CONSUMERS["request"].write(shipped(wire, reasoning=reasoning)).text)
        for wire in WIRES
    }
    assert of["openai"]["chat_template_kwargs"] == {"enable_thinking": reasoning}
    assert of["llama.cpp"]["chat_template_kwargs"] == {"enable_thinking": reasoning}
    assert of["ollama"]["think"] is reasoning
    assert of["anthropic"]["thinking"]["type"] == ("enabled" if reasoning else "disabled")
    flags = CONSUMERS["llama-server"].write(shipped("llama.cpp", reasoning=reasoning)).text
    assert f"""--chat-template-kwargs '{{"enable_thinking": {str(reasoning).lower()}}}'""" in flags


def test_a_temperature_that_is_not_sent_stays_unsent():
    unsent = shipped("anthropic", temperature=None)
    assert "temperature" not in json.loads(CONSUMERS["request"].write(unsent).text)
    assert read("aider", CONSUMERS["aider"].write(unsent).text)[0]["use_temperature"] is False


def test_names_are_the_consumers_own():
    for wire in ("llama.cpp", "openai", "ollama"):
        one = shipped(wire)
        lines = CONSUMERS["modelfile"].write(one).text.splitlines()
        assert {line.split()[1] for line in lines if line.startswith("PARAMETER")} <= OLLAMA
        flags = list(read("llama-server", CONSUMERS["llama-server"].write(one).text))
        assert {word for word in flags if str(word).startswith("--")} <= FLAGS
    for wire in WIRES:
        one = shipped(wire)
        assert set(read("aider", CONSUMERS["aider"].write(one).text)[0]) <= AIDER
        model = read("continue", CONSUMERS["continue"].write(one).text)["models"][0]
        assert set(model["defaultCompletionOptions"]) <= CONTINUE


def test_a_server_s_window_is_that_of_all_its_slots():
    text = CONSUMERS["llama-server"].write(shipped("llama.cpp")).text
    assert "--parallel 2" in text
    assert "--ctx-size 8192" in text
    assert "--cache-type-k q8_0" in text


def test_steps_of_opencode_are_turns_of_the_native_protocol_alone():
    assert '"steps": 9' in CONSUMERS["opencode"].write(shipped("openai")).text
    other = CONSUMERS["opencode"].write(shipped("openai", protocol="whole_file"))
    assert "steps" not in read("opencode", other.text)["agent"]["build"]
    assert any(sentence.startswith("turns 9: they are whole_file's") for sentence in other.unsaid)


@pytest.mark.parametrize("name", ["modelfile", "llama-server"])
def test_a_service_has_no_weights_to_load(name: str):
    with pytest.raises(UsageError, match="weights of one's own"):
        CONSUMERS[name].write(shipped("anthropic"))


def test_what_nobody_wrote_down_is_said():
    one = shipped("openai")
    bare = CONSUMERS["litellm"].write(
        type(one)(cell=one.cell, served=Served(wire="openai", model="m", known=False))
    )
    assert any("nobody knows" in sentence for sentence in bare.unsaid)


def test_a_path_with_a_blank_is_quoted(tmp_path):
    weights = tmp_path / "my models" / "m.gguf"
    one = shipped("llama.cpp", served={"weights": weights})
    assert f'FROM "{weights}"' in CONSUMERS["modelfile"].write(one).text
    assert str(weights) in shlex.split(CONSUMERS["llama-server"].write(one).text.replace("\\\n", " "))
