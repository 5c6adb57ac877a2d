from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from anthropic_made import (
    ASKED,
    KEY,
    LEVELS,
    OFF,
    ON,
    PLAIN,
    THINKS,
    TOOL,
    ask,
    call,
    fault,
    made,
    sent,
    text,
    thought,
    without_marks,
)

from llmsweep.errors import UnfitError, UsageError
from llmsweep.providers.anthropic import AnthropicMessages
from llmsweep.testing import AnthropicServer, Claude, Reply
from llmsweep.types import Exchange, Message, Sampling, ToolCall

OLD = "2023-06-01"
ROOMY = replace(PLAIN, max_tokens=2000)


@pytest.fixture(scope="module")
def claude() -> Iterator[AnthropicServer]:
    with AnthropicServer(Claude()) as server:
        yield server


@pytest.fixture(scope="module")
def bound() -> Iterator[AnthropicServer]:
    with AnthropicServer(Claude(bound=True, thinking=("adaptive", "disabled"), sampled=False)) as server:
        yield server


@pytest.fixture
def server(claude: AnthropicServer) -> AnthropicServer:
    """A server that was asked nothing yet."""
    claude.forget()
    return claude


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


# What reaches the wire


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (Sampling(temperature=0.7, top_p=None), {"temperature": 0.7}),
        (Sampling(temperature=0.0, top_p=None), {"temperature": 0.0}),
        (Sampling(temperature=None, top_p=0.9), {"top_p": 0.9}),
        (replace(PLAIN, top_k=20), {"top_k": 20}),
        (replace(PLAIN, max_tokens=77), {"max_tokens": 77}),
        (replace(PLAIN, reasoning=False), OFF),
        (replace(PLAIN, reasoning=True), ON),
        (replace(PLAIN, reasoning="low"), LEVELS["low"]),
        (replace(PLAIN, reasoning="between_tools"), LEVELS["between_tools"]),
        (replace(ROOMY, reasoning="budget", echo_reasoning=True), LEVELS["budget"]),
    ],
    ids=str,
)
def test_every_setting_reaches_the_wire(server, sampling: Sampling, expected: dict):
    with made(server, api_version=OLD, **THINKS) as provider:
        provider.check(sampling)
        provider.complete(ASKED, (), sampling)
    assert expected.items() <= sent(server).items()
    assert server.asked[-1].refused is None


def test_no_sampling_field_is_forgotten_here():
    tested = {"temperature", "top_p", "top_k", "max_tokens", "reasoning", "echo_reasoning"}
    assert {field.name for field in fields(Sampling)} == tested | {"seed", "min_p", "repeat_penalty"}


def test_a_request_holds_nothing_unasked_and_no_seed(server):
    ask(server, sampling=replace(PLAIN, seed=7), cache=False)
    assert sent(server) == {
        "model": "claude-stub-20261101",
        "messages": [{"role": "user", "content": [text("hi")]}],
        "max_tokens": 1024,
        "stream": True,
    }


def test_an_older_version_of_the_api_and_betas_are_asked_for(server):
    ask(server, api_version=OLD, betas=["context-management-2025-06-27"])
    headers = server.asked[-1].headers
    assert headers["anthropic-version"] == OLD
    assert headers["anthropic-beta"] == "context-management-2025-06-27"
    assert headers["x-api-key"] == KEY
    assert "authorization" not in headers
    ask(server)
    assert server.asked[-1].headers["anthropic-version"] == "2026-10-21"
    assert not {"anthropic-beta", "x-api-key"} & server.asked[-1].headers.keys()


def test_a_conversation_goes_back_in_turns_that_alternate(server):
    calls = (
        ToolCall(id="a", name="add", arguments='{"x": 1}'),
        ToolCall(id="b", name="add", arguments="{x"),
        ToolCall(id="c", name="add", arguments=""),
    )
    history = (
        Message(role="system", content="Be brief."),
        *ASKED,
        Message(role="assistant", content=" \n"),
        Message(role="user", content="go on"),
        Message(role="assistant", content="so", tool_calls=calls),
        Message(role="tool", content="2", tool_call_id="a"),
        Message(role="tool", content="", tool_call_id="b"),
        Message(role="tool", content="3", tool_call_id="c"),
        Message(role="user", content="and?"),
    )
    with made(server) as provider:
        provider.complete(history, (TOOL,), PLAIN)
    body = without_marks(sent(server))
    assert body["system"] == [text("Be brief.")]
    assert body["tools"] == [{"name": "add", "description": "Add.", "input_schema": TOOL.parameters}]
    assert body["messages"] == [
        {"role": "user", "content": [text("hi"), text("go on")]},
        {
            "role": "assistant",
            "content": [
                text("so"),
                call("a", "add", x=1),
                call("b", "add", invalid="{x"),
                call("c", "add"),
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "a", "content": "2"},
                {"type": "tool_result", "tool_use_id": "b"},
                {"type": "tool_result", "tool_use_id": "c", "content": "3"},
                text("and?"),
            ],
        },
    ]


# Thinking that goes back


def talk(provider: AnthropicMessages, sampling: Sampling, turns: int) -> list[Message]:
    """A conversation with as many answers; every call is answered."""
    messages = [*ASKED]
    for number in range(turns):
        answer = provider.complete(messages, (TOOL,), sampling).message
        messages.append(answer)
        messages += [Message(role="tool", content="2", tool_call_id=c.id) for c in answer.tool_calls]
        if not answer.tool_calls:
            messages.append(Message(role="user", content=f"go on {number}"))
    return messages


BLOCKS = [
    thought("so it is"),
    {"type": "redacted_thinking", "data": "c2VjcmV0"},
    text("I add."),
    thought(""),
    {**call("t1", "add", a=[1, 2.5, "ü"], b={"c": None}), "caller": {"type": "direct"}},
]
CALLING = Reply(blocks=BLOCKS, stop="tool_use")


@pytest.mark.parametrize("reasoning", [True, "low", "budget"])
def test_signed_and_redacted_thinking_goes_back_verbatim(server, reasoning):
    server.script(CALLING)
    with made(server, **THINKS) as provider:
        talk(provider, replace(ROOMY, reasoning=reasoning, echo_reasoning=True), 2)
    first, second = server.asked
    assert second.refused is None
    blocks = without_marks(second.body["messages"][1]["content"])
    assert all(block.pop("signature") for block in blocks if block["type"] == "thinking")
    assert blocks == BLOCKS
    assert "messages" in first.body


@pytest.mark.parametrize("reasoning", [True, "low", "between_tools"])
def test_without_echo_every_thought_is_taken_out_of_every_turn(server, reasoning):
    server.script(CALLING, replace_id(CALLING, "t2"))
    with made(server, **THINKS) as provider:
        talk(provider, replace(ROOMY, reasoning=reasoning, echo_reasoning=False), 3)
    third = server.asked[2]
    assert third.refused is None
    kinds = [block["type"] for turn in third.body["messages"] for block in turn["content"]]
    assert kinds == ["text", "text", "tool_use", "tool_result", "text", "tool_use", "tool_result"]


def replace_id(reply: Reply, id: str) -> Reply:
    return Reply(blocks=[*reply.blocks[:-1], {**reply.blocks[-1], "id": id}], stop=reply.stop)


@pytest.mark.parametrize("echo", [True, False])
def test_thinking_that_is_bound_to_its_conversation_stays_valid_for_many_turns(bound, echo: bool):
    """The breakpoints of the cache move on meanwhile."""
    bound.forget()
    with made(bound, reasoning_on=ON, reasoning_off=OFF) as provider:
        talk(provider, replace(ROOMY, reasoning=True, echo_reasoning=echo), 6)
    assert [asked.refused for asked in bound.asked] == [None] * 6
    back = json.dumps(bound.asked[-1].body).count('"signature"')
    assert back == (5 if echo else 0)


def test_an_answer_cut_off_in_its_thinking_does_not_go_back_unsigned(server):
    unsigned = [
        {"type": "content_block_start", "index": 0, "content_block": thought("", signature="")},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
        {"type": "content_block_stop", "index": 0},
    ]
    server.script(Reply(extra=unsigned, stop="max_tokens"))
    with made(server, **THINKS) as provider:
        messages = talk(provider, replace(ROOMY, reasoning=True, echo_reasoning=True), 2)
    assert messages[1].reasoning == "hm"
    assert server.asked[1].refused is None
    assert [turn["role"] for turn in server.asked[1].body["messages"]] == ["user"]


def test_blank_texts_do_not_go_back(server):
    server.script(Reply(blocks=[text("\n\n"), call("t1", "add")], stop="tool_use"))
    with made(server) as provider:
        talk(provider, ROOMY, 2)
    assert server.asked[1].refused is None
    assert [block["type"] for block in server.asked[1].body["messages"][1]["content"]] == ["tool_use"]


# The cache


def test_the_cache_follows_the_conversation_within_its_four_breakpoints(server):
    system = Message(role="system", content="You are a careful programmer. " * 20)
    usages = []
    with made(server) as provider:
        messages = [system, Message(role="user", content="Work. " * 50)]
        for number in range(5):
            completion = provider.complete(messages, (), PLAIN)
            usages.append(completion.usage)
            more = Message(role="user", content=f"Go on {number}. " * 30)
            messages += [completion.message, more]
    for asked in server.asked:
        assert asked.refused is None
        marked = [block for block in everything(asked.body) if "cache_control" in block]
        assert len(marked) <= 3
        assert "cache_control" in asked.body["system"][-1]
        assert "cache_control" in asked.body["messages"][-1]["content"][-1]
    whole = [usage.input_tokens for usage in usages]
    read = [usage.cached_tokens for usage in usages]
    assert read[0] == 0
    assert read[1:] == whole[:-1]


def test_a_turn_with_many_results_does_not_lose_the_cache(server):
    calls = [call(f"t{n}", "add", n=n) for n in range(30)]
    server.script(Reply(blocks=calls, stop="tool_use"))
    with made(server) as provider:
        first = provider.complete(ASKED, (TOOL,), PLAIN)
        results = [Message(role="tool", content="2", tool_call_id=c.id) for c in first.message.tool_calls]
        second = provider.complete((*ASKED, first.message, *results), (TOOL,), PLAIN)
    assert second.usage.cached_tokens == first.usage.input_tokens


def test_the_cache_can_be_turned_off(server):
    usages = []
    with made(server, cache=False) as provider:
        for _ in range(2):
            usages.append(provider.complete(ASKED, (TOOL,), PLAIN).usage)
            assert all("cache_control" not in block for block in everything(sent(server)))
    assert [(usage.cached_tokens, usage.cache_write_tokens) for usage in usages] == [(0, 0)] * 2


def everything(body: dict) -> Iterator[dict]:
    yield from body.get("tools", ())
    yield from body.get("system", ())
    for turn in body["messages"]:
        yield from turn["content"]


# What comes back


def test_an_answer_is_put_together_with_its_clocks(server):
    blocks = [thought("so it", signature="s1"), text("Hello"), call("t1", "add", x=1)]
    reply = Reply(blocks=blocks, stop="tool_use", gap_s=0.15, thinking_tokens=2)
    got = ask(server, reply, sampling=replace(PLAIN, reasoning=True), **THINKS)
    assert got.message.content == "Hello"
    assert got.message.reasoning == "so it"
    assert got.message.tool_calls == (ToolCall(id="t1", name="add", arguments='{"x": 1}'),)
    assert got.message.opaque == {"blocks": blocks}
    assert (got.stop_reason, got.cold, got.retries) == ("tool_calls", False, 0)
    assert (got.usage.output_tokens, got.usage.reasoning_tokens) == (6, 2)
    assert got.load_s is got.prefill_s is got.decode_s is None
    (asked,) = server.asked
    assert asked.delay_s is not None
    # The thought is known to have begun before any of its text has come.
    assert 0 <= got.ttft_s < 0.15
    assert 0.45 <= got.ttfo_s < 0.9 <= got.duration_s


def test_thinking_whose_text_is_kept_from_us_has_its_clock_and_its_tokens(server):
    blocks = [thought("", signature="s2"), text("Hello")]
    reply = Reply(blocks=blocks, gap_s=0.2, thinking_tokens=300)
    got = ask(server, reply, sampling=replace(PLAIN, reasoning=True), **THINKS)
    assert (got.message.reasoning, got.usage.reasoning_tokens) == (None, 300)
    assert got.ttft_s < 0.2 <= got.ttfo_s


def test_pings_and_unknown_events_are_no_pieces(server):
    extra = [{"type": "weather", "index": 0, "delta": {"type": "sun"}}]
    got = ask(server, Reply(blocks=[text("Hi")], pings=3, gap_s=0.05, extra=extra))
    assert got.message.content == "Hi"
    assert got.ttft_s >= 0.2


def test_the_prompt_is_the_sum_of_its_three_parts(server):
    prompt = (Message(role="user", content="x" * 400),)
    with made(server) as provider:
        usages = [provider.complete(prompt, (), PLAIN).usage for _ in range(2)]
    assert [usage.input_tokens for usage in usages] == [101, 101]
    assert [usage.cached_tokens for usage in usages] == [0, 101]
    assert [usage.cache_write_tokens for usage in usages] == [101, 0]


def test_what_is_not_reported_is_not_zero(server):
    bare = [
        {"type": "content_block_start", "index": 0, "content_block": text("Hi")},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
    ]
    got = ask(server, Reply(extra=bare, stop=None))
    assert got.message.content == "Hi"
    assert got.usage.reasoning_tokens is None


def test_several_calls_and_one_without_arguments(server):
    reply = Reply(blocks=[call("t1", "add", x=1), call("t2", "submit")], stop="tool_use")
    got = ask(server, reply, tools=(TOOL,))
    assert [(c.id, c.name, json.loads(c.arguments or "{}")) for c in got.message.tool_calls] == [
        ("t1", "add", {"x": 1}),
        ("t2", "submit", {}),
    ]


def test_a_call_that_was_cut_off_is_kept_as_it_came_and_goes_back_as_an_object(server):
    server.script(Reply(blocks=[call("t1", "add")], input_json='{"x": "on', stop="max_tokens"))
    with made(server) as provider:
        messages = talk(provider, ROOMY, 2)
    assert messages[1].tool_calls[0].arguments == '{"x": "on'
    assert server.asked[1].refused is None


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("tool_use", "tool_calls"),
        ("max_tokens", "length"),
        ("refusal", "refusal"),
        ("model_context_window_exceeded", "context"),
        ("pause_turn", "unknown"),
        ("something new", "unknown"),
    ],
)
def test_stop_reasons_have_our_words(server, stop, expected):
    assert ask(server, Reply(blocks=[text("x")], stop=stop)).stop_reason == expected


def test_a_refusal_says_why_and_the_conversation_can_go_on(server):
    why = {"type": "refusal", "category": "cyber", "explanation": None}
    server.script(Reply(stop="refusal", stop_details=why))
    with made(server) as provider:
        messages = talk(provider, PLAIN, 2)
    assert messages[1].opaque == {"blocks": [], "stop_details": why}
    assert messages[3].tool_calls
    assert server.asked[1].refused is None


def test_an_answer_that_paused_goes_back_as_it_is(server):
    paused = [text("Searching"), {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}}]
    server.script(Reply(blocks=paused, stop="pause_turn"))
    with made(server) as provider:
        talk(provider, PLAIN, 2)
    assert without_marks(server.asked[1].body["messages"][1]["content"]) == paused


@pytest.mark.parametrize(
    "said",
    [
        "prompt is too long: 208310 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length",
    ],
)
def test_a_prompt_that_does_not_fit_is_a_full_context(server, said):
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": said}}
    got = ask(server, Reply(status=400, error=error))
    assert (got.stop_reason, got.message.content, got.ttft_s) == ("context", "", None)


def test_a_model_that_thinks_unasked_is_not_logged_as_silent(server):
    error = fault(server, Reply(blocks=[thought("hm"), text("x")]))
    assert error.fatal
    assert "provider.reasoning_off" in str(error)


def test_another_model_that_answers_stops_the_sweep(server):
    error = fault(server, Reply(blocks=[text("x")], model="claude-other-20261101"))
    assert error.fatal
    assert "claude-other-20261101 answered" in str(error)
    assert ask(server, Reply(blocks=[text("x")], model="claude-stub")).message.content == "x"


# What is refused at the door


@pytest.mark.parametrize(
    ("arguments", "sampling", "named"),
    [
        ({}, Sampling(temperature=0.5, top_p=None), "temperature=0.5: this version of the API takes none"),
        ({}, Sampling(temperature=None), "top_p=1: this version of the API takes none"),
        ({"api_version": OLD}, Sampling(temperature=1.2), "temperature=1.2: the API takes 0 to 1"),
        (
            {"api_version": OLD, **THINKS},
            Sampling(temperature=0.0, reasoning=True),
            "temperature=0 with reasoning=true",
        ),
        (
            {"api_version": OLD, **THINKS},
            Sampling(temperature=None, top_p=0.5, reasoning="low"),
            "top_p=0.5 with reasoning=low",
        ),
        ({}, replace(PLAIN, top_k=20), "top_k=20: this version of the API takes none"),
        ({"api_version": OLD}, replace(PLAIN, min_p=0.05), "min_p=0.05: Anthropic's API has no such setting"),
        ({"api_version": OLD}, replace(PLAIN, repeat_penalty=1.1), "repeat_penalty=1.1: Anthropic's API has"),
        (
            {"api_version": OLD, **THINKS},
            replace(PLAIN, top_k=20, reasoning="low"),
            "top_k=20 with reasoning=low: the API takes no top_k while a model thinks",
        ),
        ({}, replace(PLAIN, reasoning=True), "reasoning=true: provider.reasoning_on"),
        ({"reasoning_on": ON}, PLAIN, "reasoning=false: provider.reasoning_off"),
        (THINKS, replace(PLAIN, reasoning="lwo"), "did you mean 'low'"),
        (THINKS, replace(ROOMY, reasoning="budget"), "echo_reasoning=false with reasoning=budget"),
        (
            THINKS,
            replace(PLAIN, max_tokens=1024, reasoning="budget"),
            "max_tokens=1024 with reasoning=budget",
        ),
    ],
)
def test_a_setting_that_cannot_be_honoured_is_refused(arguments, sampling, named):
    with pytest.raises(UsageError, match=named):
        AnthropicMessages(model="m", **arguments).check(sampling)


def test_what_the_service_says_that_a_model_does_not_take_is_refused():
    with AnthropicServer(Claude(thinking=("adaptive",), efforts=("high",), max_tokens=500)) as small:
        provider = made(small, reasoning_on=ON, reasoning_off=OFF, reasoning_levels=LEVELS)
        provider.revision()
        for sampling, named in (
            (PLAIN, "max_tokens=1024: .* 500 at most"),
            (replace(PLAIN, max_tokens=9), "does not take thinking of type disabled"),
            (replace(PLAIN, max_tokens=9, reasoning="low"), "does not take effort low"),
        ):
            with pytest.raises(UsageError, match=named):
                provider.check(sampling)
        provider.check(replace(PLAIN, max_tokens=9, reasoning=True))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"model": None}, "model.id is missing"),
        ({"slots": 0}, "provider.slots=0"),
        ({"extra_body": {"system": "x"}}, "provider.extra_body.system"),
        (
            {"reasoning_on": {"thinking": {"type": "enabled", "budget_tokens": 100}}},
            r"provider.reasoning_on.thinking.budget_tokens=100",
        ),
    ],
)
def test_arguments_that_cannot_be_right_are_refused(arguments, named):
    with pytest.raises(UsageError, match=named):
        AnthropicMessages(**{"model": "m", **arguments})


def test_revision_and_context_are_the_services_own(server):
    provider = made(server)
    assert (provider.revision(), provider.context()) == ("claude-stub-20261101", 4096)
    assert made(server, context=256).context() == 256
    with AnthropicServer(Claude(id="claude-undated-5", created_at="2026-09-09T00:00:00Z")) as other:
        assert made(other).revision() == "claude-undated-5 of 2026-09-09"
    with AnthropicServer(Claude(lifecycle="retired")) as gone, pytest.raises(UnfitError, match="is retired"):
        made(gone).revision()


@pytest.mark.parametrize("question", ["revision", "context", "__enter__"])
def test_no_key_a_wrong_one_and_an_unknown_model_are_unfit(server, monkeypatch, question):
    def refusal(**changes) -> str:
        with pytest.raises(UnfitError) as caught:
            getattr(made(server, **changes), question)()
        return str(caught.value)

    assert "did you mean 'claude-stub-20261101'" in refusal(model="claude-stab")
    monkeypatch.setenv("MY_KEY", "sk-wrong-s3cret")
    wrong = refusal(api_key_env="MY_KEY")
    assert wrong.startswith("MY_KEY: ")
    assert "invalid x-api-key" in wrong
    assert "s3cret" not in wrong
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert "provider.api_key_env=ANTHROPIC_API_KEY: this environment variable is not set" in refusal()


def test_a_server_that_is_not_there_or_not_anthropics_is_unfit():
    nowhere = AnthropicMessages(model="m", base_url="http://user:word@127.0.0.1:9")
    with pytest.raises(UnfitError, match=r"provider\.base_url") as caught:
        nowhere.revision()
    assert "word@" not in str(caught.value)


# The environment


def test_the_environment_has_no_say_in_where_requests_go_and_what_they_hold(server, monkeypatch):
    for variable in ("ANTHROPIC_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-of-another-service")
    assert ask(server).message.content
    assert "token-of-another-service" not in json.dumps([asked.headers for asked in server.asked])
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "anthropic-beta: interleaved")
    with pytest.raises(UnfitError, match="ANTHROPIC_CUSTOM_HEADERS is set"):
        ask(server)


def test_a_proxy_is_used_where_one_is_named(server, monkeypatch):
    """A server of the same dialect stands in for the proxy: it is asked for another host's path."""
    monkeypatch.setenv("MY_PROXY", server.base_url)
    provider = AnthropicMessages(model="claude-stub", base_url="http://api.invalid", proxy_env="MY_PROXY")
    with pytest.raises(UnfitError, match="has no such model"):
        provider.revision()
    with pytest.raises(UnfitError, match=r"provider\.proxy_env=NO_SUCH_PROXY"):
        made(server, proxy_env="NO_SUCH_PROXY").revision()


def test_the_key_is_sent_and_never_said(server, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    said = {"type": "error", "error": {"type": "authentication_error", "message": f"wrong key: {KEY}"}}
    server.script(Reply(status=401, error=said))
    overheard: list[Exchange] = []
    provider = made(server)
    provider.listen(overheard.append)
    with provider, pytest.raises(Exception, match=r"wrong key: \*\*\*") as caught:
        provider.complete(ASKED, (), PLAIN)
    assert server.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    error = caught.value
    everything = repr(error) + repr(error.__cause__) + repr(vars(error)) + repr(overheard) + caplog.text
    assert "wrong key" in everything
    assert KEY not in everything
    assert KEY not in repr(vars(provider))


# Entering


def test_entering_makes_no_paid_call_unless_it_is_told_to(server):
    with made(server):
        assert server.asked == []
    with made(server, warm_up=True, reasoning_levels={"b": LEVELS["budget"]}) as provider:
        (warm_up,) = server.asked
        assert (warm_up.refused, warm_up.body["max_tokens"]) == (None, 1040)
        assert not provider.complete(ASKED, (), replace(ROOMY, reasoning="b")).cold
