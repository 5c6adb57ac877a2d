"""The verb `filter`: a model as wake filter over labelled triggers, tuned on one part and reported on the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmsweep.cli.filter_keys import worded
from llmsweep.cli.sweep import each_model

if TYPE_CHECKING:
    from omegaconf import DictConfig

HELP = """usage: llmsweep filter model=NAME [key=value ...] results=DIR
       llmsweep filter show DIR [key=value ...]         the report again, from the log alone

One structured call a trigger: is the expensive agent to be woken for it, or not? Prompt, temperature and threshold are
tuned on one part of the triggers and reported on the other. Any model, provider and host of a sweep; the same command
goes on where it was interrupted.

  triggers=FILE.jsonl   labelled ones: text and label (wake or skip), optional id, split (tune, heldout), kind, task;
                        default: the 256 of the suite gatekeeper
  limit=N               at most so many of them, evenly over parts and labels
  prompt=thin,rich      which prompts to try (both by default); a file of your own ends in .md
  temperature=0,0.7     which temperatures; default: the model's own (baseline.temperature)
  repeats=3             calls about each trigger: consistency, and votes where the server gives no logprobs
  recall=0.99           what part of the real triggers must be woken for
  by=recall             what is tuned: the fewest false wakes at that recall, or money (default where all of it is known)

  cycle=0.56            dollars of one main cycle of the agent, or the results folder of a sweep that tells it
  miss=5                dollars of a real trigger that is missed
  signal=0.2            the share of your triggers that are real
  call=0.001            dollars of the filter's call; default: by its tokens' price, else its seconds on the host
  month=20000           triggers a month, over which the host's fixed costs are spread

  results=results/wake  where calls.jsonl, filter.csv, filter.json and wake.png go, in a folder of the model

All else as in a sweep: provider.slots=4, baseline.reasoning=false, space.top_p=[0.9,1], envelope.dollars=1, host=NAME.
"""


def run(args: Sequence[str]) -> int:
    """Ask, then report."""
    if not args or "-h" in args or "--help" in args:
        print(HELP, end="")
        return 0
    if args[0] == "show":
        from llmsweep.cli.filter_show import show

        return show(args[1:])
    return each_model(worded(args), _filter_one)


def _filter_one(cfg: DictConfig) -> int:
    from llmsweep.cli.filter_run import run_one

    return run_one(cfg)
