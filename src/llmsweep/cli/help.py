"""`llmsweep --help`: the verbs, the choices of every config folder, and every setting with its value.

Hydra's own help walks its whole search path with a deep copy a folder, which takes a second.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmsweep.paths import conf_dir

TEXT = """\
llmsweep: which settings to ship for a language model that works as a coding agent.

usage: llmsweep [sweep] model=NAME [key=value ...]   run a sweep; the same command goes on with it
       llmsweep -m model=A,B [key=value ...]         several models, one after the other
       llmsweep probe model=NAME [key=value ...]     prove on the wire what such a sweep would set
       llmsweep doctor [model=NAME ...]              what is missing or unsafe on this machine
       llmsweep models list | pull | remove          what is known, what is here; fetch weights
       llmsweep tasks list | show | validate | new | export     suites: cards, proof that they are sound
       llmsweep results show DIR                     the table again, from the log alone
       llmsweep results episodes | episode KEY       one attempt to read, turn by turn
       llmsweep report DIR                           the results as one HTML file, for any browser
       llmsweep card DIR                             the finding card, each number with its check
       llmsweep export WHAT DIR | import inspect     for other programs; what others measured
       llmsweep check baseline=DIR candidate=...     pass, regressed or undecided, for CI
       llmsweep diff A B                             which tasks flipped between two results
       llmsweep budgets DIR                          what fewer turns, tokens, seconds would have given
       llmsweep cost show | curve | cascade          dollars a solved task; one's own machine or the cloud
       llmsweep filter model=NAME [key=value ...]    a model as wake filter before an agent: does it pay?
       llmsweep choose suite=S host=H                the smallest model that is as good as can be told, and fits

Choose a file of a folder with folder=file:

{choices}

Change any setting with key=value:

{settings}
--cfg job prints what one command line composes to, --config-dir DIR adds a folder of your own
files, --hydra-help shows Hydra's own flags, --shell-completion install=bash|zsh|fish prints a
script to eval. Exit codes: 0 fine, 1 the check failed, 2 usage, 3 this environment is not fit,
4 a check is undecided, 130 interrupted.
"""


def help_text(overrides: Sequence[str]) -> str:
    """The help, its settings as ``overrides`` compose them."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    with initialize_config_dir(str(conf_dir()), version_base="1.3"):
        settings = OmegaConf.to_yaml(compose("config", list(overrides)))
    return TEXT.format(choices=_choices(), settings=_indented(settings))


def _choices() -> str:
    """Every folder of conf/ with its files."""
    folders = sorted(path for path in conf_dir().iterdir() if any(path.glob("*.yaml")))
    return "\n".join(
        f"  {folder.name}: {', '.join(sorted(path.stem for path in folder.glob('*.yaml')))}"
        for folder in folders
    )


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
