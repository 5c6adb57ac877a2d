"""The verb filter through the command line: scripted models and real local servers, faults, resuming, the report."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmsweep.calls import CALLS, Call, read_about, read_calls
from llmsweep.cli import run
from llmsweep.testing import Answer, AnthropicServer, Model, OllamaServer, SseServer
from llmsweep.wake.prompting import prompt_text

SCRIPTED = ["model=scripted", "plots=false", "prompt=thin", "repeats=2"]
MONEY = ["cycle=0.56", "miss=5", "signal=0.2", "call=0.001"]


def corpus(folder: Path, each: int = 6, **more: object) -> Path:
    """Real triggers say so; whoever answers by their text can be right about all."""
    path = folder / "triggers.jsonl"
    lines = [
        {"text": f"{word} number {at} [{label}]", "label": label, **more}
        for at in range(each)
        for word, label in (("please mend", "wake"), ("all is well", "skip"))
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def script(right: str = '{"verdict": "wake"}', other: str = '{"verdict": "skip"}') -> list[str]:
    """Answers by a part of the first user message."""
    return [
        f"++provider.replies.please='{right}'",
        f"provider.reply='{other}'",
        "provider.right_share=null",
    ]


def asked(folder: Path) -> list[Call]:
    return list(read_calls(folder))


def report(folder: Path) -> dict[str, object]:
    return json.loads((folder / "report.json").read_bytes())


def test_a_model_that_is_right_about_all(tmp_path: Path, capsys):
    words = [
        "filter",
        *SCRIPTED,
        *script(),
        f"triggers={corpus(tmp_path, 20)}",
        f"results={tmp_path}/r",
        *MONEY,
    ]
    assert run(words) == 0
    told = capsys.readouterr()
    assert "plain text and read strictly" in " ".join(told.err.split())
    assert "every second one of each label held out" in told.out
    assert "share of repeats" in told.out
    assert "Verdict: it pays." in told.out
    found = report(tmp_path / "r/scripted")
    assert found["heldout"]["confusion"] == {"wake": {"wake": 20, "skip": 0}, "skip": {"wake": 0, "skip": 20}}
    assert found["heldout"]["consistent"]["value"] == 1
    assert found["money"]["cost"]["value"] == pytest.approx(0.001 + 0.56 * 0.2)
    assert "cannot show 99 % recall" in " ".join(told.out.split())
    assert (tmp_path / "r/scripted/filter.csv").read_text().startswith("cell,label,rule")


def test_a_second_run_has_nothing_to_do_and_a_wider_one_only_what_is_new(tmp_path: Path, capsys):
    words = ["filter", *SCRIPTED, *script(), f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]
    assert run(words) == 0
    first = asked(tmp_path / "r/scripted")
    assert len(first) == len({call.key for call in first}) == 24
    capsys.readouterr()
    assert run(words) == 0
    assert "nothing to run" in capsys.readouterr().err
    assert run([*words, "repeats=3"]) == 0
    assert len(asked(tmp_path / "r/scripted")) == 36


def test_a_torn_line_is_cut_off_and_its_call_is_owed_again(tmp_path: Path):
    words = ["filter", *SCRIPTED, *script(), f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]
    assert run(words) == 0
    path = tmp_path / "r/scripted" / CALLS
    path.write_bytes(path.read_bytes()[:-20])
    assert run(words) == 0
    assert len(asked(tmp_path / "r/scripted")) == 24


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(tmp_path: Path):
    words = ["filter", *SCRIPTED, *script(), f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]
    words += ["provider.piece_s=0.05"]
    path = tmp_path / "r/scripted" / CALLS
    started = subprocess.Popen([sys.executable, "-m", "llmsweep", *words], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (path.is_file() and path.read_bytes().count(b"\n") >= 3):
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "the same command goes on" in told
    done = len(asked(tmp_path / "r/scripted"))
    assert 3 <= done < 24
    assert run(words) == 0
    assert len(asked(tmp_path / "r/scripted")) == 24


def test_a_malformed_answer_is_data_and_wakes(tmp_path: Path, capsys):
    words = ["filter", *SCRIPTED, *script(other="I think that it can wait"), f"results={tmp_path}/r"]
    assert run([*words, f"triggers={corpus(tmp_path)}"]) == 0
    calls = asked(tmp_path / "r/scripted")
    assert sum(call.verdict == "neither" for call in calls) == 12
    assert {call.fault for call in calls} == {None}
    assert any("it can wait" in (call.answer or "") for call in calls)
    found = report(tmp_path / "r/scripted")
    assert found["heldout"]["false_wake"]["value"] == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "neither wake nor skip; such a one wakes" in told
    assert "wakes for everything" in told


def test_without_money_nothing_is_made_up(tmp_path: Path, capsys):
    words = ["filter", *SCRIPTED, *script(), f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]
    assert run(words) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("not given") == 3
    assert "Verdict: open: say what a main cycle costs" in told
    assert run(["filter", "show", f"{tmp_path}/r", "cycle=0.56", "miss=5", "call=0.001"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "open, since signal=0.2 is not given" in told
    assert "at any signal rate" in told or "break-even signal rate" in told


def test_what_a_cycle_costs_can_come_from_a_recorded_sweep(tmp_path: Path, capsys):
    agent = [
        "model=scripted",
        "suite.tasks=[add-numbers]",
        "sandbox=local",
        "space=none",
        "smoke=0",
        "plots=false",
    ]
    assert run([*agent, f"results={tmp_path}/agent"]) == 0
    words = ["filter", *SCRIPTED, *script(), f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]
    words += [f"cycle={tmp_path}/agent", "miss=5", "signal=0.2", "call=0"]
    capsys.readouterr()
    assert run(words) == 2
    assert "has no price" in capsys.readouterr().err
    assert run([*words, "wake.cycle_price=openai/gpt-4.1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "mean of 1 attempts of scripted" in told
    assert "openai/gpt-4.1" in told


def served(server: SseServer, *more: str) -> list[str]:
    return [
        "filter",
        "model=server",
        "model.id=stub",
        f"provider.base_url={server.base_url}",
        "plots=false",
        *more,
    ]


def test_logprobs_score_and_the_threshold_is_tuned_on_one_part(tmp_path: Path, capsys):
    with SseServer(Model(context=8192)) as server:
        triggers = corpus(tmp_path, 12)
        assert run(served(server, f"triggers={triggers}", f"results={tmp_path}/r", *MONEY)) == 0
        body = server.seen[-1].body
    assert body["response_format"]["json_schema"]["schema"]["properties"]["verdict"]["enum"] == [
        "wake",
        "skip",
    ]
    assert body["logprobs"] is True
    assert "tools" not in body
    calls = asked(tmp_path / "r/server")
    assert all(call.score is not None and 0 < call.score < 1 for call in calls)
    assert {call.form for call in calls} == {"json_schema"}
    found = report(tmp_path / "r/server")
    assert found["score"] == "logprobs"
    assert found["rule"]["kind"] in ("score", "verdict")
    assert len(read_about(tmp_path / "r/server").cells) == 2
    assert "prompt thin" in capsys.readouterr().out


def test_a_server_that_passes_over_the_form_is_found_out(tmp_path: Path, capsys):
    with SseServer(Model(context=8192, lies=frozenset({"no forms"}))) as server:
        words = served(
            server, "prompt=thin", "repeats=1", f"triggers={corpus(tmp_path, 3)}", f"results={tmp_path}/r"
        )
        assert run(words) == 0
    assert {call.verdict for call in asked(tmp_path / "r/server")} == {"neither"}
    assert "may pass over the wish" in " ".join(capsys.readouterr().out.split())


def test_a_fault_is_no_verdict_and_stays_owed(tmp_path: Path, capsys):
    refused = Answer(status=400, error={"error": {"message": "unknown field: logprobs"}})
    with SseServer(Model(context=8192)) as server:
        words = served(
            server, "prompt=thin", "repeats=1", "provider.warm_up=false", f"triggers={corpus(tmp_path, 3)}",
            f"results={tmp_path}/r", "envelope.episodes=3",
        )  # fmt: skip
        server.script(refused)
        run(words)
        calls = asked(tmp_path / "r/server")
        assert [call.verdict is None for call in calls].count(True) == 1
        told = next(call.error for call in calls if call.fault)
        assert told is not None
        assert "provider.logprobs=false" in told
        server.forget()
        assert run(words) == 0
        assert run([*words, "envelope.episodes=null"]) == 0
    good = {call.key for call in asked(tmp_path / "r/server") if call.verdict}
    assert len(good) == 6
    assert "0 faults beside them" in " ".join(capsys.readouterr().out.split())


def test_ollama_holds_the_form_and_gives_logprobs(tmp_path: Path):
    with OllamaServer() as server:
        words = [
            "filter",
            "model=qwen",
            "model.id=stub:latest",
            "model.source=null",
            f"provider.host={server.host}",
        ]
        words += [
            "prompt=thin",
            "repeats=1",
            f"triggers={corpus(tmp_path, 3)}",
            f"results={tmp_path}/r",
            "plots=false",
        ]
        assert run([*words, "host.exclusive=false"]) == 0
        body = next(one.body for one in server.asked if "format" in one.body)
    assert body["format"]["required"] == ["verdict"]
    assert body["logprobs"] is True
    calls = asked(next((tmp_path / "r").iterdir()))
    assert all(call.score is not None and call.verdict in ("wake", "skip") for call in calls)


@pytest.mark.parametrize("form", ["json_schema", "tool"])
def test_anthropic_in_both_forms_and_paid_by_its_tokens(form: str, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    with AnthropicServer() as server:
        words = [
            "filter",
            "model=claude-haiku-4-5",
            "model.id=claude-stub",
            f"provider.base_url={server.base_url}",
        ]
        words += [f"provider.answer_form={form}", "prompt=thin", "repeats=2", "provider.warm_up=false"]
        words += [f"triggers={corpus(tmp_path, 3)}", f"results={tmp_path}/r", "plots=false"]
        assert run([*words, "space=none", "baseline.reasoning=false", "baseline.max_tokens=64"]) == 0
        body = server.asked[-1].body
    if form == "tool":
        assert body["tool_choice"] == {"type": "tool", "name": "decide"}
    else:
        assert body["output_config"]["format"]["type"] == "json_schema"
    calls = asked(next((tmp_path / "r").iterdir()))
    assert {call.verdict for call in calls} <= {"wake", "skip"}
    assert {call.score for call in calls} == {None}
    told = " ".join(capsys.readouterr().out.split())
    assert "share of repeats" in told
    assert "anthropic/" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prompt=fat"], "prompt=fat: the wake filter has no such prompt"),
        (["signal=2"], "wake.signal=2: it must be a share"),
        (["recall=0"], "wake.recall=0"),
        (["by=luck"], "wake.by=luck"),
        (["cycle=nowhere"], "wake.cycle=nowhere: it must be dollars"),
        (["space.turns=[1,2]"], "space.turns: a filter is one call"),
        (["by=money"], "wake.by=money: it needs"),
        (["limit=3"], "wake.limit=3"),
        (["provider.slots=0"], "provider.slots=0"),
    ],
)
def test_words_that_mean_nothing_are_told_in_a_sentence(words: list[str], said: str, tmp_path: Path, capsys):
    line = ["filter", *SCRIPTED, *script(), f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]
    assert run([*line, *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['{"text": "a"}'], "line 1: Object missing required field `label`"),
        (['{"text": "a", "label": "no"}'], "line 1: Invalid enum value 'no'"),
        (['{"text": "a", "label": "wake", "splt": "tune"}'], "unknown field `splt`"),
        (['{"text": "a", "label": "wake"}', '{"text": "a", "label": "skip"}'], "have one text"),
        (
            ['{"text": "a", "label": "wake", "split": "tune"}', '{"text": "b", "label": "skip"}'],
            "line 2: it has no split",
        ),
        (['{"text": "a", "label": "wake"}', '{"text": "b", "label": "skip"}'], "part heldout has no trigger"),
        ([], "it holds no trigger"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_its_line(lines: list[str], said: str, tmp_path: Path, capsys):
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(lines))
    assert run(["filter", *SCRIPTED, f"triggers={path}", f"results={tmp_path}/r"]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_of_a_sweep_is_refused(tmp_path: Path, capsys):
    (tmp_path / "r/scripted").mkdir(parents=True)
    (tmp_path / "r/scripted/episodes.jsonl").touch()
    assert run(["filter", *SCRIPTED, f"triggers={corpus(tmp_path)}", f"results={tmp_path}/r"]) == 2
    assert "holds the episodes of a sweep" in capsys.readouterr().err


def test_a_prompt_of_ones_own_and_another_prompt_owes_new_calls(tmp_path: Path):
    mine = tmp_path / "mine.md"
    mine.write_text("Say wake or skip about what came in for {agent}.")
    words = [
        "filter",
        *SCRIPTED,
        *script(),
        f"triggers={corpus(tmp_path)}",
        f"results={tmp_path}/r",
        f"prompt={mine}",
    ]
    assert run(words) == 0
    mine.write_text("Say it otherwise.")
    prompt_text.cache_clear()  # another command would be another process
    assert run(words) == 0
    assert len(asked(tmp_path / "r/scripted")) == 48


@pytest.mark.model
@pytest.mark.timeout(900)
def test_smollm2_gives_verdicts_in_the_form_with_scores(tmp_path: Path):
    words = ["filter", "model=smollm2", "prompt=thin", "limit=8", "repeats=1", f"results={tmp_path}/r"]
    assert run([*words, *MONEY]) == 0
    calls = asked(tmp_path / "r/smollm2")
    assert len(calls) == 8
    assert all(call.verdict in ("wake", "skip") for call in calls)
    assert all(call.score is not None for call in calls)
    assert (tmp_path / "r/smollm2/wake.png").stat().st_size > 10_000
