"""Which actions go up before they are carried out: the rules that come along, on commands as agents write them."""

from __future__ import annotations

import pytest
from omegaconf import OmegaConf

from llmsweep.agent.protocols.base import Wish
from llmsweep.agent.radius import check_radius, targets, too_large
from llmsweep.errors import UsageError
from llmsweep.paths import conf_dir
from llmsweep.policy import Radius

_RULES = OmegaConf.load(conf_dir() / "policy" / "tiered.yaml").radius
SHIPPED = Radius(commands=tuple(_RULES.commands), paths=tuple(_RULES.paths), outside=_RULES.outside)


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf build",
        "cd src && rm -r -f .",
        "git push origin main",
        "git reset --hard HEAD~1",
        "git clean -fd",
        'sqlite3 shop.db "DROP TABLE orders"',
        "psql -c 'ALTER TABLE users ADD age int'",
        'sqlite3 shop.db "delete from orders;"',
        "python manage.py migrate",
        "alembic upgrade head",
        "echo x > /etc/hosts",
        "echo x >> ../other/notes.txt",
        "cp a.py /usr/lib/a.py",
        "tee ~/.bashrc < a",
        "sed -i s/a/b/ db/migrations/001.sql",
        "cat > db/migrations/002.sql <<'EOF'\nselect 1;\nEOF",
        "mkdir -p sub/.github/workflows/x",
        "FOO=1 sudo touch /opt/x",
        "mkfs.ext4 disk.img",
        "npm publish",
        "terraform -chdir=x apply",
    ],
)
def test_what_reaches_far_goes_up(command: str):
    assert too_large(Wish(commands=(command,)), SHIPPED, "/app") is not None


@pytest.mark.parametrize(
    "command",
    [
        "ls -la",
        "rm notes.txt",
        "git status && git diff",
        "python3 check.py 2>&1 | tail -3",
        "python3 check.py > /dev/null 2>&1",
        "cat > solution.py << 'EOF'\nif a > b: print('it''s > /etc/x')\nEOF",
        "echo x > /tmp/x; cp /tmp/x ./y",
        "cat db/migrations/001.sql",
        "sed -n 1,5p /usr/include/stdio.h",
        "sed -i 's/a/b/' solution.py",
        "cp /usr/share/dict/words words.txt",
        "grep -r migrate .",
        "echo a > /app/out.txt",
        "echo a > sub/../out.txt",
        "sqlite3 shop.db 'delete from orders where id = 3'",
        "python3 -c 'print(1 >> 2)'",
        "echo \"it isn't closed",
    ],
)
def test_what_stays_in_the_task_does_not(command: str):
    assert too_large(Wish(commands=(command,)), SHIPPED, "/app") is None


@pytest.mark.parametrize(
    ("path", "up"),
    [
        ("solution.py", False),
        ("/app/solution.py", False),
        ("../x", True),
        ("/etc/passwd", True),
        ("db/migrations/1.py", True),
        ("migrations/1.py", True),
        (".env", True),
        ("a/.env.example", False),
    ],
)
def test_files_that_are_written(path: str, up: bool):
    assert (too_large(Wish(writes=(path,)), SHIPPED, "/app") is not None) == up


def test_the_reason_names_the_rule_and_the_action():
    said = too_large(Wish(commands=("git push origin main",)), Radius(commands=(r"git\s+push",)), "/app")
    assert said == r"the command fits git\s+push: git push origin main"
    assert too_large(Wish(commands=("git push",)), Radius(), "/app") is None


def test_targets_of_several_commands():
    script = "cat > a.txt <<EOF\n> b.txt\nEOF\ntouch c d && mv e f; dd if=g of=h"
    assert targets(script) == ["a.txt", "c", "d", "e", "f", "h"]


@pytest.mark.parametrize(
    ("radius", "says"),
    [
        (Radius(commands=("ok", "(")), r"policy.radius.commands\[1\]=\(: it is no regular expression"),
        (Radius(commands=("x*",)), "it fits every command"),
        (Radius(paths=("**",)), r"policy.radius.paths\[0\]=\*\*: it fits every file or none"),
    ],
)
def test_bad_patterns_are_refused(radius: Radius, says: str):
    with pytest.raises(UsageError, match=says):
        check_radius(radius)
    check_radius(SHIPPED)
