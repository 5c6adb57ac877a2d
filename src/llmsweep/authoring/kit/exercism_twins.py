"""Rewrites an exercise's test files for one trial: random names, twins of each test, tripwires (see exercism_tests.py).

A twin is made of a demand that stands in the test's own body, so that a test cannot pass without having reached it, and
in a test that does not return early. No honest solution passes a test and a twin of it, whatever chance chose.
"""

import ast
import copy
import random
import string
from collections import namedtuple

Case = namedtuple("Case", "module name test kind")  # name: as the runner calls it; test: as the exercise does

VALUES = {
    *("assertEqual", "assertEquals", "assertMultiLineEqual", "assertDictEqual", "assertSetEqual"),
    *("assertListEqual", "assertTupleEqual", "assertSequenceEqual", "assertCountEqual"),
}
OPPOSITES = {
    "assertTrue": "assertFalse",
    "assertEqual": "assertNotEqual",
    "assertAlmostEqual": "assertNotAlmostEqual",
    "assertIs": "assertIsNot",
    "assertIsNone": "assertIsNotNone",
    "assertIn": "assertNotIn",
    "assertIsInstance": "assertNotIsInstance",
    "assertRegex": "assertNotRegex",
    "assertLess": "assertGreaterEqual",
    "assertGreater": "assertLessEqual",
}
OPPOSITES.update({other: one for one, other in OPPOSITES.items()})
MOST_TWINS = 3  # of one test: each takes about the time of the test

TRIPWIRES = """
def t(self, *_):
    self.assertEqual({one!r}, {other!r})
def t(self, *_):
    with self.assertRaises(ValueError):
        str({one!r})
def t(self, *_):
    assert {one!r} == {other!r}
def t(self, *_):
    self.assertTrue({one!r} == {other!r})
"""

chance = random.SystemRandom()


def rewritten(texts):
    """The files with random names, twins and tripwires, and all cases in the order in which they are to run."""
    files, cases = {}, []
    for name, text in texts.items():
        tree = ast.parse(text)
        found = cases_of(tree, name[: -len(".py")].replace("/", "."))
        files[name] = ast.unparse(ast.fix_missing_locations(tree))
        cases += (
            found if len(texts) == 1 else [case._replace(test="%s: %s" % (name, case.test)) for case in found]
        )
    tests = [case for case in cases if case.kind == "test"]
    for case in cases:
        if case.kind != "test":
            tests.insert(chance.randint(0, len(tests)), case)
    return files, tests


def cases_of(tree, module):
    """Rename and add within the tree; a case for each test of each class that inherits it."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    lineages = {name: lineage(name, classes) for name in classes if is_case(name, classes)}
    own = {name: own_tests(node) for name, node in classes.items()}
    used = {base for bases in lineages.values() for base in bases}
    renamed = {name: renew(classes[name], own[name]) for name in used}
    cases, several = [], len(lineages) > 1
    for name, bases in lineages.items():
        nearest = {method: base for base in reversed(bases) for method in own[base]}
        runs = [
            Case(module, "%s.%s" % (name, new), "%s.%s" % (name, method) if several else method, kind)
            for method, base in nearest.items()
            for kind, new in renamed[base].get(method, ())
        ]
        if runs and not skipped(classes[name]):
            cases += runs
            cases += [
                Case(module, "%s.%s" % (name, new), "", "tripwire") for new in add_tripwires(classes[name])
            ]
    return cases


def is_case(name, classes, seen=()):
    """Whether a class of the file is a unittest.TestCase."""
    if name not in classes or name in seen:
        return name.endswith("TestCase") and name not in classes
    return any(is_case(base, classes, (*seen, name)) for base in base_names(classes[name]))


def lineage(name, classes):
    """The class and its bases within the file, nearest first."""
    found = [name]
    for base in base_names(classes[name]):
        if base in classes and base != name:
            found += [one for one in lineage(base, classes) if one not in found]
    return found


def base_names(node):
    return [
        base.id if isinstance(base, ast.Name) else base.attr
        for base in node.bases
        if hasattr(base, "id") or hasattr(base, "attr")
    ]


def own_tests(node):
    """The class's own test methods by name, the last of each name counting."""
    return {
        one.name: one
        for one in node.body
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name.startswith("test")
    }


def skipped(node):
    """Whether a decorator takes it out of the count; under which condition is not asked."""
    names = [ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in node.decorator_list]
    return any(name.startswith("skip") or name == "expectedFailure" for name in names)


def renew(node, methods):
    """Give the methods new names and twins: old name -> (kind, new name) of each that is to be run."""
    made = {}
    for name, method in methods.items():
        if skipped(method):
            continue
        others = twins(method)
        method.name = new_name()
        made[name] = [("test", method.name)]
        for other in others:
            other.name = new_name()
            node.body.insert(chance.randint(0, len(node.body)), other)
            made[name].append(("twin", other.name))
    return made


def add_tripwires(node):
    one, other = chance.sample(range(1000), 2)
    made = ast.parse(TRIPWIRES.format(one=one, other=other)).body
    for method in made:
        method.name = new_name()
        node.body.append(method)
    return [method.name for method in made]


def new_name():
    return "test_" + "".join(chance.choices(string.ascii_lowercase, k=10))


# Twins


def twins(method):
    """Copies of a test with one demand each turned false; none where no demand is sure to be reached."""
    if any(isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) for node in own_nodes(method)):
        return []
    numbers, made = list(range(len(turns(method)))), []
    chance.shuffle(numbers)
    for number in numbers:
        other = copy.deepcopy(method)
        if len(made) < MOST_TWINS and turns(other)[number]():
            made.append(other)
    return made


def turns(method):
    """The ways to turn a demand false, each a function that changes the method and says whether it could."""
    itself = method.args.args[0].arg if method.args.args else ""
    return [turn for place in range(len(method.body)) for turn in turns_of(method.body, place, itself)]


def own_nodes(method):
    """The nodes of a method, without those of functions within it."""
    left = list(method.body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            left += ast.iter_child_nodes(node)


def turns_of(body, place, itself):
    """Those of one statement. Another value shows more than the opposite, which no value that equals all would meet."""
    statement = body[place]
    if isinstance(statement, ast.Expr):
        call, name = assertion(statement.value, itself)
        if name.startswith("assertRaises") and len(call.args) >= 2:
            yield lambda: other_exception(call)
        elif name in OPPOSITES or name in VALUES:
            values = value_turns(call, name)
            yield from values
            if name in OPPOSITES and not values:
                yield lambda: opposite(call)
        elif name.startswith(("assert", "refute")):
            yield lambda: refused(body, place)
    elif isinstance(statement, ast.With):
        for item in statement.items:
            call, name = assertion(item.context_expr, itself)
            if name.startswith("assertRaises") and call.args:
                yield lambda call=call: other_exception(call)


def refused(body, place):
    """The exercise's own kind of assertion must raise."""
    raising = ast.parse("self.assertRaises(AssertionError)", mode="eval").body
    raising.func.value = copy.deepcopy(body[place].value.func.value)
    body[place] = ast.With(items=[ast.withitem(context_expr=raising)], body=[body[place]])
    return True


def assertion(node, itself):
    """The call and the name where a node is self.name(...), else an empty name."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == itself
        and not any(isinstance(arg, ast.Starred) for arg in node.args)
    ):
        return node, node.func.attr
    return None, ""


def opposite(call):
    call.func.attr = OPPOSITES[call.func.attr]
    return True


def other_exception(call):
    """A class made on the spot, which nothing can raise."""
    call.args[0] = ast.parse("type(%r, (Exception,), {})" % new_name(), mode="eval").body
    return True


def value_turns(call, name):
    """Another literal for the one that stands there, or something unheard of for either of two computed values."""
    if len(call.args) < 2 or "ANY" in ast.unparse(call):
        return []
    literals = [place for place in (0, 1) if is_literal(call.args[place])]
    if name == "assertIs":
        literals = [place for place in literals if isinstance(ast.literal_eval(call.args[place]), bool)]
    elif name not in VALUES:
        return []
    elif not literals:
        return [lambda: something(call, 0), lambda: something(call, 1)]
    return [lambda: other_value(call, literals[0])] if len(literals) == 1 else []


def something(call, place):
    """An object of a class made on the spot: a solution's own comparison can take it for nothing that it knows."""
    call.args[place] = ast.parse("type(%r, (), {})()" % new_name(), mode="eval").body
    return True


def other_value(call, place):
    value = ast.literal_eval(call.args[place])
    other = altered(value)
    if other == value:
        return False
    call.args[place] = ast.parse(repr(other), mode="eval").body
    return True


def is_literal(node):
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def altered(value):
    """Another value of the same look; the same one where there is none."""
    kind = type(value)
    if kind is bool:
        return not value
    if kind in (int, float, complex):
        return value + chance.choice((-1, 1)) * chance.randint(1, 9)
    if value is None:
        return chance.choice((0, False, ""))
    if kind is str:
        return altered_text(value)
    if kind is bytes:
        return altered_text(value.decode("latin-1")).encode("latin-1", "replace")
    if kind in (list, tuple, set):
        items = list(value)
        if not items:
            return kind([chance.randint(1, 9)])
        place = chance.randrange(len(items))
        items[place] = altered(items[place])
        return kind(items)
    if kind is dict:
        key = chance.choice(list(value)) if value else chance.choice(string.ascii_lowercase)
        return {**value, key: altered(value.get(key))}
    return value


def altered_text(text):
    """With another letter somewhere, or one more where there is none."""
    places = [place for place, char in enumerate(text) if char.isalnum()]
    if not places:
        return text + chance.choice(string.ascii_lowercase)
    place = chance.choice(places)
    pool = string.digits if text[place].isdigit() else string.ascii_lowercase
    other = chance.choice([char for char in pool if char != text[place].lower()])
    return text[:place] + (other.upper() if text[place].isupper() else other) + text[place + 1 :]
