"""Checks through the command line: recorded sweeps, and candidates that run for real over the scripted provider."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from llmsweep.cli import run
from llmsweep.store import EPISODES, read_episodes

PUBLISHED = Path(__file__).parents[2] / "results" / "published"
DEMO = str(PUBLISHED / "micro-demo")
REPEATS = 12
RIGHT = "provider.right_share=null"
ANY = ["sandbox=local", "plots=false", "snapshots=false", "smoke=0", "space=none", "strategy=grid"]


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    """Two tasks that the script always solves, as a sweep records them, and eleven more repeats of the same."""
    folder = tmp_path_factory.mktemp("baseline")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("LLMSWEEP_SERVERS", "")
        words = ["model=scripted", "suite.tasks=[add-numbers,is-even]", f"results={folder}", "quiet=true"]
        assert run([*words, *ANY, RIGHT]) == 0
    first = list(read_episodes(folder / "scripted"))
    assert [one.passed for one in first] == [True, True]
    more = [replace(one, key=f"{r}{one.key[1:]}", repeat=r) for r in range(1, REPEATS) for one in first]
    with open(folder / "scripted" / EPISODES, "ab") as log:
        log.writelines(msgspec.json.encode(one) + b"\n" for one in more)
    return folder


def check(*words: str) -> int:
    return run(["check", *words])


def candidate(settings: str) -> str:
    return f"candidate=model=scripted sandbox=local plots=false snapshots=false {settings}"


def test_a_candidate_that_is_as_good_passes_with_as_few_episodes_as_that_takes(baseline, tmp_path, capsys):
    words = [f"baseline={baseline}", candidate(RIGHT), "margin=0.3", f"results={tmp_path}", "tokens=1.1"]
    assert check(*words, "tokens=10") == 4  # too few pairs for tokens, all passes used
    told = capsys.readouterr()
    assert "the pass rate holds" in told.out
    assert "every recorded pass is used" in told.out
    words = words[:-1]
    ran = len((tmp_path / "scripted" / EPISODES).read_bytes().splitlines())
    assert check(*words) == 0
    told = capsys.readouterr()
    assert told.out.startswith("pass: a loss of more than 30 points is ruled out")
    assert "nothing to run" in told.err
    found = json.loads((tmp_path / "check.json").read_text())
    assert (found["answer"], found["exit_code"], found["tasks"]) == ("pass", 0, 2)
    assert found["pass_rate"]["pairs"] == ran == 2 * REPEATS
    assert not {"seed", "tokens"} & set(found["ceilings"])


def test_a_worse_candidate_is_found_after_a_few_passes_and_github_is_told(
    baseline, tmp_path, capsys, monkeypatch
):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    never = "provider.right_share={0.0: 0.0} provider.slots=1"
    out = tmp_path / "out"
    assert (
        check(
            f"baseline={baseline}",
            f'candidate=model=scripted sandbox=local snapshots=false "{never.split(" prov")[0]}"',
            f"results={tmp_path / 'r'}",
            f"out={out}",
            "margin=0.3",
        )
        == 1
    )
    told = capsys.readouterr()
    assert "regressed: a loss of more than 30 points is shown" in told.out
    assert "::error title=llmsweep check%3A regressed::" in told.out
    assert summary.read_text().startswith("before\n## llmsweep check: regressed")
    assert "another revision of scripted" in told.out
    ran = len((tmp_path / "r" / "scripted" / EPISODES).read_bytes().splitlines())
    assert ran < 2 * REPEATS
    suite = ElementTree.parse(out / "junit.xml").getroot()[0]
    assert suite.get("failures") == "1"
    assert [case.get("name") for case in suite] == ["pass rate", "micro/add-numbers", "micro/is-even"]
    assert [case.find("failure") is not None for case in suite] == [True, False, False]


def test_an_envelope_leaves_it_undecided_and_the_same_command_goes_on(baseline, tmp_path, capsys):
    words = [f"baseline={baseline}", "margin=0.3", f"results={tmp_path}"]
    assert check(*words, candidate(f"{RIGHT} envelope.episodes=3")) == 4
    told = capsys.readouterr().out
    assert "1 of 12 passes" in told
    assert "run the same command again" in told
    assert check(*words, candidate(RIGHT)) == 0
    assert "in the log already" in capsys.readouterr().err


def test_a_candidate_without_a_model_is_the_baselines_cell_with_changes(baseline, tmp_path, capsys):
    words = [f"baseline={baseline}", "margin=0.9", f"results={tmp_path}"]
    settings = f"baseline.temperature=0.4 sandbox=local snapshots=false {RIGHT}"
    assert check(*words, f"candidate={settings}") == 0
    assert "temperature 0.0 → 0.4\n" in capsys.readouterr().out
    kept = tmp_path / "mine.yaml"
    kept.write_text("# @package _global_\nbaseline:\n  temperature: 0.4\nsandbox: local\nsnapshots: false\n")
    assert check(*words, f"candidate={kept} {RIGHT}") == 0
    assert "nothing to run" in capsys.readouterr().err


def test_changed_tasks_are_named_and_left_out_or_refused(baseline, tmp_path, capsys):
    old = tmp_path / "old"
    shutil.copytree(baseline / "scripted", old / "scripted")
    about = old / "scripted" / "sweep.json"
    digest = next(e for e in read_episodes(old / "scripted") if e.task_id.endswith("is-even")).task_digest
    for path in (about, old / "scripted" / EPISODES):
        path.write_text(path.read_text().replace(digest, "0" * 64))
    words = [f"baseline={old}", candidate(RIGHT), "margin=0.6", f"results={tmp_path / 'r'}"]
    assert check(*words, "changed=refuse") == 2
    assert "micro/is-even: its text or tests are not those that the baseline ran" in capsys.readouterr().err
    assert check(*words) == 0
    assert "1 task left out" in capsys.readouterr().out


def test_too_few_recorded_pairs_are_said_before_any_is_paid_for(baseline, tmp_path, capsys):
    settings = f"{RIGHT} envelope.episodes=2"
    assert check(f"baseline={baseline}", candidate(settings), f"results={tmp_path}", "margin=0.05") == 4
    told = capsys.readouterr()
    assert "too few to pass at margin=0.05" in told.err
    assert "more episodes if the candidate is as good" in told.out.replace("\n  ", " ")


def test_recorded_cells_are_checked_without_running_anything(tmp_path, capsys):
    words = [f"baseline={DEMO}", f"candidate={DEMO}", "baseline.cell=temperature=0.4", f"out={tmp_path}"]
    assert check(*words, "candidate.cell=temperature=1.2", "tokens=1.5", "ttft=1.5") == 1
    told = capsys.readouterr().out
    assert "temperature 0.4 → 1.2" in told
    found = json.loads((tmp_path / "check.json").read_text())
    assert found["ceilings"]["tokens"]["answer"] == "pass"
    assert found["pass_rate"]["pairs"] == 48
    assert check(*words, "candidate.cell=temperature=0.8") in (1, 4)
    assert check(*words[:2], "candidate.cell=temperature=0.4", f"out={tmp_path}") == 4
    assert "1 of 1 pass over 16 tasks" in capsys.readouterr().out


def test_diff_shows_flips_both_ways_the_answer_and_intervals(capsys):
    words = ["diff", DEMO, DEMO, "baseline.cell=temperature=0.4", "candidate.cell=temperature=0.8"]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert "flipped task" in told
    assert "answer" in told
    assert "seconds" in told
    assert run([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pairs"] == sum(t["won"] + t["lost"] + t["both"] + t["neither"] for t in found["per_task"])
    assert (
        found["apart"]["tokens"]["low"] < found["apart"]["tokens"]["value"] < found["apart"]["tokens"]["high"]
    )


def test_times_of_another_machine_are_said_and_not_tested(tmp_path, capsys):
    other = tmp_path / "other"
    shutil.copytree(PUBLISHED / "micro-demo", other)
    log = other / "smollm2" / EPISODES
    machine = next(read_episodes(log.parent)).machine
    log.write_text(log.read_text().replace(machine, "0123456789ab"))
    words = [
        f"baseline={DEMO}",
        f"candidate={other}",
        f"out={tmp_path}",
        "ttft=1.5",
        "baseline.cell=temperature=0.4",
    ]
    code = check(*words, "candidate.cell=temperature=0.4", "margin=0.3")
    told = capsys.readouterr().out
    assert code == 0
    assert "not tested" in told
    assert "different machines" in told
    assert run(["diff", DEMO, str(other)]) == 0
    assert "TTFT s" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["candidate=x"], "baseline is missing"),
        (["baseline=DEMO"], "candidate is missing"),
        (["baseline=nowhere", "candidate=model=scripted"], "there is no such folder"),
        (["baseline=DEMO", "candidate=nowhere"], "neither a results folder nor a YAML file"),
        (["baseline=DEMO", "candidate=nowhere.yaml"], "cannot be read"),
        (["baseline=DEMO", "candidate=model=nobody"], "there is no such model"),
        (["baseline=DEMO", "candidate=DEMO"], "it is the baseline itself"),
        (["baseline=DEMO", "candidate=DEMO", "margin=10"], "10 points"),
        (["baseline=DEMO", "candidate=DEMO", "tokens=0"], "above 0"),
        (["baseline=DEMO", "candidate=DEMO", "tokens=20"], "ratio to the baseline's"),
        (["baseline=DEMO", "candidate=DEMO", "margins=0.1"], "did you mean 'margin'"),
        (["baseline=DEMO", "candidate=DEMO", "model=smollm2"], "go into one word"),
        (["baseline=DEMO", "candidate=DEMO", "baseline.cell=temperature=3"], "there is no such cell"),
        (
            ["baseline=DEMO", "candidate=DEMO", "candidate.cell=temperature=0.4", "cost=1.2"],
            "baseline.price=",
        ),
        (["baseline=DEMO", "candidate=model=scripted space.temperature=[0,1]"], "not the candidate's to say"),
        (["baseline=DEMO", "candidate=model=scripted results=x"], "beside candidate="),
        (["baseline=DEMO", "candidate=-m model=scripted,smollm2"], "only --config-dir"),
        (["baseline=DEMO", "candidate=model=scripted suite=canary"], "no task in common"),
        (["baseline=DEMO", "check"], "takes key=value"),
    ],
)
def test_what_means_nothing_is_said_in_one_sentence(words, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert check(*(word.replace("DEMO", DEMO) for word in words)) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len([line for line in told.splitlines() if line.startswith("llmsweep:")]) == 1


def test_diff_wants_two_folders(capsys):
    assert run(["diff", DEMO]) == 2
    assert "two results folders" in capsys.readouterr().err
    assert run(["diff", DEMO, DEMO, "--yaml"]) == 2
