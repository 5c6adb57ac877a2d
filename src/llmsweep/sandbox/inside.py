"""Reading and writing single files of a container, by small scripts for its bash that run as the agent's user.

Links are never followed and pipes never opened. Nothing else runs in the container meanwhile, so that what a script
found is still so when it acts.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from llmsweep.errors import SandboxError
from llmsweep.sandbox.container import Container
from llmsweep.sandbox.workspace import MAX_FILES, MAX_TEXT_BYTES

# $1: the workspace, then the path's components. {make}: what to do where a folder is missing.
_WALK = r"""
cd -P -- "$1" || exit 46; shift
while [ $# -gt 1 ]; do
  [ -L "./$1" ] && exit 42
  if [ ! -d "./$1" ]; then [ -e "./$1" ] && exit 42; {make}; fi
  cd -P -- "./$1" 2>/dev/null || exit 46; shift
done
[ -L "./$1" ] && exit 44; [ -d "./$1" ] && exit 43
[ -e "./$1" ] && [ ! -f "./$1" ] && exit 45
"""
_READ = (
    _WALK.replace("{make}", "exit 41")
    + f"""
[ -e "./$1" ] || exit 41; [ -r "./$1" ] || exit 46
exec head -c {MAX_TEXT_BYTES + 1} < "./$1"
"""
)
_WRITE = (
    _WALK.replace("{make}", 'mkdir -- "./$1" || exit 46')
    + """
[ -e "./$1" ] && [ ! -w "./$1" ] && exit 46
exec cat > "./$1"
"""
)
_FILES = f"""
cd -P -- "$1" || exit 46
shopt -s globstar nullglob; left={MAX_FILES}
for path in **; do
  [ -f "$path" ] && [ ! -L "$path" ] || continue
  case "/$path" in */__pycache__/*) continue;; esac
  printf '%s\\0' "$path"; left=$((left - 1)); [ $left -gt 0 ] || break
done
exit 0
"""
EMPTY = """
cd -P -- "$1" || exit 46
shopt -s dotglob nullglob; for name in *; do rm -rf -- "./$name" || exit; done
"""
"""Removes all that is in the folder $1."""
_REFUSALS: dict[int, tuple[type[OSError], str]] = {
    41: (FileNotFoundError, "no such file"),
    42: (NotADirectoryError, "a part of the path is a file or a symbolic link, not a folder"),
    43: (IsADirectoryError, "a folder, not a file"),
    44: (OSError, "a symbolic link; name the file it points to"),
    45: (OSError, "neither a file nor a folder"),
    46: (PermissionError, "permission denied"),
}


def read(container: Container, user: str, workdir: str, path: str) -> str:
    """As Sandbox.read."""
    data = _told(container, user, _READ, (workdir, *_parts(workdir, path)), path)
    if len(data) > MAX_TEXT_BYTES:
        raise OSError(f"too large to read whole (over {MAX_TEXT_BYTES >> 20} MB): {path}")
    return data.decode("utf-8", "replace")


def write(container: Container, user: str, workdir: str, path: str, text: str) -> None:
    """As Sandbox.write. A file that exists keeps its mode."""
    parts = _parts(workdir, path)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise OSError(f"the text for {path} holds half of a surrogate pair, which no file can hold") from None
    if len(data) > MAX_TEXT_BYTES:
        raise OSError(f"too large to write (over {MAX_TEXT_BYTES >> 20} MB): {path}")
    _told(container, user, _WRITE, (workdir, *parts), path, data)


def files(container: Container, user: str, workdir: str) -> list[str]:
    """As Sandbox.files."""
    names = _told(container, user, _FILES, (workdir,), workdir).split(b"\0")
    found = []
    for name in filter(None, names):
        try:
            found.append(name.decode())
        except UnicodeDecodeError:
            continue
    return sorted(found)


def _told(
    container: Container,
    user: str,
    script: str,
    words: tuple[str, ...],
    path: str,
    stdin: bytes | None = None,
) -> bytes:
    done = container.ask(user, script, *words, stdin=stdin)
    if done.returncode in _REFUSALS:
        kind, saying = _REFUSALS[done.returncode]
        raise kind(f"{saying}: {path}")
    if done.returncode:
        container.settle()  # raises where the container is gone
        said = done.stderr.decode("utf-8", "replace").strip()[-200:]
        if stdin is None:
            raise SandboxError(f"{container.engine.kind} exec failed: {said}")
        raise OSError(f"it could not be written ({said.rpartition(': ')[2] or 'no reason given'}): {path}")
    return bytes(done.stdout)


def _parts(workdir: str, path: str) -> tuple[str, ...]:
    """Components below the workspace. Raises OSError for a path that leaves it or cannot be one."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise OSError(f"not a file name: {path!r}") from None
    if "\0" in path:
        raise OSError(f"not a file name: {path!r}")
    pure = PurePosixPath(path)
    if pure.is_relative_to(workdir):
        pure = pure.relative_to(workdir)
    if pure.is_absolute() or ".." in pure.parts:
        raise PermissionError(f"outside of the workspace {workdir}: {path}")
    if not pure.parts:
        raise IsADirectoryError(f"a folder, not a file: {path or '.'}")
    return pure.parts
