"""A new task to begin with: small, complete and sound as it stands, in the language that is wanted."""

from __future__ import annotations

import re
from pathlib import Path

from llmsweep.authoring.folder import IMAGES, TOOLS, toml_text, write_task
from llmsweep.errors import UsageError, nearest

LANGUAGES = tuple(IMAGES)

SUITE = """\
name = {name}
version = "0.1"
description = "What these tasks have in common, in a line."
measures = ["what a pass on them shows"]
does_not_measure = ["what it does not show"]
expected_seconds_per_task = 60.0

[tiers]
1 = "one file"
2 = "several files"
3 = "across files, with a trap"
"""

INSTRUCTION = """\
`{file}` greets the wrong way: {call} must give `Hello, Ada!`, and without a name (or with blanks only) `Hello!`. \
Blanks around a name do not count. Mend it; `{check}` checks an example.
"""

HIDDEN = '''\
"""Hidden tests of {name}. They ask for values and compare them here; see judge.py for what they can use.

Ask for inputs that neither the instruction nor the visible check shows, and for every word of the instruction.
"""

from judge import check, decide, run{python}


{greet}


@check("names, with blanks around them")
def names():
    assert greet("Ada") == "Hello, Ada!"
    assert greet("  Bo B. ") == "Hello, Bo B.!"


@check("no name")
def nobody():
    assert greet("") == "Hello!"
    assert greet("   ") == "Hello!"


decide()
'''

_GREET_BY_RUN = """def greet(name):
    return run("{command}", stdin=name + "\\n").stdout.strip("\\n")"""
_GREET_BY_PYTHON = """def greet(name):
    return python(f"from greet import greet; answer(greet({name!r}))")"""

_CHECK_SH = """\
got=$(echo "Ada" | {run})
if [ "$got" != "Hello, Ada!" ]; then
    echo "it printed '$got', expected 'Hello, Ada!'"
    exit 1
fi
echo "check passed"
"""

# language -> file, wrong text, right text, how the instruction calls it, the visible check (file, text, command), command
_KINDS: dict[str, tuple[str, str, str, str, tuple[str, str, str], str]] = {
    "python": (
        "greet.py",
        'def greet(name):\n    return "Hello, " + name\n',
        'def greet(name):\n    name = name.strip()\n    return f"Hello, {name}!" if name else "Hello!"\n',
        '`greet("Ada")`',
        (
            "check.py",
            'from greet import greet\n\nassert greet("Ada") == "Hello, Ada!", greet("Ada")\nprint("check passed")\n',
            "python3 check.py",
        ),
        "",
    ),
    "shell": (
        "greet.sh",
        'read -r name\necho "Hello, $name"\n',
        'read -r name\nif [ -n "$name" ]; then echo "Hello, $name!"; else echo "Hello!"; fi\n',
        "the input `Ada`",
        ("check.sh", _CHECK_SH.format(run="sh greet.sh"), "sh check.sh"),
        "sh greet.sh",
    ),
    "javascript": (
        "greet.js",
        "const name = require('node:fs').readFileSync(0, 'utf8');\nconsole.log('Hello, ' + name);\n",
        "const name = require('node:fs').readFileSync(0, 'utf8').trim();\nconsole.log(name ? `Hello, ${name}!` : 'Hello!');\n",
        "the input `Ada`",
        ("check.sh", _CHECK_SH.format(run="node greet.js"), "sh check.sh"),
        "node greet.js",
    ),
    "c": (
        "greet.c",
        '#include <stdio.h>\n\nint main(void) {\n    char name[100];\n    scanf("%99s", name);\n    printf("Hello, %s\\n", name);\n    return 0;\n}\n',
        '#include <ctype.h>\n#include <stdio.h>\n#include <string.h>\n\nint main(void) {\n    char line[1000] = "", *name = line;\n    fgets(line, sizeof line, stdin);\n'
        "    while (isspace((unsigned char)*name)) name++;\n    size_t length = strlen(name);\n    while (length && isspace((unsigned char)name[length - 1])) name[--length] = 0;\n"
        '    if (length) printf("Hello, %s!\\n", name);\n    else printf("Hello!\\n");\n    return 0;\n}\n',
        "the input `Ada`",
        (
            "check.sh",
            _CHECK_SH.format(run="./greet").replace("got=", "gcc -O1 -o greet greet.c || exit 1\ngot=", 1),
            "sh check.sh",
        ),
        "gcc -O1 -o /tmp/greet greet.c && /tmp/greet",
    ),
}


def new_task(folder: Path, language: str) -> None:
    """Write a task into a folder that is not there yet, and suite.toml beside it where there is none.

    Raises UsageError for an unknown language, a name that is none, or a folder that is there.
    """
    if language not in _KINDS:
        raise UsageError(f"--language {language}: there is no such language; {nearest(language, _KINDS)}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", folder.name):
        raise UsageError(f"{folder.name!r} is no task's name: use small letters, digits and single hyphens.")
    if folder.exists():
        raise UsageError(f"{folder} is there already; choose another name.")
    file, wrong, right, call, (check_file, check_text, check), command = _KINDS[language]
    greet = _GREET_BY_PYTHON if language == "python" else _GREET_BY_RUN.replace("{command}", command)
    suite = folder.parent / "suite.toml"
    write_task(
        folder,
        {
            "instruction.md": INSTRUCTION.format(file=file, call=call, check=check),
            f"environment/{file}": wrong,
            f"environment/{check_file}": check_text,
            "tests/hidden.py": HIDDEN.replace("{name}", folder.name)
            .replace("{greet}", greet)
            .replace("run{python}", "python" if language == "python" else "run"),
            f"solution/{file}": right,
            "solution/solve.sh": f'#!/bin/sh\ncp "$(dirname "$0")/{file}" .\n',
        },
        description="Greet a person by name.",
        category="example",
        check=check,
        language=language,
        tools=TOOLS.get(language, ()),
    )
    if not suite.exists():
        suite.write_text(SUITE.format(name=toml_text(folder.parent.resolve().name)), encoding="utf-8")
