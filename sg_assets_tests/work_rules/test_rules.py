"""Each rule, by a text that breaks it and one like it that does not."""

from collections.abc import Callable

import pytest

from sg_assets_tests.work_rules import rules
from sg_assets_tests.work_rules.source import Module
from sg_assets_tests.work_rules.tree import does_work

NAMES = frozenset({"sg_assets.store", "sg_assets.store.known", "sg_assets.here"})
Rule = Callable[[Module], list[str]]


def module(text: str, *, is_package: bool = False) -> Module:
    return Module("sg_assets.here", text, is_package, NAMES)


BREAKING: list[tuple[Rule, str]] = [
    (rules.mutates_what_it_imported, "from sg_assets.store import known\nknown.NAMES = ()"),
    (rules.mutates_what_it_imported, "from sg_assets.store import known\ndef run(): known.NAMES.append(1)"),
    (rules.mutates_what_it_imported, "def run():\n  from sg_assets.store.known import NAMES\n  NAMES['a'] = 1"),
    (rules.mutates_what_it_imported, "from sg_assets.store.known import NAMES\nNAMES.update(a=1)"),
    (rules.mutates_what_it_imported, "from sg_assets.store.known import NAMES\nNAMES |= {'a'}"),
    (rules.mutates_what_it_imported, "from sg_assets.store.known import NAMES\ndef run():\n  del NAMES[0]"),
    (rules.mutates_what_it_imported, "import sg_assets.store.known\ndef run(): setattr(sg_assets.store, 'a', 1)"),
    (rules.mutates_what_it_imported, "from sg_assets.store import known\nvars(known)['NAMES'] = 1"),
    (rules.mutates_what_it_imported, "import os\nclass Held:\n  os.environ['A'] = 'b'"),
    (rules.mutates_what_it_imported, "import torch\nrun = lambda: torch.hooks.append(1)"),
    (rules.mutates_its_own_names, "SEEN = {}\ndef run(): SEEN['a'] = 1"),
    (rules.mutates_its_own_names, "SEEN = []\nclass Held:\n  def run(self): SEEN.append(1)"),
    (rules.mutates_its_own_names, "def run():\n  run.calls += 1"),
    (rules.mutates_its_own_names, "class Held: pass\ndef run():\n  def inner(): Held.seen.add(1)"),
    (rules.mutates_its_own_names, "NUMBERS = iter(range(3))\ndef run(): return next(NUMBERS)"),
    (rules.mutates_its_own_names, "SEEN: list[int] = []\nrun = lambda: SEEN.append(1)"),
    (rules.uses_scopes_as_data, "SEEN = 0\ndef run():\n  global SEEN\n  SEEN = 1"),
    (rules.uses_scopes_as_data, "def run(a): return locals()"),
    (rules.uses_scopes_as_data, "def run(a): return vars()"),
    (rules.uses_scopes_as_data, "def run(a): return globals()['x']"),
    (rules.uses_scopes_as_data, "def run(a): return eval(a)"),
    (rules.uses_scopes_as_data, "def run(a): exec(a)"),
    (rules.names_values_in_texts, "def run(value): return f'{value=}'"),
    (rules.names_values_in_texts, "def run(value): return f'of {value.a = !s:>10} in all'"),
    (rules.imports_stars, "from sg_assets.store.known import *"),
    (rules.loads_by_name, "import importlib\ndef run(name): return importlib.import_module(name)"),
    (rules.loads_by_name, "def run(name): return __import__(name)"),
    (rules.loads_by_name, "from sg_assets.store import known\ndef run(name): return getattr(known, name)"),
    (rules.scans_python_variables, "import duckdb\ndef run(frame): return duckdb.sql('FROM frame')"),
    (rules.scans_python_variables, "import duckdb\nconnection = duckdb.connect()"),
    (rules.scans_python_variables, "import duckdb as d\nconnection = d.connect(config={'threads': 1})"),
    (rules.scans_python_variables, "import duckdb\nA = {'threads': 1}\nconnection = duckdb.connect('a', config=A)"),
    (rules.scans_python_variables, "import duckdb\nrelation = duckdb.from_df(1)"),
]  # fmt: skip
KEEPING: list[tuple[Rule, str]] = [
    (rules.mutates_what_it_imported, "from sg_assets.store import known\nNAMES = [*known.NAMES, 1]\nNAMES.append(2)"),
    (rules.mutates_what_it_imported, "import numpy as np\ndef run(a): return np.add(a, 1)"),
    (rules.mutates_what_it_imported, "from sg_assets.store.known import Held\ndef run(): Held().items.append(1)"),
    (rules.mutates_its_own_names, "SEEN = {}\nSEEN['a'] = 1"),
    (rules.mutates_its_own_names, "SEEN = {}\ndef run(SEEN): SEEN['a'] = 1"),
    (rules.mutates_its_own_names, "SEEN = []\ndef run():\n  SEEN = []\n  def inner(): SEEN.append(1)"),
    (rules.mutates_its_own_names, "class Held:\n  def run(self): self.seen.append(1)"),
    (rules.uses_scopes_as_data, "def run(model, held): return model.eval(), vars(held)"),
    (rules.names_values_in_texts, "def run(value): return f'value={value!r}', f'{value == 1}', f'{value:=^3}'"),
    (rules.imports_stars, "from sg_assets.store.known import NAMES"),
    (rules.loads_by_name, "from sg_assets.store import known\ndef run(a, name): return getattr(a, name), known.NAMES"),
    (rules.loads_by_name, "import yaml\nLOADER = getattr(yaml, 'CSafeLoader', None)"),
    (rules.scans_python_variables, "import duckdb\nC = duckdb.connect('a', config={**WITHOUT_SCANS, 'threads': 1})"),
    (rules.scans_python_variables, "import duckdb\nA = {**WITHOUT_SCANS}\nC = duckdb.connect('a', config=A)"),
    (rules.scans_python_variables, "import duckdb\ndef run(connection): return connection.sql('FROM t')"),
    (rules.scans_python_variables, "import duckdb\nclass Failed(Exception): cause = duckdb.Error()"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), BREAKING)
def test_a_text_that_breaks_a_rule_is_named_with_its_line(rule: Rule, text: str) -> None:
    [line] = rule(module(text))
    assert line.startswith("sg_assets.here:")


@pytest.mark.parametrize(("rule", "text"), KEEPING)
def test_a_text_that_keeps_a_rule_is_not_named(rule: Rule, text: str) -> None:
    assert rule(module(text)) == []


@pytest.mark.parametrize("text", ["VERSION = 1", "import os", "def run(): pass", "from a import b\nb()"])
def test_an_init_that_does_something_is_named(text: str) -> None:
    assert len(rules.does_more_than_export(module(text, is_package=True))) == 1
    assert rules.does_more_than_export(module(text)) == []


def test_an_init_may_be_empty_or_export() -> None:
    text = '"""What it is."""\nfrom sg_assets.store.known import NAMES\n__all__ = ["NAMES"]'
    assert rules.does_more_than_export(module(text, is_package=True)) == []


REGISTRY = """
KNOWN = {}
def known(function):
    KNOWN[function.__name__] = function
    return function
def named(name):
    def known(function):
        KNOWN[name] = function
        return function
    return known
def timed(function):
    KNOWN = {}
    KNOWN[1] = function
    return function
"""


@pytest.mark.parametrize(
    ("decorated", "breaks"),
    [
        ("from sg_assets.store.known import known\n@known\ndef run(): pass", True),
        ("from sg_assets.store import known\n@known.named('a')\nclass Held: pass", True),
        ("from third import dialects\n@dialects.register('a')\nclass Held: pass", True),
        ("from sg_assets.store.known import timed\n@timed\ndef run(): pass", False),
        ("from functools import cache\n@cache\ndef run(): pass", False),
    ],
)
def test_a_decorator_that_registers_is_named(decorated: str, breaks: bool) -> None:
    home = Module("sg_assets.store.known", REGISTRY, modules=NAMES)
    here = module(decorated)
    lines = rules.registers_by_decorator(here, {"sg_assets.store.known": home, "sg_assets.here": here})
    assert len(lines) == int(breaks)


def test_the_rules_are_for_work_and_not_for_what_starts_it() -> None:
    assert does_work("sg_assets.training.job")
    assert does_work("sg_assets.processes.job_process")
    assert not does_work("sg_assets.orchestration.asset_builder")
    assert not does_work("sg_assets.cli.why")
    assert not does_work("sg_assets.code.closure")
