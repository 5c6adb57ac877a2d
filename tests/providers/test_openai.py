from __future__ import annotations

import json
import threading
import time
from dataclasses import fields

import pytest

from llmsweep.errors import ProviderError, UnfitError, UsageError
from llmsweep.providers.openai import OpenAICompatible
from llmsweep.testing.server import Answer, Model, Piece, SseServer, text
from llmsweep.types import Completion, Message, Sampling, Tool, ToolCall

ASKED = (Message(role="user", content="hi"),)
FIELDS = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"}
ON = {"chat_template_kwargs": {"enable_thinking": True}}
OFF = {"chat_template_kwargs": {"enable_thinking": False}}
TOOL = Tool(name="add", description="Add.", parameters={"type": "object", "properties": {}})


def made(server: SseServer, **changes) -> OpenAICompatible:
    return OpenAICompatible(**{"model": "stub", "base_url": server.base_url, "warm_up": False, **changes})


def ask(server: SseServer, *answers: Answer, sampling: Sampling | None = None, **changes) -> Completion:
    server.script(*answers)
    with made(server, **changes) as provider:
        return provider.complete(ASKED, (), sampling or Sampling())


def fault(server: SseServer, *answers: Answer, **changes) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(server, *answers, **changes)
    return caught.value


def sent(server: SseServer) -> dict:
    return server.seen[-1].body


# What reaches the wire


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (Sampling(temperature=0.7), {"temperature": 0.7}),
        (Sampling(temperature=0.0), {"temperature": 0.0}),
        (Sampling(top_p=0.9), {"top_p": 0.9}),
        (Sampling(top_k=20), {"top_k": 20}),
        (Sampling(top_k=0), {"top_k": 0}),
        (Sampling(min_p=0.05), {"min_p": 0.05}),
        (Sampling(repeat_penalty=1.1), {"repetition_penalty": 1.1}),
        (Sampling(max_tokens=77), {"max_tokens": 77}),
        (Sampling(seed=12345), {"seed": 12345}),
        (Sampling(reasoning=True), ON),
        (Sampling(reasoning=False), OFF),
        (Sampling(reasoning="low"), {"reasoning_effort": "low"}),
    ],
    ids=str,
)
def test_every_setting_reaches_the_wire(server, sampling: Sampling, expected: dict):
    levels = {"low": {"reasoning_effort": "low"}}
    provider = {"reasoning_on": ON, "reasoning_off": OFF, "reasoning_levels": levels}
    ask(server, sampling=sampling, sampling_fields=FIELDS, **provider)
    assert expected.items() <= sent(server).items()


def test_no_sampling_field_is_forgotten_here():
    tested = {"temperature", "top_p", "top_k", "min_p", "repeat_penalty"}
    tested |= {"max_tokens", "seed", "reasoning", "echo_reasoning"}
    assert {field.name for field in fields(Sampling)} == tested


def test_a_request_is_streamed_with_usage_and_has_nothing_unasked(server):
    ask(server, sampling=Sampling(seed=None))
    assert sent(server) == {
        "model": "stub",
        "messages": [{"role": "user", "content": "hi"}],
        "temperature": 0.0,
        "top_p": 1.0,
        "max_tokens": 1024,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_extra_fields_are_sent_beside_those_of_reasoning(server):
    extra = {"top_k": 0, "min_p": 0.0, "chat_template_kwargs": {"tools_in_user_message": False}}
    ask(server, sampling=Sampling(reasoning=True), extra_body=extra, reasoning_on=ON, reasoning_off=OFF)
    body = sent(server)
    assert (body["top_k"], body["min_p"]) == (0, 0.0)
    assert body["chat_template_kwargs"] == {"tools_in_user_message": False, "enable_thinking": True}


def test_a_setting_of_the_cell_wins_over_the_providers_own_field_and_null_leaves_it(server):
    own = {"top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0}
    ask(server, sampling=Sampling(top_k=20, repeat_penalty=1.1), extra_body=own, sampling_fields=FIELDS)
    assert {"top_k": 20, "min_p": 0.0, "repetition_penalty": 1.1}.items() <= sent(server).items()
    ask(server, sampling=Sampling(), extra_body=own, sampling_fields=FIELDS)
    assert own.items() <= sent(server).items()
    ask(server, sampling=Sampling(), sampling_fields=FIELDS)
    assert not own.keys() & sent(server).keys()


@pytest.mark.parametrize("knob", FIELDS)
@pytest.mark.parametrize("fields", [None, {}, {"top_k": None, "min_p": None, "repeat_penalty": None}])
def test_a_setting_without_a_field_is_refused_at_the_door(server, knob: str, fields: dict | None):
    provider = made(server, sampling_fields=fields)
    with pytest.raises(UsageError, match=rf"{knob}=1: .*provider\.sampling_fields\.{knob}={knob}"):
        provider.check(Sampling(**{knob: 1}))
    provider.check(Sampling())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"topk": "top_k"}, r"provider\.sampling_fields\.topk: .* did you mean 'top_k'"),
        ({"top_k": "temperature"}, r"provider\.sampling_fields\.top_k=temperature: the sweep sends this"),
    ],
)
def test_fields_that_cannot_be_right_are_refused(server, fields: dict, words: str):
    with pytest.raises(UsageError, match=words):
        made(server, sampling_fields=fields)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_goes_back_in_the_field_that_the_server_takes(server, field: str):
    history = (*ASKED, Message(role="assistant", content="a", reasoning="thought"), *ASKED)
    with made(server, reasoning_on=ON, reasoning_off=OFF, echo=True, echo_field=field) as provider:
        provider.complete(history, (), Sampling(reasoning=True, echo_reasoning=True))
    said = sent(server)["messages"][1]
    assert said == {"role": "assistant", "content": "a", field: "thought"}


@pytest.mark.parametrize("echo", [True, False])
def test_a_conversation_with_calls_and_results_goes_back(server, echo: bool):
    calls = (ToolCall(id="a", name="add", arguments='{"x": 1}'), ToolCall(id="b", name="add", arguments="{x"))
    history = (
        *ASKED,
        Message(role="assistant", reasoning="thought", tool_calls=calls),
        Message(role="tool", content="2", tool_call_id="a"),
    )
    with made(server, reasoning_on=ON, reasoning_off=OFF, echo=True) as provider:
        provider.complete(history, (TOOL,), Sampling(reasoning=True, echo_reasoning=echo))
    body = sent(server)
    said = body["messages"][1]
    assert said["content"] == ""
    assert said.get("reasoning_content") == ("thought" if echo else None)
    assert said["tool_calls"][0] == {
        "id": "a",
        "type": "function",
        "function": {"name": "add", "arguments": '{"x": 1}'},
    }
    assert said["tool_calls"][1]["function"]["arguments"] == '{"invalid": "{x"}'
    assert body["messages"][2] == {"role": "tool", "content": "2", "tool_call_id": "a"}
    assert body["tools"] == [
        {
            "type": "function",
            "function": {"name": "add", "description": "Add.", "parameters": TOOL.parameters},
        }
    ]


def test_the_key_is_sent_and_never_said(server, monkeypatch):
    monkeypatch.setenv("STUB_KEY", "s3cret-key")
    refused = Answer(status=401, error={"error": {"message": "wrong key: s3cret-key"}})
    error = fault(server, refused, api_key_env="STUB_KEY")
    assert server.seen[-1].headers["authorization"] == "Bearer s3cret-key"
    assert error.fatal
    assert "wrong key: ***" in str(error)
    assert "s3cret" not in repr(error) + repr(error.__cause__) + repr(vars(error))


def test_without_a_key_of_ones_own_none_is_sent(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    ask(server)
    assert server.seen[-1].headers["authorization"] == "Bearer none"


# What is refused at the door


@pytest.mark.parametrize(
    ("arguments", "sampling", "named"),
    [
        ({}, Sampling(reasoning=True), "reasoning=true"),
        ({"reasoning_on": ON}, Sampling(reasoning=False), "reasoning=false"),
        ({"reasoning_levels": {"low": {}, "high": {}}}, Sampling(reasoning="hihg"), "did you mean 'high'"),
        ({"reasoning_on": ON}, Sampling(reasoning=True, echo_reasoning=True), "echo_reasoning=true"),
        ({"context": 1024}, Sampling(max_tokens=1024), "max_tokens=1024"),
    ],
)
def test_a_setting_that_cannot_be_honoured_is_refused(arguments, sampling, named):
    with pytest.raises(UsageError, match=named):
        OpenAICompatible(model="m", **arguments).check(sampling)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"model": None}, "model.id is missing"),
        ({"model": "m", "slots": 0}, "provider.slots=0"),
        ({"model": "m", "extra_body": {"temperature": 1}}, "provider.extra_body.temperature"),
    ],
)
def test_arguments_that_cannot_be_right_are_refused(arguments, named):
    with pytest.raises(UsageError, match=named):
        OpenAICompatible(**arguments)


def test_a_key_that_is_not_set_is_unfit(server):
    with pytest.raises(UnfitError, match=r"provider\.api_key_env=NO_SUCH_KEY"):
        made(server, api_key_env="NO_SUCH_KEY").revision()


def test_a_model_that_is_not_served_is_unfit(server):
    with pytest.raises(UnfitError, match=r"model.id=stab: .* did you mean 'stub'"):
        made(server, model="stab").revision()


def test_a_server_that_is_not_there_is_unfit():
    nowhere = OpenAICompatible(model="m", base_url="http://user:word@127.0.0.1:9/v1")
    with pytest.raises(UnfitError, match="start an OpenAI-compatible server") as caught:
        nowhere.revision()
    assert "word@" not in str(caught.value)


def test_revision_and_context_as_configured_or_as_the_server_says(server):
    assert (made(server).revision(), made(server).context()) == ("stub", 512)
    configured = made(server, revision="v2", context=256)
    assert (configured.revision(), configured.context()) == ("v2", 256)


# What comes back


def test_an_answer_is_put_together_with_its_clocks(server):
    pieces = [
        Piece({"role": "assistant", "content": ""}),
        Piece({"reasoning_content": "so "}, 0.05),
        Piece({"reasoning": "it is"}),
        text("Hel", 0.05),
        text("lo"),
    ]
    usage = {
        "prompt_tokens": 20,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 16},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    timings = {"cache_n": 16, "prompt_ms": 40.0, "predicted_ms": 80.0}
    answer = Answer(pieces=pieces, usage=usage, timings=timings)
    got = ask(server, answer, sampling=Sampling(reasoning=True), reasoning_on=ON, reasoning_off=OFF)
    assert got.message == Message(role="assistant", content="Hello", reasoning="so it is")
    assert (got.usage.input_tokens, got.usage.cached_tokens) == (20, 16)
    assert (got.usage.output_tokens, got.usage.reasoning_tokens) == (5, 2)
    assert (got.prefill_s, got.decode_s, got.stop_reason) == (0.04, 0.08, "stop")
    assert 0.05 <= got.ttft_s < 0.1 <= got.ttfo_s <= got.duration_s
    assert got.cold


def test_what_is_not_reported_is_not_zero(server):
    got = ask(server, Answer(pieces=[text("x")]))
    assert set(map(got.usage.__getattribute__, ("input_tokens", "cached_tokens", "output_tokens"))) == {None}
    assert got.usage.reasoning_tokens is got.prefill_s is got.decode_s is None


def test_an_empty_answer_has_no_first_token(server):
    got = ask(server, Answer(pieces=[Piece({"role": "assistant", "content": ""}), Piece({"content": None})]))
    assert (got.message.content, got.ttft_s, got.ttfo_s) == ("", None, None)


def test_fragments_of_several_calls_are_merged(server):
    def fragment(index, **parts) -> Piece:
        call = {"index": index, "function": {k: v for k, v in parts.items() if k != "id"}}
        return Piece({"tool_calls": [call | ({"id": parts["id"]} if "id" in parts else {})]})

    pieces = [
        fragment(0, id="a", name="bash", arguments=""),
        fragment(0, arguments='{"command":'),
        fragment(1, name="submit"),
        fragment(0, arguments=' "ls"}'),
        fragment(1, arguments="{}"),
    ]
    got = ask(server, Answer(pieces=pieces, finish="stop"))
    assert got.message.tool_calls == (
        ToolCall(id="a", name="bash", arguments='{"command": "ls"}'),
        ToolCall(id="call_1_1", name="submit", arguments="{}"),
    )
    assert got.stop_reason == "tool_calls"
    assert got.ttft_s == got.ttfo_s is not None


@pytest.mark.parametrize(
    ("finish", "completion_tokens", "expected"),
    [
        ("length", 10, "length"),
        ("length", 492, "context"),
        ("content_filter", 10, "refusal"),
        ("eos", 10, "unknown"),
        ("stop", 492, "stop"),
    ],
)
def test_stop_reasons_have_our_words(server, finish, completion_tokens, expected):
    usage = {"prompt_tokens": 20, "completion_tokens": completion_tokens}
    got = ask(server, Answer(pieces=[text("x")], finish=finish, usage=usage), context=512)
    assert got.stop_reason == expected


@pytest.mark.parametrize(
    "error",
    [
        {"code": 400, "type": "exceed_context_size_error", "message": "request (631 tokens) exceeds ..."},
        {"code": "context_length_exceeded", "message": "too long"},
        {"message": "This model's maximum context length is 4096 tokens. However, you requested 5000."},
        {"message": "The decoder prompt (length 9) is longer than the maximum model length of 8."},
    ],
)
def test_a_prompt_that_does_not_fit_is_a_full_context(server, error):
    got = ask(server, Answer(status=400, error={"error": error}))
    assert (got.stop_reason, got.message.content, got.ttft_s) == ("context", "", None)


def test_a_full_context_told_in_the_stream_is_known_by_its_name_alone(server):
    named = {"code": 400, "type": "exceed_context_size_error", "message": "too long"}
    got = ask(server, Answer(garbage=f"data: {json.dumps({'error': named})}"))
    assert got.stop_reason == "context"
    crashed = {"message": "llama runner terminated; request (9138 tokens) exceeds the available context size"}
    error = fault(server, Answer(pieces=[text("x")], garbage=f"data: {json.dumps({'error': crashed})}"))
    assert error.retryable


def test_a_model_that_reasons_unasked_is_not_logged_as_silent(server):
    error = fault(server, Answer(pieces=[Piece({"reasoning_content": "hmm"}), text("x")]))
    assert error.fatal
    assert "provider.reasoning_off" in str(error)


# Faults


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_these_are_worth_another_try(server, status):
    error = fault(server, Answer(status=status, error={"error": {"message": "busy"}}))
    assert (error.retryable, error.fatal, error.retry_after_s) == (True, False, None)
    assert f"answered {status}: busy" in str(error)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_these_stop_the_sweep(server, status):
    error = fault(server, Answer(status=status, error="no"))
    assert (error.retryable, error.fatal) == (False, True)


@pytest.mark.parametrize("status", [400, 422])
def test_these_are_the_episodes_own(server, status):
    error = fault(server, Answer(status=status, error={"error": "bad"}))
    assert (error.retryable, error.fatal) == (False, False)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
    ],
)
def test_the_server_says_when_to_come_back(server, headers, seconds):
    assert fault(server, Answer(status=429, headers=headers, error="")).retry_after_s == seconds


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(pieces=[text("x")], ends="dropped"), "the connection failed"),
        (Answer(pieces=[text("x")], finish=None), "no finish_reason"),
        (Answer(pieces=[text("x")], garbage='data: {"choices": [{]}'), "malformed chunk"),
        (Answer(pieces=[text("x")], garbage='data: {"choices": 7}'), "malformed chunk"),
        (
            Answer(pieces=[text("x")], garbage='data: {"error": {"message": "oom"}}'),
            "middle of an answer.*oom",
        ),
    ],
    ids=["dropped", "unfinished", "no json", "wrong shape", "error event"],
)
def test_an_answer_that_breaks_off_is_a_retryable_fault(server, answer, words):
    error = fault(server, answer)
    assert error.retryable
    with pytest.raises(ProviderError, match=words):
        raise error


def test_silence_is_a_fault_but_a_long_answer_is_not(server):
    slow = Answer(pieces=[text("x", 0.1)] * 5)
    assert ask(server, slow, idle_timeout_s=0.3).message.content == "xxxxx"
    error = fault(server, Answer(pieces=[text("x")], ends="stalled"), idle_timeout_s=0.3)
    assert error.retryable
    assert "no answer in time" in str(error)


def test_comments_between_events_are_passed_over(server):
    assert ask(server, Answer(pieces=[text("x")], garbage=": ping")).message.content == "x"


def test_a_server_that_dies_is_a_retryable_fault():
    with SseServer(Model()) as server:
        server.script(Answer(pieces=[text("x")], ends="stalled"))
        with made(server) as provider:
            dying = threading.Timer(0.3, server.kill)
            dying.start()
            with pytest.raises(ProviderError) as caught:
                provider.complete(ASKED, (), Sampling())
            dying.join()
            assert caught.value.retryable
            with pytest.raises(ProviderError) as again:
                provider.complete(ASKED, (), Sampling())
            assert again.value.retryable


def test_a_kept_connection_that_closes_under_a_request_is_no_fault(server):
    answers = [Answer(pieces=[text(str(number))], ends="hanging up") for number in range(3)]
    server.script(*answers)
    with made(server) as provider:
        got = [provider.complete(ASKED, (), Sampling()) for _ in answers]
    assert [(c.message.content, c.retries) for c in got] == [("0", 0), ("1", 0), ("2", 0)]


# Entering, warmth and abort


def test_entering_makes_one_call_that_is_in_no_figure(server):
    with made(server, warm_up=True) as provider:
        (warm_up,) = server.seen
        assert warm_up.body["max_tokens"] < 10
        assert not provider.complete(ASKED, (), Sampling()).cold


def test_without_a_warm_up_the_first_answer_is_cold(server):
    with made(server) as provider:
        assert [provider.complete(ASKED, (), Sampling()).cold for _ in range(3)] == [True, False, False]


def test_a_warm_up_waits_for_a_server_that_is_loading(server):
    server.script(Answer(status=503, error={"error": {"message": "Loading model"}}))
    with made(server, warm_up=True):
        assert len(server.seen) == 2


def test_it_is_of_no_use_outside_of_its_with_block(server):
    with pytest.raises(ProviderError, match="outside of its with block"):
        made(server).complete(ASKED, (), Sampling())


@pytest.mark.parametrize(
    "stuck",
    [Answer(silent_s=30), Answer(pieces=[text("x")], ends="stalled")],
    ids=["before the headers", "in the answer"],
)
def test_abort_wakes_those_that_wait_at_once(server, stuck):
    server.script(*[stuck] * 4)
    errors: list[ProviderError] = []

    def wait() -> None:
        with pytest.raises(ProviderError) as caught:
            provider.complete(ASKED, (), Sampling())
        errors.append(caught.value)

    with made(server, slots=4) as provider:
        threads = [threading.Thread(target=wait) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(server.seen) < 4:
            time.sleep(0.02)
        started = time.perf_counter()
        provider.abort()
        for thread in threads:
            thread.join(10)
        assert time.perf_counter() - started < 1
        assert [(str(e), e.retryable) for e in errors] == [("aborted", False)] * 4
        with pytest.raises(ProviderError, match="aborted"):
            provider.complete(ASKED, (), Sampling())
