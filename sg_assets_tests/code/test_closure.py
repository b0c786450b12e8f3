"""What moves the code of a step, and what does not: each rule with its negative twin."""

from functools import partial

import pytest

from sg_assets.code.closure import definition_of
from sg_assets.code.exclusion_table import reason
from sg_assets.code.modules import Definition
from sg_assets_tests.code.packages import ENTRY, FILES, closure, edited

Edit = tuple[str, str, str]

STAYS: dict[str, tuple[Edit, ...]] = {
    "a comment": (("work", "# a comment", "# another comment"),),
    "a docstring": (("work", '"""Do the work."""', '"""Do all of the work."""'),),
    "a module's docstring": (("work", '"""The work."""', '"""Work."""'),),
    "a field's docstring": (("shapes", "'''In metres.'''", "'''In feet.'''"),),
    "layout": (("work", "item * by", "item  *  by"),),
    "a renamed local": (("work", "total", "amount"),),
    "a renamed loop variable": (("work", "square.", "shape."), ("work", "for square in", "for shape in")),
    "a renamed function": (("work", "helper", "assistant"),),
    "a renamed class": (("work", "Square", "Quad"), ("shapes", "class Square", "class Quad")),
    "a renamed constant": (("work", "LIMIT", "MOST"), ("limits", "LIMIT", "MOST")),
    "a renamed private constant": (("work", "_OWN", "_MINE"),),
    "another name of an import": (
        ("work", "import numpy as np", "import numpy"), ("work", "np.float64", "numpy.float64"),
    ),
    "an import of a name": (
        ("work", "import numpy as np", "from numpy import float64"), ("work", "np.float64", "float64"),
    ),
    "an import moved into the function": (
        ("work", "from sg_assets.shapes import Colour, Model, Square\n", ""),
        ("work", "import typed\n", "import typed, Colour, Model, Square\n"),
    ),
    "an unrelated function": (
        ("work", '"nothing reaches this"', '"still nothing"'), ("limits", "return 1", "return 2"),
    ),
    "a reworded progress line": (("work", "half way at {total}", "{total} so far"),),
    "a reworded line to an excluded function": (("work", 'tell("done")', 'tell("finished")'),),
    "an edited excluded function": (("progress", "print(line)", "print(line, flush=True)"),),
    "a reworded error": (("work", '"too much"', '"far too much"'), ("work", "is over", "exceeds")),
    "a reworded error of a validator": (("shapes", "'n must be positive'", "'n is negative'"),),
    "a function's annotation": (("work", "item: float, by: int", "item: int, by: float"),),
    "a declared record's default": (("records", "rank: int = 8", "rank: int = 16"),),
    "a declared record's new key": (("records", "other: int = 1", "other: int = 1\n    third: int = 0"),),
    "a type checker's import": (
        ("shapes", "from sg_assets.typed import Typed", "from sg_assets.typed import Typed as Other"),
    ),
    "an excluded class's method": (("store", "def path(self)", "def folder(self)"),),
    "the order of definitions": (
        ("work", "def unrelated() -> str:\n    return \"nothing reaches this\"\n", ""),
        ("work", "_OWN = 5\n", '_OWN = 5\n\n\ndef unrelated() -> str:\n    return "nothing reaches this"\n'),
    ),
}  # fmt: skip
MOVES: dict[str, tuple[Edit, ...]] = {
    "a constant": (("work", "_OWN = 5", "_OWN = 6"),),
    "an imported constant": (("limits", "BASE * 2", "BASE * 3"),),
    "a constant behind an imported constant": (("deep", "BASE = 4", "BASE = 5"),),
    "a statement that changes a constant": (("limits", "NAMES.append('b')", "NAMES.append('c')"),),
    "a function in a dictionary": (("limits", "x / 2", "x / 3"),),
    "a comparison": (("work", "item >= 3", "item > 3"),),
    "a condition of an error": (("work", "total > LIMIT", "total >= LIMIT"),),
    "a called helper": (("work", "item * by", "item + by"),),
    "a member of a circle": (("work", "item + 1, 2", "item + 2, 2"),),
    "another function called": (("work", "return other(item)", "return helper(item, by)"),),
    "a default": (("shapes", "by: float = 2.0", "by: float = 3.0"),),
    "a field's default": (("shapes", "side: float = 2.0", "side: float = 1.0"),),
    "a field's name": (("shapes", "side", "edge"), ("work", "side", "edge")),
    "a field's type of a validated record": (("shapes", "n: int = 3", "n: float = 3"),),
    "a method's name": (("shapes", "doubled", "twice"), ("work", "doubled", "twice")),
    "a parameter's name": (("work", "by: int", "times: int"), ("work", "by=settings", "times=settings"),
                           ("work", "item * by", "item * times")),
    "a decorator": (("shapes", "@dataclass(frozen=True)", "@dataclass(frozen=False)"),),
    "a base": (("shapes", "class Square(Base)", "class Square"),),
    "a method of a base": (("shapes", "return 1.0", "return 2.0"),),
    "a validator": (("shapes", "n < 0", "n <= 0"),),
    "a member of an enumeration": (("shapes", "RED = 'red'", "RED = 'rot'"),),
    "a method of a declared record": (("records", "return self.rank", "return self.rank * 2"),),
    "what a method of an excluded class brings": (("engine", "'macros'", "'other macros'"),),
    "a method that an excluded class brings": (("store", "self._read()", "self._read()[:1]"),),
    "what such a method calls": (("store", "'rows'", "'other rows'"),),
    "a setting of a library at import": (("work", "_OWN = 5\n", "_OWN = 5\nnp.seterr(all='raise')\n"),),
    "two locals exchanged": (("work", "return item * by", "return by * item"),),
}  # fmt: skip


@pytest.mark.parametrize("name", STAYS)
def test_an_edit_that_decides_nothing_moves_nothing(name: str) -> None:
    assert closure(edited(*STAYS[name])).fingerprint == closure().fingerprint


@pytest.mark.parametrize("name", MOVES)
def test_an_edit_that_decides_a_result_moves_the_code(name: str) -> None:
    assert closure(edited(*MOVES[name])).fingerprint != closure().fingerprint


def test_a_moved_module_moves_nothing() -> None:
    files = {path: text.replace("sg_assets.limits", "sg_assets.bounds.all") for path, text in FILES.items()}
    files["sg_assets/bounds/__init__.py"] = ""
    files["sg_assets/bounds/all.py"] = files.pop("sg_assets/limits.py")
    assert closure(files).fingerprint == closure().fingerprint


def test_a_renamed_module_of_the_entry_moves_nothing() -> None:
    files = dict(FILES)
    files["sg_assets/labour.py"] = files.pop("sg_assets/work.py")
    assert closure(files, Definition("sg_assets.labour", "work")).fingerprint == closure().fingerprint


def test_a_function_moved_to_another_module_moves_nothing() -> None:
    other = "def other(item: float) -> float:\n    return helper(item + 1, 2) if item < 2 else item\n"
    files = edited(("work", other, ""), ("work", "_OWN = 5\n", "_OWN = 5\nfrom sg_assets.moved import other\n"))
    files["sg_assets/moved.py"] = f"from sg_assets.work import helper\n\n\n{other}"
    assert closure(files).fingerprint == closure().fingerprint


def test_a_name_handed_on_by_another_module_moves_nothing() -> None:
    files = edited(
        ("work", "from sg_assets.limits import LIMIT, NAMES, TABLE", "from sg_assets.hub import LIMIT, NAMES, TABLE")
    )
    files["sg_assets/hub.py"] = "from sg_assets.limits import LIMIT, NAMES, TABLE\n"
    assert closure(files).fingerprint == closure().fingerprint


def test_names_are_content_where_a_definition_reads_them() -> None:
    reads = edited(("work", "return item * by", "return item * by + len(helper.__name__)"))
    renamed = {path: text.replace("helper", "assistant") for path, text in reads.items()}
    assert closure(reads).names_count
    assert closure(renamed).fingerprint != closure(reads).fingerprint


def test_the_definitions_are_exactly_those_reached() -> None:
    names = {str(definition).removeprefix("sg_assets.") for definition in closure().digests}
    assert names == {
        "work.work", "work.helper", "work.other", "work._OWN", "limits.LIMIT", "limits.NAMES", "limits.TABLE",
        "deep.BASE", "shapes.Square", "shapes.Base", "shapes.Colour", "shapes.Model",
        "records.Settings", "engine.connect", "store.Workspace.query", "store.Workspace._read",
    }  # fmt: skip


def test_what_is_left_out_is_listed() -> None:
    names = {str(definition).removeprefix("sg_assets.") for definition in closure().left_out}
    assert names == {"errors.SgAssetsError", "progress.tell"}


def test_an_entry_that_is_not_there_is_refused() -> None:
    with pytest.raises(AssertionError, match="no definition"):
        closure(entry=Definition("sg_assets.work", "gone"))


def test_the_definition_that_uses_another_of_two_like_classes_is_the_one_that_moved() -> None:
    text = (
        "class A:\n    pass\nclass B:\n    pass\ndef made():\n    return A()\ndef work(x):\n    return made(), A, B\n"
    )
    before = closure({"sg_assets/__init__.py": "", "sg_assets/work.py": text})
    after = closure({"sg_assets/__init__.py": "", "sg_assets/work.py": text.replace("A()", "B()")})
    made = Definition("sg_assets.work", "made")
    assert before.digests[made] != after.digests[made]


def test_an_entry_is_behind_its_bound_values_but_binds_no_function() -> None:
    assert definition_of(partial(partial(reason, "a"), "b")) == Definition("sg_assets.code.exclusion_table", "reason")
    with pytest.raises(AssertionError, match="binds a function"):
        definition_of(partial(definition_of, definition_of))


def test_the_digest_of_a_circle_does_not_depend_on_the_entry() -> None:
    whole, part = closure(), closure(entry=Definition("sg_assets.work", "other"))
    circle = Definition("sg_assets.work", "helper")
    assert whole.digests[circle] == part.digests[circle]
    assert ENTRY not in part.digests
