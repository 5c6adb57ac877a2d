"""policy=tiered from the command line to the printed results, between scripts, servers and small real models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmsweep import manifest
from llmsweep.cli import run
from llmsweep.store import read_episodes
from llmsweep.testing import Model, OllamaServer, SseServer

SMALL = ["sandbox=local", "plots=false", "strategy=ofat", "space=none", "smoke=0"]
TASKS = "suite.tasks=[add-numbers,is-even,gcd]"
# The local script knows no task; the frontier one, as it is shipped, two of the three.
TIERED = [
    "model=scripted",
    "provider.right_share={0.0:0.0,1.2:0.0}",
    "policy=tiered",
    "policy.frontier=scripted",
    "policy.frontier_baseline.turns=3",
    TASKS,
    *SMALL,
]


@pytest.fixture
def swept(tmp_path: Path, capsys) -> Path:
    assert run([*TIERED, f"results={tmp_path / 'r'}"]) == 0
    capsys.readouterr()
    return tmp_path / "r"


def test_a_tiered_sweep_says_who_solved_what(tmp_path: Path, capsys):
    assert run([*TIERED, f"results={tmp_path}"]) == 0
    told = capsys.readouterr()
    assert (
        "note: policy=tiered: scripted takes over with conversation, protocol whole_file, up to 3 turns"
        in told.err
    )
    assert "Handed over to scripted (policy=tiered, conversation)" in told.out
    assert "100 % (3/3)" in told.out
    assert "why: the check failed 3 (2 then passed)" in told.out
    assert "it did not work alone: scripted took over 100 % of its episodes" in " ".join(told.out.split())
    assert "to grade" not in told.err
    episodes = list(read_episodes(tmp_path / "scripted"))
    assert {e.handoff.trigger for e in episodes if e.handoff} == {"check"}
    assert sorted(e.passed for e in episodes) == [False, True, True]
    about = manifest.read(tmp_path / "scripted")
    assert about.policy is not None
    assert about.policy.frontier.budget.turns == 3
    assert run([*TIERED, f"results={tmp_path}"]) == 0
    assert "nothing to run" in capsys.readouterr().err


def test_another_policy_owes_every_episode_again_and_alone_is_another_experiment(swept: Path, capsys):
    for words, owed in (
        (["policy.handoff=summary"], 3),
        (["policy.tries=1"], 3),
        (["policy.frontier_baseline.temperature=0.3"], 9),
        (["policy.ask=true"], 0),
    ):
        assert run([*TIERED, *words, f"results={swept}"]) == 0
        said = capsys.readouterr().err
        assert f"{owed} episodes owed" in said if owed else "nothing to run" in said
    alone = [word for word in TIERED if not word.startswith("policy")]
    assert run([*alone, f"results={swept}"]) == 0
    told = capsys.readouterr()
    assert "3 episodes owed" in told.err
    assert "Handed over" not in told.out
    assert manifest.read(swept / "scripted").policy is None


def test_one_attempt_does_not_settle_a_greedy_cell_whose_frontier_model_samples(tmp_path: Path, capsys):
    words = [*TIERED, "policy.frontier_baseline.temperature=0.7", "provider.slots=1", f"results={tmp_path}"]
    assert run([*words, "repeats=3"]) == 0
    assert "9 episodes owed" in capsys.readouterr().err


def test_an_episode_shows_its_handoff(swept: Path, capsys):
    assert run(["results", "episodes", str(swept), "--handoff", "check", "--outcome", "passed"]) == 0
    listed = capsys.readouterr().out
    assert "check > submitted" in listed
    key = re.search(r"^([0-9a-f]{12})", listed, re.M)
    assert key is not None
    assert run(["results", "episode", key.group(1), str(swept)]) == 0
    shown = capsys.readouterr().out
    assert "policy tiered: scripted may take over (conversation)" in shown
    assert "handed over to scripted, it is also sent the conversation above (the check failed)" in shown
    assert "turn 3, frontier model:" in shown
    assert re.search(
        r"handed over after turn 2 \(the check failed: the visible check failed 2 times\); the work did not pass as it"
        r" stood; its first call read \d+ tokens uncached",
        shown,
    )
    assert run(["results", "episodes", str(swept), "--handoff", "none"]) == 0
    assert "0 episodes" in capsys.readouterr().out


def test_no_budget_is_read_off_tiered_episodes(swept: Path, capsys):
    assert run(["budgets", str(swept)]) == 0
    assert "no curves: its episodes ran under policy=tiered" in capsys.readouterr().err


def test_each_model_is_priced_by_its_own_tokens(swept: Path, tmp_path: Path, capsys):
    prices = tmp_path / "mine" / "prices"
    prices.mkdir(parents=True)
    (prices / "p.yaml").write_text(
        "source: a contract\ndate: 2026-11-01\nmodels:\n"
        "  mine/dear: {input: 1000, output: 5000}\n  mine/cheap: {input: 1, output: 5}\n"
    )
    here = ["--config-dir", str(tmp_path / "mine"), f"frontier.price={'mine/dear'}"]

    def dollars(*words: str) -> tuple[float, float]:
        assert run(["cost", "show", str(swept), *words]) == 0
        (row,) = [
            line
            for line in capsys.readouterr().out.splitlines()
            if line.startswith("baseline") and "to" in line
        ][:1]
        found = re.findall(r"\$([\d.]+)", row)
        return float(found[0]), float(found[1])

    both, above = dollars(*here, "local.price=mine/cheap")
    episodes = list(read_episodes(swept / "scripted"))
    spent = {
        frontier: sum(
            (t.usage.input_tokens or 0) * 1.0 + (t.usage.output_tokens or 0) * 5.0
            for e in episodes
            for t in e.turns
            if t.frontier is frontier
        )
        / len(episodes)
        for frontier in (False, True)
    }
    assert above == pytest.approx(1000 * spent[True] / 1e6, rel=0.01)
    assert both == pytest.approx((1000 * spent[True] + spent[False]) / 1e6, rel=0.01)
    with_machine, still = dollars(*here)
    assert still == above
    assert with_machine == pytest.approx(above, rel=0.01)
    assert run(["cost", "show", str(swept)]) == 0
    assert "it ran on the same machine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["cost", "show", "{r}", "cloud={r}"], "which are not compared with a third"),
        (["cost", "curve", "local={r}", "cloud={r}", "host=local"], "this compares models that worked alone"),
        (["cost", "cascade", "local={r}", "frontier={r}"], "this compares models that worked alone"),
        (["choose", "suite=micro", "host=local", "results={r}"], "passed over, another model took some"),
        (["cost", "show", "{r}", "frontier.cell=x"], "frontier.cell: there is no such key"),
    ],
)
def test_what_compares_models_alone_refuses_the_work_of_two(words, says, swept: Path, capsys):
    assert run([word.format(r=swept) for word in words]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["policy.frontier=null"], "policy.frontier is missing: say which model takes over"),
        (
            ["policy.frontier=scriptd"],
            "policy.frontier=scriptd: model=scriptd: there is no such model; did you mean",
        ),
        (
            ["policy.frontier_provider.slot=1"],
            "policy.frontier_provider.slot: there is no such key; did you mean 'slots'",
        ),
        (["policy.frontier_provider.file=nope"], "provider=nope: there is no such provider"),
        (["policy.frontier_provider.slots=0"], "policy.frontier_provider.slots=0: it must be 1 or more"),
        (["policy.frontier_baseline.turns=0"], "policy.frontier_baseline.turns=0: it must be 1 or more"),
        (
            ["policy.frontier_baseline.temperature=hot"],
            "policy.frontier_baseline.temperature=hot: Value 'hot'",
        ),
        (["policy.frontier_baseline.protocol=telepathy"], "protocol='telepathy': there is no such protocol"),
        (["policy.frontier_baseline.trys=1"], "policy.frontier_baseline.trys: there is no such key"),
        (
            ["policy.handoff=talk"],
            "policy.handoff=talk: there is no such kind; Known: conversation, summary.",
        ),
        (["policy.tries=0"], "policy.tries=0: it must be 1 or more, or null for never."),
        (
            ["policy.stops=[loop]"],
            "policy.stops: loop is no end that could hand over; did you mean 'looping'?",
        ),
        (["policy.radius.commands=['(']"], "policy.radius.commands[0]=(: it is no regular expression"),
        (["policy.radius.paths=['*']"], "it fits every file or none"),
        (["policy=alone"], "the model works alone; say policy=tiered"),
        (["policy.name=teired"], "policy.name=teired: there is no such policy; did you mean 'tiered'?"),
        (["envelope.dollars=3"], "neither scripted nor scripted has a price"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_bad_words_are_refused_in_one_sentence_before_anything_runs(words, says, tmp_path: Path, capsys):
    assert run([*TIERED, *words, f"results={tmp_path / 'r'}"]) == 2
    told = capsys.readouterr().err.strip()
    assert says in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "r").exists()


def test_the_dollars_of_both_models_are_under_one_cap(tmp_path: Path, capsys):
    prices = tmp_path / "mine" / "prices"
    prices.mkdir(parents=True)
    (prices / "p.yaml").write_text(
        "source: a contract\ndate: 2026-11-01\nmodels:\n  mine/dear: {input: 1000, output: 5000}\n"
    )
    words = ["--config-dir", str(tmp_path / "mine"), *TIERED, "policy.frontier_model.price=mine/dear"]
    assert run([*words, "envelope.dollars=5", f"results={tmp_path / 'r'}"]) == 0
    told = capsys.readouterr()
    assert "stopped: envelope.dollars=5 is spent" in told.err
    broken = [e for e in read_episodes(tmp_path / "r" / "scripted") if e.passed is None]
    assert broken
    assert all("frontier model scripted: envelope.dollars=5 is spent" in (e.error or "") for e in broken)
    assert run([*words, "envelope.dollars=5000", f"results={tmp_path / 'r'}"]) == 0
    told = capsys.readouterr()
    paid = re.search(r"about \$([\d.]+) \(prices of 2026-11-01\)", told.err)
    assert paid is not None
    last = [e for e in read_episodes(tmp_path / "r" / "scripted") if e.passed is not None]
    assert len(last) == 3
    assert float(paid.group(1)) > 0


def test_a_frontier_model_behind_a_server_is_probed_and_asked(tmp_path: Path, capsys):
    with SseServer(Model(context=4096)) as server:
        words = [
            "policy.frontier=server",
            "policy.frontier_model={name: big, id: stub}",
            f"policy.frontier_provider.base_url={server.base_url}",
            "policy.frontier_baseline={protocol: fenced, turns: 2}",
            "probe=true",
        ]
        assert run([*TIERED, *words, f"results={tmp_path}"]) == 0
        asked = server.seen
    told = capsys.readouterr()
    assert "probe of the frontier model big: " in told.err
    assert (tmp_path / "scripted" / "frontier" / "probe.json").is_file()
    assert any("You take over this task" in str(one.body) for one in asked)
    episodes = [e for e in read_episodes(tmp_path / "scripted") if e.handoff]
    assert {e.handoff.provider for e in episodes if e.handoff} == {"openai"}
    assert all(e.policy and e.policy.frontier.model == "big" for e in episodes)
    assert run(["cost", "show", str(tmp_path)]) == 2
    assert "the frontier model big (provider openai) has no price" in capsys.readouterr().err


def test_a_frontier_server_that_is_down_is_said_before_anything_runs(tmp_path: Path, capsys):
    words = [
        "policy.frontier=server",
        "policy.frontier_model={name: big, id: stub}",
        "policy.frontier_provider.base_url=http://127.0.0.1:9/v1",
    ]
    assert run([*TIERED, *words, f"results={tmp_path / 'r'}"]) == 3
    assert "policy.frontier=server: " in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_help_lists_the_policies(capsys):
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    assert "policy: alone, filtered, tiered" in told


@pytest.mark.model
def test_two_small_models_hand_over_for_real(tmp_path: Path, capsys):
    words = [
        "model=smollm2",
        "policy=tiered",
        "policy.frontier=smollm2",
        "policy.frontier_baseline.turns=3",
        "policy.frontier_provider.slots=1",
        "baseline.temperature=1.2",
        "baseline.turns=1",
        "provider.slots=1",
        "suite.tasks=[add-numbers,is-even,gcd]",
        "repeats=1",
        "probe=false",
        *SMALL,
        f"results={tmp_path}",
    ]
    assert run(words) == 0
    told = capsys.readouterr()
    episodes = list(read_episodes(tmp_path / "smollm2"))
    assert len(episodes) == 3
    assert all(e.fault is None for e in episodes)
    handed = [e for e in episodes if e.handoff]
    assert handed
    for one in handed:
        assert one.handoff is not None
        assert one.handoff.read_tokens
        assert [t.frontier for t in one.turns[:2]] == [False, True]
    assert "Handed over to smollm2" in told.out


def test_a_server_that_unloads_models_is_refused_on_the_local_models_own_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    """One that could have both unload each other; what the user accepts runs."""
    with SseServer(Model(context=4096)) as below, OllamaServer() as above:
        monkeypatch.setenv("LLMSWEEP_SERVERS", above.host)
        words = [
            *(
                "model=server",
                "model.id=stub",
                f"provider.base_url={below.base_url}",
                "baseline.protocol=fenced",
            ),
            *("baseline.turns=1", "policy=tiered", "policy.frontier=server", "probe=false"),
            "policy.frontier_model={name: big, id: stub}",
            f"policy.frontier_provider={{file: ollama, host: '{above.host}'}}",
            *("policy.frontier_baseline.turns=1", TASKS, "repeats=1", *SMALL),
        ]
        assert run([*words, f"results={tmp_path / 'r'}"]) == 3
        told = capsys.readouterr().err
        assert "policy.frontier=big is served by Ollama on the machine of server" in told
        assert "host.exclusive=false" in told
        assert run([*words, "host.exclusive=false", f"results={tmp_path / 'r'}"]) == 0
        alone = [*words, f"results={tmp_path / 's'}", "model=scripted", "baseline.protocol=whole_file"]
        without = [w for w in alone if not w.startswith(("provider.base", "model.id", "model=server"))]
        assert run(without) == 0
    episodes = list(read_episodes(tmp_path / "r" / "server"))
    assert {e.handoff.provider for e in episodes if e.handoff} == {"ollama"}
    assert len(list(read_episodes(tmp_path / "s" / "scripted"))) == 3


def test_two_servers_on_one_machine_share_it_and_that_is_said(tmp_path: Path, capsys):
    with SseServer(Model(context=4096)) as below, SseServer(Model(context=4096)) as above:
        words = [
            *("model=server", "model.id=stub", f"provider.base_url={below.base_url}", "provider.slots=2"),
            *("baseline.turns=1", "policy=tiered", "policy.frontier=server", "probe=false"),
            "policy.frontier_model={name: big, id: stub}",
            f"policy.frontier_provider={{base_url: '{above.base_url}', slots: 3}}",
            *("policy.frontier_baseline.turns=1", TASKS, "repeats=1", *SMALL),
        ]
        assert run([*words, f"results={tmp_path}"]) == 0
        assert "server and big run on one machine, and up to 2 episodes at once" in capsys.readouterr().err
        assert above.seen
