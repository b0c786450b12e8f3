"""A code fingerprint moves when behaviour can, and only then."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.store import code

MODULE = '''"""Doc."""
from sg_assets.probe.helper import half

def work(x):
    """Doc."""
    # why
    return half(x) + 1
'''
GOLDEN = '''"""Doc."""
from __future__ import annotations
import asyncio, os as system

@decorated(1, *a, key="it's")
class Box(Base, metaclass=Meta):
    """Doc."""
    empty: int | None = None

    async def work(self, x: list[int] = [], /, *rest: str, y=..., **more) -> dict[str, object]:
        text = f"{x!r:>{y}} it's {'a' if x else chr(98)}"
        async with open(text) as file, other:
            yield {**more, "k": (1, 2.5, b"x", None, True)}
        try:
            assert (z := x[1:2, ::3]), lambda: 0
        except* OSError as error:
            raise ValueError from error
        match x:
            case [1, *_] | {"a": str()} if y:
                return
'''
HELPER = "def half(x):\n    return x / 2\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules are part of the package for one test."""
    import sg_assets

    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "work.py").write_text(MODULE)
    (folder / "helper.py").write_text(HELPER)
    monkeypatch.setattr(sg_assets, "__path__", [*sg_assets.__path__, str(tmp_path)])
    yield folder
    for name in [name for name in sys.modules if name.startswith("sg_assets.probe")]:
        del sys.modules[name]


def fingerprint() -> str:
    for cached in (code._python_code, code._source, code._imports):
        cached.cache_clear()
    return code.python_code(["sg_assets.probe.work"])[0].fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [('"""Doc."""', '"""Other."""'), ("# why", "# because"), ("half(x) + 1", "(half(x)\n      + 1)"), ("x)", "x )")],
)
def test_comments_docstrings_and_layout_do_not_move_it(package: Path, old: str, new: str) -> None:
    before = fingerprint()
    (package / "work.py").write_text(MODULE.replace(old, new))
    assert fingerprint() == before


def test_behaviour_moves_it(package: Path) -> None:
    before = fingerprint()
    (package / "work.py").write_text(MODULE.replace("+ 1", "+ 2"))
    assert fingerprint() != before


def test_behaviour_of_what_is_imported_moves_it(package: Path) -> None:
    before = fingerprint()
    (package / "helper.py").write_text(HELPER.replace("/ 2", "/ 3"))
    assert fingerprint() != before


def test_the_texts_behind_it_are_given(package: Path) -> None:
    record, texts = code.python_code(["sg_assets.probe.work"], [("sql/a/b.sql", "SELECT 1")])
    assert set(record.texts) == {"sg_assets.probe.work", "sg_assets.probe.helper", "sql/a/b.sql"}
    assert texts[record.texts["sql/a/b.sql"]] == "SELECT 1"


def test_the_normal_form_is_the_same_on_every_python() -> None:
    """3.11, 3.12 and 3.13 gave this value; their ``ast.dump`` of this source differs."""
    assert hashlib.sha256(code.normal_form(GOLDEN).encode()).hexdigest()[:16] == "92ee675bd74e2bac"
