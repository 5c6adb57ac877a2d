"""Runs the notebooks from scratch through a real kernel and writes their outputs; with --check it writes nothing and says where text differs.

Pictures are not compared: other versions of a font or of the drawing library move pixels, and no figure of ours.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).parent
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIMEOUT_S = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", type=Path, nargs="*", help="default: all of this folder")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 where an output differs"
    )
    chosen = parser.parse_args()
    wrong = 0
    for path in chosen.notebooks or sorted(HERE.glob("*.ipynb")):
        shipped = nbformat.read(path, as_version=4)
        try:
            fresh = executed(nbformat.read(path, as_version=4))
        except CellExecutionError as e:
            print(f"{path.name}: a cell fails:\n{e}", file=sys.stderr)
            wrong += 1
            continue
        if not chosen.check:
            nbformat.write(fresh, path)
            print(f"written: {path.name}")
            continue
        for line in differences(shipped, fresh):
            print(f"{path.name}: {line}", file=sys.stderr)
            wrong += 1
    return 1 if wrong else 0


def executed(notebook: Any) -> Any:
    """With new outputs, and nothing of this machine or moment in it. Raises CellExecutionError."""
    NotebookClient(
        notebook, timeout=TIMEOUT_S, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}
    ).execute()
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
    return notebook


def differences(shipped: Any, fresh: Any) -> list[str]:
    """A line a cell whose text differs, or that warns."""
    found = []
    for number, (old, new) in enumerate(zip(shipped.cells, fresh.cells, strict=True), start=1):
        if any(output.get("name") == "stderr" for output in new.get("outputs", [])):
            found.append(f"cell {number} writes to stderr: {texts(new)}")
        elif texts(old) != texts(new):
            found.append(
                f"cell {number} gives other text than the shipped one; look at it, then `make notebooks`:\n"
                f"--- shipped\n{texts(old)}\n--- now\n{texts(new)}"
            )
    return found


def texts(cell: Any) -> str:
    """All that a cell shows but pictures, of which only that they are there counts."""
    parts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        shown = "[picture]" if "image/png" in data else data.get("text/plain", output.get("text", ""))
        parts.append(shown)
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
