"""The file of each consumer: settings placed by its table, above them what is recommended and what the file cannot say."""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from llmsweep.errors import UsageError
from llmsweep.exports import names
from llmsweep.exports.placing import Placed, placed, put
from llmsweep.exports.shipped import DEFAULT_CONTEXT, Shipped

WIDTH = 100
PROBE_TEXT = "Say OK."
"""What the exported request asks, since it has to ask something."""
MADE = "llmsweep"
"""The provider's name in files that want one."""


class Exported(NamedTuple):
    """``unsaid``: the settings that the file cannot hold, a sentence each; they stand in its comments too, where it has any."""

    text: str
    unsaid: Sequence[str]


class Consumer(NamedTuple):
    """``file``: where its program looks for it; ``write``: what makes it."""

    file: str
    write: Callable[[Shipped], Exported]


def request(shipped: Shipped) -> Exported:
    """The body of one request, for the API that the sweep spoke. JSON has no comments."""
    found = placed(names.REQUEST[_wire(shipped)], shipped)
    if (field := shipped.served.settings.get("length_field")) is not None:
        found.fields[field] = found.fields.pop("max_tokens")
    body = {
        "model": shipped.served.model,
        "messages": [{"role": "user", "content": PROBE_TEXT}],
        **_extra(shipped, found, ""),
    }
    if shipped.served.wire == "ollama":
        body |= {"stream": False, "truncate": False, "shift": False}
    return Exported(json.dumps(body, indent=2, ensure_ascii=False) + "\n", found.unsaid)


def modelfile(shipped: Shipped) -> Exported:
    _own_weights(shipped, "a Modelfile")
    found = placed(names.MODELFILE, shipped)
    source = shipped.served.model if shipped.served.wire == "ollama" else _weights(shipped)
    parameters = dict(found.fields)
    if shipped.served.wire == "ollama":
        parameters |= {name: value for name, value in shipped.sent.extra.items() if _plain(value)}
    lines = [
        f'FROM "{source}"' if " " in source else f"FROM {source}",
        *(f"PARAMETER {name} {json.dumps(value)}" for name, value in parameters.items()),
    ]
    use = f"ollama create {shipped.name}-tuned -f Modelfile"
    return _commented(shipped, found, "\n".join(lines) + "\n", [f"Use: {use}"])


def llama_server(shipped: Shipped) -> Exported:
    _own_weights(shipped, "llama-server")
    found, given = placed(names.LLAMA_SERVER, shipped), shipped.served.settings
    flags: dict[str, Any] = {"--model": _weights(shipped), "--alias": shipped.served.model}
    flags |= {"--parallel": shipped.slots, **found.fields}
    flags["--ctx-size"] = shipped.slots * (shipped.cell.context or DEFAULT_CONTEXT)
    if (reasoning := flags.pop("--reasoning", None)) is not None:
        flags |= _reasoning_flags(reasoning, shipped.sent.reasoning)
    if shipped.served.wire == "llama.cpp":
        kept = given.get("kv_type") or "f16"
        flags |= {"--cache-type-k": kept, "--cache-type-v": kept}
        layers = given.get("gpu_layers", "auto")
        flags |= {} if layers == "auto" else {"--gpu-layers": layers}
    # What the server would otherwise decide by itself, and the sweep's did not.
    flags |= {"--fit": "off", "--cache-ram": 0, "--jinja": None, "--no-context-shift": None}
    words = ["llama-server"]
    for flag, value in flags.items():
        words.append(flag if value is None else f"{flag} {shlex.quote(_flag(value))}")
    return _commented(
        shipped, found, " \\\n  ".join(words) + "\n", ["A request's own fields win over these."]
    )


def litellm(shipped: Shipped) -> Exported:
    found = placed(names.LITELLM[_wire(shipped)], shipped)
    entry = {"model": _litellm_name(shipped), **_address(shipped, "os.environ/{}")}
    entry |= _extra(shipped, found, "extra_body")
    one: dict[str, Any] = {"model_name": shipped.name, "litellm_params": entry}
    if shipped.cell.context is not None:
        one["model_info"] = {"max_input_tokens": shipped.cell.context}
    return _commented(
        shipped, found, _yaml({"model_list": [one]}), ["Use: litellm --config litellm.config.yaml"]
    )


def aider(shipped: Shipped) -> Exported:
    found = placed(names.LITELLM[_wire(shipped)], shipped)
    extra = _extra(shipped, found, "extra_body")
    temperature = extra.pop("temperature", None)
    # aider sends temperature 0 unless it is told another one, or none.
    one: dict[str, Any] = {"name": _litellm_name(shipped)}
    one["use_temperature"] = False if temperature is None else float(temperature)
    if shipped.cell.protocol == "whole_file":
        one["edit_format"] = "whole"
    address = _address(shipped, "")
    one["extra_params"] = {**{key: value for key, value in address.items() if value}, **extra}
    use = f"Use: aider --model {one['name']} --model-settings-file .aider.model.settings.yml"
    return _commented(shipped, found, _yaml([one]), [use])


def continue_dev(shipped: Shipped) -> Exported:
    wire = _wire(shipped)
    found = placed(names.CONTINUE[wire], shipped)
    one: dict[str, Any] = {"name": f"{shipped.name} (llmsweep)", "provider": wire}
    one |= {"model": shipped.served.model, "roles": ["chat", "edit", "apply"]}
    if wire == "openai":
        one["apiBase"] = shipped.url
        one["useLegacyCompletionsEndpoint"] = False
    elif wire == "ollama" and shipped.served.base_url:
        one["apiBase"] = shipped.served.base_url
    if shipped.served.key_env is not None:
        one["apiKey"] = f"${{{{ secrets.{shipped.served.key_env} }}}}"
    one |= _extra(shipped, found, "requestOptions.extraBodyProperties")
    if shipped.cell.protocol == "native":
        one["capabilities"] = ["tool_use"]
    whole = {"name": MADE, "version": "0.0.1", "schema": "v1", "models": [one]}
    return _commented(shipped, found, _yaml(whole), ["Put it into ~/.continue/config.yaml, or merge it."])


def opencode(shipped: Shipped) -> Exported:
    wire = _wire(shipped)
    found = placed(names.OPENCODE[wire], shipped)
    fields = found.fields if wire == "anthropic" else _extra(shipped, found, "model.options")
    model, agent = dict(fields.get("model", {})), fields.get("agent", {})
    if shipped.cell.protocol != "native" and agent.pop("steps", None) is not None:
        turns = shipped.cell.budget.turns
        found.unsaid.append(
            f"turns {turns}: they are {shipped.cell.protocol}'s, and opencode's steps call tools"
        )
    if wire == "ollama":
        model["options"] = {"reasoning_effort": _effort(shipped.cell.sampling.reasoning)}
    if "context" not in model.get("limit", {}):
        # opencode wants both or none, and knows its own models' windows.
        model.pop("limit", None)
        found.unsaid.append(f"max_tokens {shipped.cell.sampling.max_tokens}: its limit needs the window too")
    provider, id = (wire, shipped.served.model) if wire == "anthropic" else (MADE, shipped.served.model)
    entry: dict[str, Any] = {"models": {id: {"name": shipped.name, **model}}}
    if wire != "anthropic":
        base = (
            f"{shipped.served.base_url or 'http://127.0.0.1:11434'}/v1" if wire == "ollama" else shipped.url
        )
        options: dict[str, Any] = {"baseURL": base}
        if shipped.served.key_env is not None:
            options["apiKey"] = f"{{env:{shipped.served.key_env}}}"
        entry = {"npm": "@ai-sdk/openai-compatible", "name": MADE, "options": options, **entry}
    whole = {
        "$schema": "https://opencode.ai/config.json",
        "provider": {provider: entry},
        "agent": {"build": {"model": f"{provider}/{id}", **agent}},
    }
    return _commented(shipped, found, json.dumps(whole, indent=2, ensure_ascii=False) + "\n", mark="//")


CONSUMERS: Mapping[str, Consumer] = {
    "modelfile": Consumer("Modelfile", modelfile),
    "litellm": Consumer("litellm.config.yaml", litellm),
    "aider": Consumer(".aider.model.settings.yml", aider),
    "continue": Consumer("config.yaml", continue_dev),
    "opencode": Consumer("opencode.json", opencode),
    "llama-server": Consumer("llama-server.sh", llama_server),
    "request": Consumer("request.json", request),
}


def _wire(shipped: Shipped) -> str:
    return "openai" if shipped.served.wire == "llama.cpp" else shipped.served.wire


def _own_weights(shipped: Shipped, what: str) -> None:
    if shipped.served.wire == "anthropic" or shipped.served.key_env is not None:
        raise UsageError(
            f"{what} is for weights of one's own, and {shipped.name} answers from a service; export litellm, aider,"
            " continue, opencode or request instead."
        )


def _weights(shipped: Shipped) -> str:
    """The file where it is here, else a name that says whose it must be."""
    return str(shipped.served.weights or f"./{shipped.name}.gguf")


def _litellm_name(shipped: Shipped) -> str:
    prefix = {"openai": "openai", "ollama": "ollama_chat", "anthropic": "anthropic"}[_wire(shipped)]
    return f"{prefix}/{shipped.served.model}"


def _address(shipped: Shipped, key: str) -> dict[str, str]:
    """Where it answers and with which key. ``key``: how the consumer names an environment variable."""
    address = {}
    if _wire(shipped) == "openai":
        address["api_base"] = shipped.url
    elif shipped.served.base_url is not None:
        address["api_base"] = shipped.served.base_url
    if shipped.served.key_env is not None:
        address["api_key"] = key.format(shipped.served.key_env)
    elif _wire(shipped) == "openai":
        address["api_key"] = "none"  # the client refuses to start without one
    return address


def _extra(shipped: Shipped, found: Placed, path: str) -> dict[str, Any]:
    """The fields with what else the sweep's requests held, which no setting names, put under ``path``."""
    extra = dict(shipped.sent.extra)
    if shipped.served.wire == "ollama":
        if path == "extra_body":
            _take_penalties(extra, found)
        elif path != "":
            # Neither Continue nor opencode hands Ollama's options on.
            found.unsaid.extend(f"{name} {value}: {_IN_MODEL}" for name, value in extra.items())
            return found.fields
        path = {"": "options", "extra_body": ""}[path]
    if extra:
        put(found.fields, path, extra)
    return found.fields


_IN_MODEL = "llmsweep export modelfile sets it in the model"


def _take_penalties(extra: dict[str, Any], found: Placed) -> None:
    """LiteLLM refuses one of them for Ollama, and makes a repeat_penalty of the other."""
    for name in ("presence_penalty", "frequency_penalty"):
        if name in extra:
            found.unsaid.append(f"{name} {extra.pop(name)}: LiteLLM does not hand it to Ollama; {_IN_MODEL}")


def _reasoning_flags(value: bool | str, switch: Mapping[str, Any]) -> dict[str, Any]:
    """By the template's own word where the sweep used one, else by the server's."""
    if set(switch) == {"chat_template_kwargs"}:
        return {"--chat-template-kwargs": json.dumps(switch["chat_template_kwargs"])}
    if isinstance(value, str):
        return {"--reasoning": "on", "--reasoning-effort": value}
    return {"--reasoning": "on" if value else "off"}


def _effort(reasoning: bool | str) -> str:
    """In Ollama's /v1, which has levels alone."""
    return reasoning if isinstance(reasoning, str) else "medium" if reasoning else "none"


def _flag(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str))


def _yaml(value: Any) -> str:
    import yaml

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))


def _commented(
    shipped: Shipped, found: Placed, text: str, more: Sequence[str] = (), mark: str = "#"
) -> Exported:
    said = [*shipped.about, *more]
    if found.unsaid:
        said.append("What this file cannot say:")
    lines = [line for sentence in said for line in textwrap.wrap(sentence, WIDTH, subsequent_indent="  ")]
    for sentence in found.unsaid:
        lines += textwrap.wrap(sentence, WIDTH, initial_indent="- ", subsequent_indent="  ")
    return Exported("".join(f"{mark} {line}\n" for line in lines) + text, found.unsaid)
