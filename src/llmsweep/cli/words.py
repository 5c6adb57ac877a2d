"""Hydra's and OmegaConf's errors in one clear sentence each: the key, the value, what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from omegaconf import DictConfig, OmegaConf

from llmsweep.config import SweepConfig
from llmsweep.errors import LlmsweepError, UsageError, nearest
from llmsweep.paths import conf_dir


def ours(error: Exception, overrides: list[str]) -> LlmsweepError | None:
    """The error of ours that ``error`` is, was caused by, or means in the user's words; None for any other."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, LlmsweepError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return _usage_error(error, overrides)


def _usage_error(error: Exception, overrides: list[str]) -> UsageError | None:
    from hydra.errors import HydraException, InstantiationException, MissingConfigException
    from omegaconf.errors import OmegaConfBaseException

    root = _root(error)
    if isinstance(error, InstantiationException):
        return _instantiation(error)
    if isinstance(root, MissingConfigException) and root.missing_cfg_file and root.options:
        return _unknown_option(root.missing_cfg_file, list(root.options))
    if isinstance(error, HydraException | OmegaConfBaseException):
        return _override(error, root, overrides)
    return None


def refuse_unknown(cfg: DictConfig) -> None:
    """Raises UsageError for a key that `+key=value` put in: Hydra takes it, nothing would ever read it."""
    known = set(known_keys())
    for key in _appended(cfg, "", known):
        raise UsageError(f"{key}: there is no such key; {_near_key(key)}")


def _appended(cfg: DictConfig, prefix: str, known: set[str]) -> Iterator[str]:
    for name in cfg:
        key = prefix + str(name)
        if key not in known:
            yield key
        elif any(other.startswith(f"{key}.") for other in known) and OmegaConf.is_dict(cfg[name]):
            yield from _appended(cfg[name], f"{key}.", known)


def known_keys() -> list[str]:
    """Every key of the schema, dotted."""
    return list(_dotted(SweepConfig, ""))


def _dotted(kind: type, prefix: str) -> Iterator[str]:
    for f in fields(kind):
        name = f"{prefix}{f.name}"
        yield name
        nested = f.default_factory if isinstance(f.default_factory, type) else None
        if nested is not None and is_dataclass(nested):
            yield from _dotted(nested, f"{name}.")


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _unknown_option(missing: str, options: list[str]) -> UsageError:
    group, _, name = missing.rpartition("/")
    return UsageError(f"{group}={name}: there is no such {group}; {nearest(name, options)}")


def _override(error: Exception, root: BaseException, overrides: list[str]) -> UsageError:
    text = str(root) or str(error)
    key = getattr(root, "full_key", None) or ""
    if match := re.search(r"Key '([^']+)' (?:is not in struct|not in )", text):
        key = key or match.group(1)
        return UsageError(f"{key}: there is no such key; {_near_key(key)}")
    if match := re.search(
        r"Could not override '([^']+)'\.\s*No match in the defaults list", str(error) + text
    ):
        return UsageError(f"{match.group(1)}: there is no such key; {_near_key(match.group(1))}")
    if match := re.search(r"Value '(.*)' of type '\w+' (?:could not be converted to|is not) (.+)", text):
        value, wanted = match.group(1), match.group(2).splitlines()[0].rstrip(".")
        return UsageError(f"{key}={value}: the value must be of type {wanted}.")
    if match := re.search(r"field '(.+)' is not Optional", text):
        return UsageError(f"{key or match.group(1)}=null: this key needs a value.")
    first = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    return UsageError(f"{first.rstrip('.')}. (In: {' '.join(overrides)})")


def _near_key(key: str) -> str:
    """Neighbours of the same part first, since that is where a slip of the pen lands."""
    part = key.rpartition(".")[0]
    siblings = [k for k in known_keys() if k.rpartition(".")[0] == part]
    top = [k for k in known_keys() if "." not in k]
    return nearest(key, siblings or _keys_of_files(part) or top)


def _keys_of_files(group: str) -> list[str]:
    """The keys in any file of an open group (provider, sandbox, ...), whose schema is a class's signature."""
    files = (conf_dir() / group).glob("*.yaml")
    keys = {str(key) for path in files for key in OmegaConf.load(path) if not str(key).startswith("_")}
    return [f"{group}.{key}" for key in keys]


def _instantiation(error: Exception) -> UsageError:
    """A group's file named a class that does not take what it says."""
    root = _root(error)
    text = " ".join(str(error).split())
    where = re.search(r"full_key: (\w+)", text)
    part = where.group(1) if where else "a group"
    if match := re.search(r"unexpected keyword argument '(\w+)'", text):
        return UsageError(f"{part}.{match.group(1)}: there is no such setting of this {part}.")
    return UsageError(f"{part}: {str(root).splitlines()[0] if str(root) else text}")
