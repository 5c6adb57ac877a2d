from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields

import pytest

from llmsweep.errors import ProviderError, UnfitError, UsageError
from llmsweep.providers.ollama import OllamaChat
from llmsweep.providers.ollama_wording import NEUTRAL, address
from llmsweep.testing import OllamaModel, OllamaReply, OllamaServer
from llmsweep.types import Completion, Message, Sampling, Tool, ToolCall

ASKED = (Message(role="user", content="hi"),)
TOOL = Tool(name="add", description="Add.", parameters={"type": "object", "properties": {}})
CALL = {"id": "call_1", "function": {"index": 0, "name": "add", "arguments": {"x": 1}}}


@pytest.fixture(scope="module")
def shared() -> Iterator[OllamaServer]:
    with OllamaServer() as server:
        yield server


@pytest.fixture
def server(shared: OllamaServer) -> OllamaServer:
    """One that has seen nothing yet."""
    shared.forget()
    return shared


def made(server: OllamaServer, **changes) -> OllamaChat:
    return OllamaChat(**{"model": "stub", "host": server.host, "context": 4096, **changes})


def ask(
    server: OllamaServer, *replies: OllamaReply, sampling: Sampling | None = None, **changes
) -> Completion:
    with made(server, **changes) as provider:
        server.script(*replies)
        return provider.complete(ASKED, (), sampling or Sampling())


def fault(server: OllamaServer, *replies: OllamaReply, **changes) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(server, *replies, **changes)
    return caught.value


def sent(server: OllamaServer) -> dict:
    """The last request of an episode: what leaving sends has no messages."""
    return [asked.body for asked in server.asked if asked.body["messages"]][-1]


def said(*fragments: dict, **final) -> OllamaReply:
    return OllamaReply(fragments=fragments, final={"done_reason": "stop", "prompt_eval_count": 9, **final})


# What reaches the wire


@pytest.mark.parametrize(
    ("sampling", "options"),
    [
        (Sampling(temperature=0.7), {"temperature": 0.7}),
        (Sampling(temperature=0.0), {"temperature": 0.0}),
        (Sampling(top_p=0.9), {"top_p": 0.9}),
        (Sampling(top_k=20), {"top_k": 20}),
        (Sampling(min_p=0.05), {"min_p": 0.05}),
        (Sampling(repeat_penalty=1.1), {"repeat_penalty": 1.1}),
        (Sampling(max_tokens=77), {"num_predict": 77}),
        (Sampling(seed=12345), {"seed": 12345}),
    ],
    ids=str,
)
def test_every_setting_is_an_option(server, sampling: Sampling, options: dict):
    ask(server, sampling=sampling)
    assert options.items() <= sent(server)["options"].items()


@pytest.mark.parametrize("reasoning", [False, True, "low", "medium", "high", "max"])
def test_thinking_is_always_said(server, reasoning: bool | str):
    ask(server, sampling=Sampling(reasoning=reasoning))
    assert sent(server)["think"] is reasoning or sent(server)["think"] == reasoning


def test_no_sampling_field_is_forgotten_here():
    tested = {"temperature", "top_p", "top_k", "min_p", "repeat_penalty"}
    tested |= {"max_tokens", "seed", "reasoning", "echo_reasoning"}
    assert {field.name for field in fields(Sampling)} == tested


def test_a_request_leaves_nothing_to_the_models_own_file(server):
    ask(server, sampling=Sampling(seed=None, temperature=None, top_p=None))
    assert sent(server) == {
        "model": "stub",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "think": False,
        "truncate": False,
        "shift": False,
        "keep_alive": "30m",
        "options": {**NEUTRAL, "num_ctx": 4096, "num_predict": 1024},
    }


def test_options_of_ones_own_win_over_the_neutral_ones(server):
    ask(server, options={"top_k": 20, "num_thread": 2})
    assert {"top_k": 20, "num_thread": 2, "min_p": 0.0}.items() <= sent(server)["options"].items()
    ask(server, options={"top_k": 20}, sampling=Sampling(top_k=40))
    assert sent(server)["options"]["top_k"] == 40


@pytest.mark.parametrize("name", ["num_ctx", "temperature", "top_kk"])
def test_an_option_that_is_ours_or_nobodys_is_refused(name: str):
    with pytest.raises(UsageError, match=name):
        OllamaChat(model="stub", options={name: 1})


def test_all_requests_ask_for_the_same_window_so_that_nothing_is_loaded_twice(server):
    ask(server)
    windows = {a.body["options"]["num_ctx"] for a in server.asked if "options" in a.body}
    assert windows == {4096}
    assert [a.loaded for a in server.asked].count(True) == 1


@pytest.mark.parametrize("echo", [True, False])
def test_a_conversation_with_calls_and_results_goes_back_with_its_ids(server, echo: bool):
    calls = (ToolCall(id="a", name="add", arguments='{"x": 1}'), ToolCall(id="b", name="add", arguments="{x"))
    history = (
        *ASKED,
        Message(role="assistant", reasoning="thought", tool_calls=calls),
        Message(role="tool", content="2", tool_call_id="a"),
    )
    with made(server) as provider:
        provider.complete(history, (TOOL,), Sampling(reasoning=True, echo_reasoning=echo))
    body = sent(server)
    assistant, result = body["messages"][1:]
    assert assistant.get("thinking") == ("thought" if echo else None)
    assert [call["function"]["arguments"] for call in assistant["tool_calls"]] == [
        {"x": 1},
        {"invalid": "{x"},
    ]
    assert [call["id"] for call in assistant["tool_calls"]] == ["a", "b"]
    assert result == {"role": "tool", "content": "2", "tool_call_id": "a", "tool_name": "add"}
    assert body["tools"][0]["function"]["parameters"] == TOOL.parameters


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (None, "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("box:1234", "http://box:1234"),
        ("https://ai.example/ollama/", "https://ai.example:443/ollama"),
        ("http://me:secret@box", "http://box:11434"),
        ("[::1]:99", "http://[::1]:99"),
    ],
)
def test_a_host_is_taken_as_people_write_it(given, url: str, monkeypatch):
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    assert address(given) == url
    if given:
        monkeypatch.setenv("OLLAMA_HOST", given)
        assert address(None) == url


def test_a_host_that_is_none_is_refused():
    with pytest.raises(UsageError, match=r"provider\.host=box:port"):
        address("box:port")


# What comes back


def test_clocks_and_counts_are_the_servers(server):
    answer = ask(
        server,
        said(
            {"thinking": "hm"},
            {"content": "yes"},
            load_duration=20_000_000,
            prompt_eval_duration=1_500_000_000,
            eval_duration=250_000_000,
            eval_count=7,
            prompt_eval_cached_count=4,
        ),
    )
    assert (answer.load_s, answer.prefill_s, answer.decode_s) == (0.02, 1.5, 0.25)
    usage = answer.usage
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.reasoning_tokens) == (
        9,
        4,
        7,
        None,
    )
    assert (answer.message.reasoning, answer.message.content) == ("hm", "yes")
    assert not answer.cold


def test_what_is_not_reported_is_not_zero(server):
    answer = ask(server, said({"content": "yes"}))
    assert (answer.usage.cached_tokens, answer.usage.output_tokens, answer.prefill_s) == (None, None, None)


def test_the_first_token_is_dated_by_its_bytes(server):
    with made(server) as provider:
        server.script(
            OllamaReply(
                silent_s=0.2, gap_s=0.1, fragments=[{"content": ""}, {"thinking": "h"}, {"content": "y"}]
            )
        )
        answer = provider.complete(ASKED, (), Sampling())
    # The first line is empty and no piece: the second came after 0.2 s of silence and two gaps.
    assert answer.ttft_s is not None
    assert answer.ttfo_s is not None
    assert answer.ttft_s >= 0.4
    assert answer.ttfo_s - answer.ttft_s >= 0.09
    assert answer.ttfo_s <= answer.duration_s


def test_a_call_that_comes_whole_does_not_date_the_first_token(server):
    answer = ask(server, said({"tool_calls": [CALL]}))
    assert (answer.ttft_s, answer.ttfo_s, answer.stop_reason) == (None, None, "tool_calls")
    assert answer.message.tool_calls == (ToolCall(id="call_1", name="add", arguments='{"x": 1}'),)
    answer = ask(server, said({"thinking": "h"}, {"tool_calls": [CALL]}))
    assert answer.ttft_s is not None
    assert answer.ttfo_s is None


def test_what_was_held_back_until_the_last_line_does_not_either(server):
    last = {"message": {"content": "yes"}, "done": True, "done_reason": "stop", "prompt_eval_count": 9}
    answer = ask(server, OllamaReply(raw=json.dumps(last) + "\n"))
    assert (answer.message.content, answer.ttft_s) == ("yes", None)
    assert answer.duration_s > 0


def test_calls_without_ids_or_with_their_arguments_in_a_string_are_understood(server):
    call = {"function": {"name": "add", "arguments": '{"x": 2}'}}
    (made_call,) = ask(server, said({"tool_calls": [call]})).message.tool_calls
    assert made_call == ToolCall(id="call_1_0", name="add", arguments='{"x": 2}')


def test_a_model_that_was_loaded_for_a_call_makes_it_cold(server):
    with made(server) as provider:
        server.script(said({"content": "a"}, load_duration=3 * 10**9))
        assert provider.complete(ASKED, (), Sampling()).cold
        assert not provider.complete(ASKED, (), Sampling()).cold


# A full window


def test_a_refused_prompt_is_a_full_context(server):
    flood = Message(role="user", content="word " * 4096)
    with made(server) as provider:
        assert provider.complete((flood,), (), Sampling()).stop_reason == "context"


@pytest.mark.parametrize(
    ("reason", "read", "spoken", "expected"),
    [
        ("length", 4000, 96, "context"),
        ("length", 4000, 95, "length"),
        ("stop", 4000, 97, "stop"),
        ("stop", 4000, 300, "context"),
        ("unheard of", 9, 1, "unknown"),
    ],
)
def test_an_answer_that_fills_the_window_is_told_from_a_long_one(server, reason, read, spoken, expected):
    reply = said({"content": "a"}, done_reason=reason, prompt_eval_count=read, eval_count=spoken)
    assert ask(server, reply).stop_reason == expected


def test_a_crash_whose_message_quotes_an_earlier_refusal_is_a_fault_not_a_full_context(server):
    # As Ollama 0.33 words it when its runner is killed in an answer: the quote is of a request refused long before.
    quote = "error: request (9138 tokens) exceeds the available context size (2048 tokens), try increasing it"
    lines = [
        json.dumps({"message": {"content": "The"}, "done": False}),
        json.dumps({"error": f"an error was encountered while running the model: {quote}"}),
    ]
    error = fault(server, OllamaReply(raw="\n".join(lines) + "\n"))
    assert "while running the model" in str(error)
    assert error.retryable


def conversation(turns: int, words: int = 300) -> tuple[Message, ...]:
    said = [Message(role="user", content=f"{n} " + "word " * words) for n in range(turns)]
    return (Message(role="system", content="Be brief."), *said)


def test_prompts_that_are_cut_in_silence_are_noticed_as_the_conversation_grows():
    with OllamaServer(OllamaModel(cuts=True)) as server, made(server, context=2048) as provider:
        reasons = [provider.complete(conversation(n), (), Sampling()).stop_reason for n in range(1, 8)]
        # 300 words of five letters are 375 tokens there: the sixth no longer fits 2048.
        assert reasons == ["stop"] * 5 + ["context"] * 2
        assert provider.complete(conversation(3), (), Sampling()).stop_reason == "stop"
        assert provider.complete(conversation(1, words=9000), (), Sampling()).stop_reason == "context"


def test_counts_are_believed_of_a_server_that_refuses_what_does_not_fit(server):
    with made(server) as provider:
        provider.complete(conversation(8), (), Sampling())
        server.script(said({"content": "a"}, prompt_eval_count=5))
        assert provider.complete(conversation(9), (), Sampling()).stop_reason == "stop"


# Faults


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (OllamaReply(fragments=[{"content": "a"}], final=None), "no done: true"),
        (OllamaReply(fragments=[{"content": "a"}], ends="dropped"), "connection failed"),
        (OllamaReply(raw='{"message": {"content": \n'), "malformed chunk"),
        (
            OllamaReply(raw='{"error": "an error was encountered while running the model"}\n'),
            "while running the model",
        ),
        (OllamaReply(content_type="text/html", raw="<html>\n"), "text/html"),
        (OllamaReply(status=500, error={"error": "runner stopped"}), "runner stopped"),
        (OllamaReply(status=503, error={"error": "server busy"}), "server busy"),
        (OllamaReply(status=429, error={"error": "slowly"}), "slowly"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_may_be_tried_again(server, reply: OllamaReply, words: str):
    error = fault(server, reply)
    assert words in str(error)
    assert error.retryable
    assert not error.fatal


def test_a_model_that_is_gone_ends_the_sweep(server):
    error = fault(server, OllamaReply(status=404, error={"error": "model 'stub' not found"}))
    assert error.fatal


def test_a_request_that_is_turned_down_is_not_repeated(server):
    error = fault(server, OllamaReply(status=400, error={"error": "stub does not support tools"}))
    assert error.refused
    assert not error.retryable


def test_someone_elses_answer_is_refused(server):
    error = fault(server, said({"content": "a"}, remote_host="https://elsewhere.example"))
    assert error.fatal
    assert "elsewhere.example" in str(error)


def test_silence_is_limited_not_the_whole_answer(server):
    slow = OllamaReply(
        gap_s=0.12, fragments=[{"content": "a"}] * 5, final={"done_reason": "stop", "prompt_eval_count": 9}
    )
    assert ask(server, slow, idle_timeout_s=0.4).message.content == "aaaaa"
    for silent in (OllamaReply(silent_s=1.0), OllamaReply(fragments=[{"content": "a"}], ends="stalled")):
        error = fault(server, silent, idle_timeout_s=0.2)
        assert "no answer in time" in str(error)
        assert error.retryable


def test_abort_cuts_a_stalled_stream_at_once(server):
    begun = threading.Event()
    caught: list[ProviderError] = []

    def wait(provider: OllamaChat) -> None:
        try:
            provider.complete(ASKED, (), Sampling(), lambda *_: begun.set())
        except ProviderError as e:
            caught.append(e)

    with made(server) as provider:
        server.script(OllamaReply(fragments=[{"content": "a"}], ends="stalled"))
        thread = threading.Thread(target=wait, args=(provider,))
        thread.start()
        assert begun.wait(10)
        cut = time.perf_counter()
        provider.abort()
        thread.join(10)
    assert time.perf_counter() - cut < 0.5
    assert [str(e) for e in caught] == ["aborted"]


# The door


def test_the_revision_is_the_digest(server):
    assert made(server).revision() == "5" * 64
    assert made(server, model="stub:latest", revision="555555555555").revision() == "5" * 64


def test_the_servers_version_is_known(server):
    assert made(server).server == "ollama 0.33.0"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"keep_alive": 0}, "keep_alive=0"),
        ({"slots": 0}, "slots=0"),
        ({"context": 0}, "context=0"),
        ({"model": None}, "model.id"),
    ],
)
def test_an_argument_that_cannot_be_right_is_refused(setting, words: str):
    with pytest.raises(UsageError, match=words):
        OllamaChat(**{"model": "stub", **setting})


def test_a_tag_that_has_moved_is_refused(server):
    with pytest.raises(UnfitError, match="the tag has moved"):
        made(server, revision="1234567890ab").revision()


def test_a_model_that_is_not_there_is_refused_with_how_to_get_it(server):
    with pytest.raises(UnfitError, match=r"ollama pull qwen3-coder:30b.*stub:latest"):
        made(server, model="qwen3-coder:30b").revision()


def test_a_server_that_is_not_there_is_refused_with_how_to_start_it():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UnfitError, match="ollama serve"):
        OllamaChat(model="stub", host=f"127.0.0.1:{port}").revision()


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ({"version": "0.30.0"}, "counts prompts wrongly"),
        ({"version": "0.30.0-rc1"}, "counts prompts wrongly"),
        ({"remote_host": "https://ollama.example"}, "passes it on to https://ollama.example"),
    ],
)
def test_what_would_be_measured_wrongly_is_refused_before_entering(model, words):
    with OllamaServer(OllamaModel(**model)) as server, pytest.raises(UnfitError, match=words):
        made(server).revision()


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (
            {"too_large": "model requires more system memory (9 GiB) than is available (2 GiB)"},
            "could not be loaded",
        ),
        ({"says_window": False}, "does not say which window"),
        ({"counts": False}, "prompt_eval_count"),
    ],
)
def test_what_would_be_measured_wrongly_is_refused_at_entering(model, words):
    with OllamaServer(OllamaModel(**model)) as server:
        with pytest.raises(UnfitError, match=words), made(server):
            pass
        assert server.loaded is None


def test_version_0_30_10_is_not_0_30_0():
    with OllamaServer(OllamaModel(version="0.30.10")) as server:
        assert made(server).revision()


def test_a_window_that_the_model_does_not_have_is_refused(server):
    with pytest.raises(UsageError, match=r"provider\.context=65536.*32768"):
        made(server, context=65536).context()


def test_another_window_in_force_is_refused():
    with OllamaServer(OllamaModel(fits=1024)) as server:
        with (
            pytest.raises(UnfitError, match=r"provider\.context=4096: Ollama has a window of 1024"),
            made(server),
        ):
            pass
        assert server.loaded is None


def test_leaving_gives_the_memory_back_unless_it_was_taken_before(server):
    with made(server):
        assert server.loaded == 4096
    assert server.loaded is None
    with made(server):
        with made(server) as second:
            second.complete(ASKED, (), Sampling())
        assert server.loaded == 4096
    with made(server, after="keep"):
        pass
    assert server.loaded == 4096


@pytest.mark.parametrize(
    ("model", "sampling", "words"),
    [
        ({"capabilities": ("completion",)}, Sampling(reasoning=True), "no capability 'thinking'"),
        ({"capabilities": ("completion",)}, Sampling(reasoning="low"), "no capability 'thinking'"),
        ({"family": "gptoss"}, Sampling(reasoning=True), "takes low, medium or high"),
        ({"family": "gptoss"}, Sampling(reasoning=False), "takes low, medium or high"),
        ({}, Sampling(reasoning="hihg"), "did you mean 'high'"),
        (
            {"template": "{{ .Content }}"},
            Sampling(reasoning=True, echo_reasoning=True),
            "echo_reasoning=true",
        ),
        ({}, Sampling(max_tokens=4096), "max_tokens=4096"),
    ],
)
def test_a_setting_that_cannot_be_had_is_refused(model, sampling: Sampling, words: str):
    with OllamaServer(OllamaModel(**model)) as server, pytest.raises(UsageError, match=words):
        made(server).check(sampling)


def test_gpt_oss_is_warmed_up_at_a_level():
    with OllamaServer(OllamaModel(family="gptoss")) as server:
        with made(server) as provider:
            provider.check(Sampling(reasoning="high"))
        thoughts = {asked.body["think"] for asked in server.asked if asked.body["messages"]}
    assert thoughts == {"low"}


def test_echo_can_be_vouched_for():
    with OllamaServer(OllamaModel(template="")) as server:
        made(server, echo=True).check(Sampling(reasoning=True, echo_reasoning=True))
