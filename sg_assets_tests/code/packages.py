"""A small package whose code is a few texts, and edits of them."""

from collections.abc import Mapping

from sg_assets.code.closure import Analysis, Closure
from sg_assets.code.exclusions import Excluded, Exclusions, Why
from sg_assets.code.modules import Definition
from sg_assets.code.package import package_of

ENTRY = Definition("sg_assets.work", "work")
TABLE = (
    Excluded("sg_assets.errors", ("SgAssetsError",), Why.ERRORS, "texts"),
    Excluded("sg_assets.progress", ("tell", "Progress"), Why.OBSERVES, "progress"),
    Excluded("sg_assets.records", ("Settings",), Why.PARAMETERS, "values"),
    Excluded("sg_assets.store", ("Pinned",), Why.PINNED, "pinned"),
    Excluded(
        "sg_assets.store", ("Workspace",), Why.PINNED, "pinned",
        brings={
            "query": (Definition("sg_assets.engine", "connect"), Definition("sg_assets.store", "Workspace.query")),
            "_read": (Definition("sg_assets.store", "Workspace._read"),),
        },
    ),
)  # fmt: skip
FILES = {
    "sg_assets/__init__.py": "",
    "sg_assets/errors.py": """class SgAssetsError(Exception):
    pass
""",
    "sg_assets/progress.py": """def tell(line: str) -> None:
    print(line)


class Progress:
    def add(self, n: int) -> None:
        print(n)
""",
    "sg_assets/records.py": """from pydantic import BaseModel


class Settings(BaseModel):
    rank: int = 8
    other: int = 1

    @property
    def alpha(self) -> int:
        return self.rank
""",
    "sg_assets/engine.py": """def connect() -> object:
    return 'macros'
""",
    "sg_assets/store.py": """class Workspace:
    def query(self) -> object:
        return self._read()

    def _read(self) -> object:
        return 'rows'

    def path(self) -> None: ...
""",
    "sg_assets/limits.py": """from sg_assets.deep import BASE

LIMIT = BASE * 2
NAMES = ['a']
NAMES.append('b')


def unrelated() -> int:
    return 1


TABLE = {'half': lambda x: x / 2}
""",
    "sg_assets/deep.py": """BASE = 4
""",
    "sg_assets/shapes.py": """from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from pydantic import BaseModel, field_validator

if TYPE_CHECKING:
    from sg_assets.typed import Typed


class Colour(StrEnum):
    RED = 'red'


class Base:
    def area(self) -> float:
        return 1.0


@dataclass(frozen=True)
class Square(Base):
    '''A square.'''
    side: float = 2.0
    '''In metres.'''

    def doubled(self, by: float = 2.0) -> float:
        return self.side * by


class Model(BaseModel):
    n: int = 3

    @field_validator('n')
    @classmethod
    def _positive(cls, n: int) -> int:
        if n < 0:
            raise ValueError('n must be positive')
        return n


def typed(x: 'Typed') -> None:
    return None
""",
    "sg_assets/typed.py": """class Typed:
    def used(self) -> int:
        return 1
""",
    "sg_assets/work.py": '''"""The work."""

import numpy as np
from collections.abc import Callable

from sg_assets.errors import SgAssetsError
from sg_assets.limits import LIMIT, NAMES, TABLE
from sg_assets.progress import tell
from sg_assets.records import Settings
from sg_assets.shapes import Colour, Model, Square
from sg_assets.store import Workspace

_OWN = 5


def work(workspace: Workspace, settings: Settings, log: Callable[[str], None]) -> float:
    """Do the work."""
    # a comment
    from sg_assets.shapes import typed

    total = 0.0
    for item in workspace.query():
        total += helper(item, by=settings.rank)
    if total > LIMIT:
        raise SgAssetsError("too much", why=f"{total} is over {LIMIT}")
    log(f"half way at {total}")
    tell("done")
    squares = [square.doubled() for square in (Square(), Square(side=total)) if square.side >= 1]
    return sum(squares) + TABLE["half"](len(NAMES)) + np.float64(_OWN) + settings.alpha + Model(n=1).n + len(Colour.RED)


def helper(item: float, by: int) -> float:
    """Help."""
    if item >= 3:
        return item * by
    return other(item)


def other(item: float) -> float:
    return helper(item + 1, 2) if item < 2 else item


def unrelated() -> str:
    return "nothing reaches this"
''',
}


def closure(files: Mapping[str, str] = FILES, entry: Definition = ENTRY) -> Closure:
    """The code of an entry."""
    return Analysis(package_of(files), Exclusions(TABLE)).closure([entry])


def edited(*edits: tuple[str, str, str]) -> dict[str, str]:
    """The files after edits, each a module, a text in it and what takes its place.

    Raises:
        AssertionError: a text is not in its module.
    """
    files = dict(FILES)
    for module, old, new in edits:
        path = f"sg_assets/{module}.py"
        assert old in files[path], f"{old!r} is not in {path}"
        files[path] = files[path].replace(old, new)
    return files
