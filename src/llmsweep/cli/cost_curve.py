"""`cost curve`: two sides on their common tasks, the verdict in words, and the pictures and tables of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from llmsweep.cli.cost_sides import open_side, refuse_strangers, token_money
from llmsweep.cli.cost_words import Words, parse
from llmsweep.cli.hosts import machine
from llmsweep.cli.progress import say
from llmsweep.errors import UsageError

if TYPE_CHECKING:
    from llmsweep.analysis.costs.attempts import Attempts
    from llmsweep.analysis.costs.scene import Joint, Scene
    from llmsweep.analysis.costs.verdict import Verdict

OWN = 0.1
"""Where nobody says how many tasks there are, the tornado asks about this share of the machine's time."""


class Setting(NamedTuple):
    """What is compared, and what was taken for granted for it."""

    local: Attempts
    cloud: Attempts
    scene: Scene
    joint: Joint
    notes: list[str]
    chosen: tuple[str, str]


def curve(args: Sequence[str]) -> int:
    words = parse(args, positional=False)
    setting = _setting(words)
    from llmsweep.analysis.costs.verdict import verdict

    found = verdict(setting.scene, words.tasks)
    rests = _rests(setting, words)
    about = _about(setting)
    print(about)
    for line in rests:
        print(f"- {line}")
    for line in _told(setting, found, words):
        print(line)
    if words.out is not None:
        _write(words.out, setting, found, words, (about, rests))
    else:
        _tornado(setting, found, words)
    return 0


def _setting(words: Words) -> Setting:
    from llmsweep.analysis.costs.handling import Handling
    from llmsweep.analysis.costs.scene import compare

    for key in ("local", "cloud", "host"):
        if getattr(words, key) is None:
            raise UsageError(f"{key} is missing: cost curve local=DIR cloud=DIR host=H.")
    assert words.local is not None
    assert words.cloud is not None
    assert words.host is not None
    of, notes = machine(words.host, words.host_keys, words.folders)
    local, why = open_side(words.local, "local", words)
    cloud, why_cloud = open_side(words.cloud, "cloud", words)
    lent = refuse_strangers(local, cloud, of, words)
    cloud = token_money(cloud, "cloud", words)
    if words.ranges:
        from llmsweep.analysis.costs.tornado import refuse_unknown

        refuse_unknown(words.ranges)
    scene, joint = compare(
        local, cloud, of, Handling(**words.handling), words.whole["draws"], words.whole["seed"]
    )
    return Setting(local, cloud, scene, joint, [*notes, *lent], (why, why_cloud))


def _about(setting: Setting) -> str:
    local, cloud = setting.local.model, setting.cloud.model
    return f"{local} on {setting.scene.machine.name} against {cloud}: {setting.joint.tasks} common tasks"


def _rests(setting: Setting, words: Words) -> list[str]:
    """A line each: what the figures rest on."""
    from llmsweep.analysis.costs.described import machine_lines, people_line, side_line
    from llmsweep.analysis.wording import plural

    lines = [
        side_line("local", setting.local, setting.scene, setting.chosen[0]),
        side_line("cloud", setting.cloud, setting.scene, setting.chosen[1]),
        *machine_lines(setting.local, setting.scene),
        people_line(setting.scene.handling),
        *(f"assumed: {note}" for note in setting.notes),
        *(f"flag: {flag}" for one in (setting.local, setting.cloud) for flag in one.flags),
    ]
    lines += [
        f"nobody wrote down where the {side} results were measured: they are taken to be the {side}'s, as said"
        for side, one in (("local", setting.local), ("cloud", setting.cloud))
        if one.where is None
    ]
    lines += [
        f"{side}: {plural(one.broken, 'attempt')} that faults ended are in no figure"
        for side, one in (("local", setting.local), ("cloud", setting.cloud))
        if one.broken
    ]
    if setting.local.host is None and setting.scene.machine.prefill_tokens_s is None:
        lines.append("nobody wrote down which host the local seconds are of")
    return lines


def _told(setting: Setting, found: Verdict, words: Words) -> list[str]:
    """The verdict and what would turn it, for the terminal."""
    from llmsweep.analysis.costs.described import joint_line
    from llmsweep.analysis.plots.cost_texts import verdict_lines

    lines = verdict_lines(found)
    assumed = [f"Assumed, not measured: {words.assume}"] if words.assume else []
    return ["", f"Verdict: {lines[0]}", *assumed, *lines[1:], joint_line(setting.joint, setting.scene)]


def _place(setting: Setting, found: Verdict, words: Words) -> float:
    scene = setting.scene
    if words.tasks is not None:
        return min(words.tasks, found.capacity.value)
    return min(found.capacity.value, scene.machine.attempts(OWN, float(scene.local.seconds[0]) or 1.0))


def _tornado(setting: Setting, found: Verdict, words: Words) -> None:
    from llmsweep.analysis.costs.tornado import Range, tornado
    from llmsweep.analysis.wording import amount, percent

    ranges = {name: Range(*ends) for name, ends in words.ranges.items()}
    at = _place(setting, found, words)
    shown = tornado(setting.scene, at, ranges, words.whole["seed"])
    print(
        f"P(local cheaper) at {amount(at)} tasks a month: {percent(shown.likely)} by the recorded episodes alone,"
        f" {percent(shown.likely_all)} with every input in doubt; out=DIR draws both."
    )


def _write(
    folder: Path, setting: Setting, found: Verdict, words: Words, texts: tuple[str, list[str]]
) -> None:
    """curve.csv, curve.png and .svg, tornado.csv and .png."""
    from llmsweep.analysis.costs.curve import curve_table
    from llmsweep.analysis.costs.tornado import Range, tornado, tornado_table
    from llmsweep.analysis.plots.cost_curve import plot_cost_curve
    from llmsweep.analysis.plots.cost_texts import Told
    from llmsweep.analysis.plots.tornado import plot_tornado

    folder.mkdir(parents=True, exist_ok=True)
    table = curve_table(setting.scene, words.tasks)
    cloud = setting.cloud
    labelled = table.assign(
        local_basis="amortised_local",
        cloud_basis=str(cloud.basis),
        price_date=cloud.date,
        source=cloud.source,
    )
    labelled.to_csv(folder / "curve.csv", index=False)
    told = Told(texts[0], texts[1], words.assume)
    picture = plot_cost_curve(table, setting.scene, found, told)
    ranges = {name: Range(*ends) for name, ends in words.ranges.items()}
    storm = tornado(setting.scene, _place(setting, found, words), ranges, words.whole["seed"])
    tornado_table(storm).to_csv(folder / "tornado.csv", index=False)
    for name, figure in (("curve", picture), ("tornado", plot_tornado(storm, texts[0]))):
        for ending, metadata in (("png", {}), ("svg", {"Date": None})):
            figure.savefig(folder / f"{name}.{ending}", dpi=150, metadata=metadata)
    say(
        f"written: {folder / 'curve.png'}, {folder / 'curve.csv'}, {folder / 'tornado.png'}, {folder / 'tornado.csv'}"
    )
