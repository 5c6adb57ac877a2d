"""What each consumer calls each setting, and what it has no name for: a table a consumer and wire. This is the one place."""

from __future__ import annotations

from llmsweep.exports.placing import At, Body, Cannot, Place

_OWN_LOOP = "the agent that calls the model counts it; give it there"
_OWN_ACTS = "how the model acts is the agent's own affair; the rate was measured with llmsweep's"
_OWN_PROMPT = "the system prompt is the agent's own; the rate was measured with llmsweep's (agent/prompts/)"
_WINDOW = "a client cannot set the window; start the server with it"
_EARLIER = "whether earlier reasoning is sent back is the agent's own affair"
_LATER = "it is about later requests: send earlier answers back with their reasoning, or without"
_LOOP: dict[str, Place] = {
    "turns": Cannot(_OWN_LOOP),
    "tokens": Cannot(_OWN_LOOP),
    "seconds": Cannot(_OWN_LOOP),
    "protocol": Cannot(_OWN_ACTS),
    "prompt": Cannot(_OWN_PROMPT),
}
"""What nothing but an agent can be told."""

REQUEST: dict[str, dict[str, Place]] = {
    "openai": {
        "temperature": At("temperature"),
        "top_p": At("top_p"),
        "top_k": Body(""),
        "min_p": Body(""),
        "repeat_penalty": Body(""),
        "max_tokens": At("max_tokens"),
        "context": Cannot(_WINDOW),
        "reasoning": Body(""),
        "echo_reasoning": Cannot(_LATER),
        **_LOOP,
    },
    "ollama": {
        "temperature": At("options.temperature"),
        "top_p": At("options.top_p"),
        "top_k": At("options.top_k"),
        "min_p": At("options.min_p"),
        "repeat_penalty": At("options.repeat_penalty"),
        "max_tokens": At("options.num_predict"),
        "context": At("options.num_ctx"),
        "reasoning": At("think"),
        "echo_reasoning": Cannot(_LATER),
        **_LOOP,
    },
    "anthropic": {
        "temperature": At("temperature"),
        "top_p": At("top_p"),
        "top_k": At("top_k"),
        "min_p": Cannot("the API has no such field"),
        "repeat_penalty": Cannot("the API has no such field"),
        "max_tokens": At("max_tokens"),
        "context": Cannot("the model's window is fixed"),
        "reasoning": Body(""),
        "echo_reasoning": Cannot(_LATER),
        **_LOOP,
    },
}
"""The body of one request: chat completions, Ollama's /api/chat, Anthropic's messages."""

MODELFILE: dict[str, Place] = {
    "temperature": At("temperature"),
    "top_p": At("top_p"),
    "top_k": At("top_k"),
    "min_p": At("min_p"),
    "repeat_penalty": At("repeat_penalty"),
    "max_tokens": At("num_predict"),
    "context": At("num_ctx"),
    "reasoning": Cannot("no Modelfile switches it; a request does: think"),
    "echo_reasoning": Cannot(_EARLIER),
    **_LOOP,
}

LLAMA_SERVER: dict[str, Place] = {
    "temperature": At("--temp"),
    "top_p": At("--top-p"),
    "top_k": At("--top-k"),
    "min_p": At("--min-p"),
    "repeat_penalty": At("--repeat-penalty"),
    "max_tokens": At("--predict"),
    "context": At("--ctx-size"),
    "reasoning": At("--reasoning"),
    "echo_reasoning": Cannot(_EARLIER),
    **_LOOP,
}
"""Defaults of the server: what a request says wins over them."""

_PROXIED: dict[str, Place] = {
    "temperature": At("temperature"),
    "top_p": At("top_p"),
    "max_tokens": At("max_tokens"),
    "echo_reasoning": Cannot(_EARLIER),
    **_LOOP,
}
LITELLM: dict[str, dict[str, Place]] = {
    "openai": {
        **_PROXIED,
        "top_k": Body("extra_body"),
        "min_p": Body("extra_body"),
        "repeat_penalty": Body("extra_body"),
        "context": Cannot(_WINDOW),
        "reasoning": Body("extra_body"),
    },
    "ollama": {
        **_PROXIED,
        "top_k": At("top_k"),
        "min_p": At("min_p"),
        "repeat_penalty": At("repeat_penalty"),
        "context": At("num_ctx"),
        "reasoning": At("think"),
    },
    "anthropic": {
        **_PROXIED,
        "top_k": At("top_k"),
        "min_p": Cannot("the API has no such field"),
        "repeat_penalty": Cannot("the API has no such field"),
        "context": Cannot("the model's window is fixed"),
        "reasoning": Body(""),
    },
}
"""Arguments of litellm.completion: those of one entry's litellm_params, and aider's extra_params."""

CONTINUE: dict[str, dict[str, Place]] = {
    "openai": {
        "temperature": At("defaultCompletionOptions.temperature"),
        "top_p": At("defaultCompletionOptions.topP"),
        "top_k": Body("requestOptions.extraBodyProperties"),
        "min_p": Body("requestOptions.extraBodyProperties"),
        "repeat_penalty": Body("requestOptions.extraBodyProperties"),
        "max_tokens": At("defaultCompletionOptions.maxTokens"),
        "context": At("defaultCompletionOptions.contextLength"),
        "reasoning": Body("requestOptions.extraBodyProperties"),
        "echo_reasoning": Cannot(_EARLIER),
        **_LOOP,
    },
    "ollama": {
        "temperature": At("defaultCompletionOptions.temperature"),
        "top_p": At("defaultCompletionOptions.topP"),
        "top_k": At("defaultCompletionOptions.topK"),
        "min_p": At("defaultCompletionOptions.minP"),
        "repeat_penalty": Cannot(
            "Continue has no such option; llmsweep export modelfile sets it in the model"
        ),
        "max_tokens": At("defaultCompletionOptions.maxTokens"),
        "context": At("defaultCompletionOptions.contextLength"),
        "reasoning": At("requestOptions.extraBodyProperties.think"),
        "echo_reasoning": Cannot(_EARLIER),
        **_LOOP,
    },
    "anthropic": {
        "temperature": At("defaultCompletionOptions.temperature"),
        "top_p": At("defaultCompletionOptions.topP"),
        "top_k": At("defaultCompletionOptions.topK"),
        "min_p": Cannot("the API has no such field"),
        "repeat_penalty": Cannot("the API has no such field"),
        "max_tokens": At("defaultCompletionOptions.maxTokens"),
        "context": Cannot("the model's window is fixed"),
        "reasoning": Body("requestOptions.extraBodyProperties"),
        "echo_reasoning": Cannot(_EARLIER),
        **_LOOP,
    },
}
"""One entry of the models of its config.yaml."""

_CODE: dict[str, Place] = {
    "temperature": At("agent.temperature"),
    "top_p": At("agent.top_p"),
    "max_tokens": At("model.limit.output"),
    "echo_reasoning": Cannot(_EARLIER),
    **_LOOP,
    "turns": At("agent.steps"),
}
OPENCODE: dict[str, dict[str, Place]] = {
    "openai": {
        **_CODE,
        "top_k": Body("model.options"),
        "min_p": Body("model.options"),
        "repeat_penalty": Body("model.options"),
        "context": At("model.limit.context"),
        "reasoning": Body("model.options"),
    },
    "ollama": {
        **_CODE,
        "top_k": Cannot("Ollama's /v1 does not take it; llmsweep export modelfile sets it in the model"),
        "min_p": Cannot("Ollama's /v1 does not take it; llmsweep export modelfile sets it in the model"),
        "repeat_penalty": Cannot(
            "Ollama's /v1 does not take it; llmsweep export modelfile sets it in the model"
        ),
        "context": At("model.limit.context"),
        "reasoning": At("model.options.reasoning_effort"),
    },
    "anthropic": {
        **_CODE,
        "top_k": Cannot("opencode hands it to no Claude model"),
        "min_p": Cannot("the API has no such field"),
        "repeat_penalty": Cannot("the API has no such field"),
        "context": Cannot("opencode knows the model's window"),
        "reasoning": Cannot("choose the model's variant in opencode (ctrl+t)"),
    },
}
"""``model``: its entry below the provider; ``agent``: the primary agent's. Its limit of the context only tells opencode."""
