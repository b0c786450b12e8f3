"""The normal form of whole modules, by which versions of before definitions counted are compared."""

import hashlib

from sg_assets.code.module_forms import normal_form

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


def test_the_normal_form_is_the_same_on_every_python() -> None:
    """3.11, 3.12 and 3.13 gave this value; their ``ast.dump`` of this source differs."""
    assert hashlib.sha256(normal_form(GOLDEN).encode()).hexdigest()[:16] == "92ee675bd74e2bac"


def test_comments_and_docstrings_are_no_part_of_it() -> None:
    assert normal_form("def f():\n    'Doc.'\n    return 1  # why\n") == normal_form("def f():\n    return 1\n")


def test_behaviour_is_part_of_it() -> None:
    assert normal_form("def f():\n    return 1\n") != normal_form("def f():\n    return 2\n")
