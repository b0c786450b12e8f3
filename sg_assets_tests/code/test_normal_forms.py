"""The ways of Python in which an edit that decides could hide, and those in which an innocent edit could show.

Each is a module before and after an edit. The functions and constants of ``FILES`` stand in modules of their own.
"""

from typing import NamedTuple

import pytest

from sg_assets_tests.code.packages import ENTRY, FILES, closure

OTHERS = {
    **FILES,
    "sg_assets/store.py": FILES["sg_assets/store.py"] + "\n\nclass Pinned:\n    pass\n",
    "sg_assets/first.py": """from collections.abc import Callable

LIMIT = 1
LINE = Callable[[str], None]


def pick() -> int:
    return 1
""",
    "sg_assets/second.py": """LIMIT = 2


def pick() -> int:
    return 2
""",
    "sg_assets/inner/__init__.py": "from .deeper import deep\n",
    "sg_assets/inner/deeper.py": "def deep() -> int:\n    return 1\n",
}


class Edit(NamedTuple):
    """A module ``work`` before and after."""

    before: str
    after: str
    edited: tuple[tuple[str, str, str], ...] = ()
    """Edits of other modules beside it: a module, a text and what takes its place."""


def of(module: str, old: str, new: str, before: str) -> Edit:
    """An edit of another module alone."""
    return Edit(before, before, ((module, old, new),))


def swap(before: str, old: str, new: str) -> Edit:
    """An edit of a text in the module."""
    assert old in before
    return Edit(before, before.replace(old, new))


PICK = ("first", "return 1", "return 3")
MOVES: dict[str, Edit] = {
    # Texts that are cut
    "an effect in a line to report": swap(
        "def work(log: 'Callable[[str], None]', rows):\n    log(f'{next(rows)} is passed over')\n"
        "    return next(rows)\n"
        "from collections.abc import Callable\n",
        "{next(rows)}", "the first",
    ),
    "an effect in the text of an error": swap(
        "def work(rows):\n    raise ValueError(f'{rows.pop()}')\n", "{rows.pop()}", "a row",
    ),
    "an effect in an error of the package": swap(
        "from sg_assets.errors import SgAssetsError\ndef work(rows):\n    raise SgAssetsError(why=rows.pop())\n",
        "rows.pop()", "'a row'",
    ),
    "an effect in the text of an assertion": swap(
        "def work(rows):\n    assert rows, f'{rows.pop()}'\n", "{rows.pop()}", "none",
    ),
    "an assignment in a line to report": swap(
        "from sg_assets.progress import tell\ndef work(x):\n    tell(f'{(y := x + 1)}')\n    return y\n", "x + 1", "x",
    ),
    "a line written by a function that takes lines": swap(
        "from collections.abc import Callable\n"
        "def work(write: Callable[[str], None], x):\n    write(f'{x},a')\n", ",a", ",b",
    ),
    "a line written by a file's method that a class keeps": swap(
        "from collections.abc import Callable\n"
        "class work:\n    def __init__(self, write: Callable[[str], None]):\n        self.write = write\n"
        "    def row(self, x):\n        self.write(f'{x},a')\n", ",a", ",b",
    ),
    "a line printed into a file": swap(
        "def work(file, x):\n    print(f'{x},a', file=file)\n", ",a", ",b",
    ),
    "a line to a parameter that is bound again": swap(
        "from collections.abc import Callable\ndef work(log: Callable[[str], None], file):\n    log = file.write\n"
        "    log('a')\n",
        "('a')",
        "('b')",
    ),
    "how warnings are treated": swap(
        "import warnings\ndef work():\n    warnings.simplefilter('error')\n", "error", "ignore",
    ),
    "a reason that an exception of the package carries": swap(
        "class Passed(Exception):\n    pass\ndef reason(x):\n    raise Passed('long')\n"
        "def work(x):\n    try:\n        return reason(x)\n    except Passed as passed:\n"
        "        return passed.args[0]\n",
        "'long'", "'short'",
    ),
    # Names
    "an exception caught in place of another like it": swap(
        "class A(Exception):\n    pass\nclass B(Exception):\n    pass\ndef f():\n    raise A\n"
        "def work():\n    try:\n        f()\n    except A:\n        return 1\n    except B:\n        return 2\n",
        "raise A", "raise B",
    ),
    "a class asked for in place of another like it": swap(
        "class A:\n    pass\nclass B:\n    pass\ndef f(x):\n    return A()\ndef work(x):\n"
        "    return isinstance(f(x), A)\n",
        "f(x), A", "f(x), B",
    ),
    "a class in place of another like it in a tuple": swap(
        "class A:\n    pass\nclass B:\n    pass\ndef work():\n    return A, B, A\n", "A, B, A", "A, B, B",
    ),
    "a variable in place of a parameter called v1": swap(
        "def work(v1):\n    x = v1 + 1\n    return x\n", "return x", "return v1",
    ),
    "an attribute of the class in place of the object's": swap(
        "class work:\n    n = 1\n    def get(self):\n        return self.n\n", "self.n", "work.n",
    ),
    "a parameter called as what is left out": swap(
        "from sg_assets.progress import Progress\ndef work(excluded):\n    return Progress, excluded\n",
        "return Progress, excluded", "return excluded, Progress",
    ),
    "another definition that is left out": swap(
        "from sg_assets.store import Workspace\nfrom sg_assets.store import Pinned\n"
        "def work(x):\n    return isinstance(x, Workspace)\n", "x, Workspace", "x, Pinned",
    ),
    "a parameter called as a library": swap(
        "def work(json):\n    import json as text\n    return text.loads, json.loads\n",
        "text.loads, json.loads", "json.loads, text.loads",
    ),
    "a dictionary unpacked in place of a key None": swap(
        "def work(x):\n    return {None: x}\n", "None: x", "**x",
    ),
    "a constant of the module that a class takes by its own name": of(
        "first", "LIMIT = 1", "LIMIT = 9", "from sg_assets.first import LIMIT\nclass work:\n    LIMIT = LIMIT\n",
    ),
    "two functions exchanged that one statement binds": swap(
        "import sys\nif sys.argv:\n    def f():\n        return 1\n    def g():\n        return 2\n"
        "def work():\n    return f()\n",
        "def f():\n        return 1\n    def g():", "def g():\n        return 1\n    def f():",
    ),
    # Imports
    "a function imported where an import may fail": of(
        *PICK, "try:\n    from sg_assets.first import pick\nexcept ImportError:\n    pick = None\n"
        "def work():\n    return pick()\n",
    ),
    "a function imported under a condition": of(
        *PICK, "import sys\nif sys.argv:\n    from sg_assets.first import pick\nelse:\n"
        "    from sg_assets.second import pick\ndef work():\n    return pick()\n",
    ),
    "a function imported under a condition inside": of(
        *PICK, "def work(x):\n    if x:\n        from sg_assets.first import pick\n    else:\n"
        "        from sg_assets.second import pick\n    return pick()\n",
    ),
    "the condition of an import": swap(
        "def work(x):\n    if x:\n        from sg_assets.first import pick\n    else:\n"
        "        from sg_assets.second import pick\n    return pick()\n", "if x", "if not x",
    ),
    "two conditional imports exchanged": swap(
        "def work(x):\n    if x:\n        from sg_assets.first import pick\n    else:\n"
        "        from sg_assets.second import pick\n    return pick()\n",
        "first import pick\n    else:\n        from sg_assets.second",
        "second import pick\n    else:\n        from sg_assets.first",
    ),
    "a function imported inside with another in its place": of(
        *PICK, "def work(x):\n    try:\n        from sg_assets.first import pick\n    except ImportError:\n"
        "        pick = None\n    return pick()\n",
    ),
    "the library whose absence decides": swap(
        "def work():\n    try:\n        import torch\n    except ImportError:\n        return 1\n    return 2\n",
        "import torch", "import jax",
    ),
    "an imported function that the module wraps by its name": of(
        *PICK, "from functools import cache\nfrom sg_assets.first import pick\npick = cache(pick)\n"
        "def work():\n    return pick()\n",
    ),
    "a relative import of a package's folder": of(
        "inner/deeper", "return 1", "return 2", "from sg_assets.inner import deep\ndef work():\n    return deep()\n",
    ),
    "a function imported in a class body": of(
        *PICK, "class work:\n    from sg_assets.first import pick\n",
    ),
    # What a module does at import
    "a loop that fills a constant": swap(
        "NAMES = []\nfor n in range(3):\n    NAMES.append(n)\ndef work():\n    return NAMES\n", "range(3)", "range(4)",
    ),
    "a condition under which a constant is changed": swap(
        "import sys\nNAMES = []\nif sys.argv:\n    NAMES.append(1)\ndef work():\n    return NAMES\n", "(1)", "(2)",
    ),
    "a function that fills a constant in a loop": swap(
        "import heapq\nNAMES = []\nfor n in range(3):\n    heapq.heappush(NAMES, n)\ndef work():\n    return NAMES\n",
        "range(3)", "range(4)",
    ),
    "a setting in a statement that binds a name as well": swap(
        "import numpy as np\ntry:\n    np.seterr(all='raise')\n    READY = True\nexcept ValueError:\n    pass\n"
        "def work():\n    return 1\n", "'raise'", "'warn'",
    ),
    "a setting whose value is thrown away by name": swap(
        "import numpy as np\n_ = np.seterr(all='raise')\ndef work():\n    return 1\n", "'raise'", "'warn'",
    ),
    "a function registered with another of the module": swap(
        "from functools import singledispatch\n@singledispatch\ndef work(x):\n    return 0\n"
        "@work.register\ndef _(x: int):\n    return 1\n", "return 1", "return 2",
    ),
    "when a constant is read that changes": swap(
        "A = [1]\nA.append(2)\nB = list(A)\ndef work():\n    return A, B\n",
        "A.append(2)\nB = list(A)", "B = list(A)\nA.append(2)",
    ),
    "what a module does where it is run, beside its entry": swap(
        "import sys\nLEVEL = []\ndef work():\n    return LEVEL\nif __name__ == '__main__':\n    LEVEL.append(1)\n"
        "    sys.exit(work())\n", "(1)", "(2)",
    ),
    "what a module does where it is not run": swap(
        "if __name__ == '__main__':\n    pass\nelse:\n    LEVEL = 1\ndef work():\n    return LEVEL\n",
        "LEVEL = 1", "LEVEL = 2",
    ),
    # Annotations and docstrings
    "a class in a text inside an annotation": swap(
        "from pydantic import BaseModel\nclass Inner(BaseModel):\n    n: int = 1\n"
        "class work(BaseModel):\n    inner: list['Inner']\n", "n: int = 1", "n: int = 2",
    ),
    "a class in an alias that annotates a parameter": swap(
        "class A:\n    def get(self):\n        return 1\nclass B:\n    def get(self):\n        return 2\n"
        "Either = A | B\ndef work(x: Either):\n    return x.get()\n", "return 2", "return 3",
    ),
    "the type that a serializer returns": swap(
        "from pydantic import BaseModel, field_serializer\nclass work(BaseModel):\n    n: int\n"
        "    @field_serializer('n')\n    def _written(self, n: int) -> str:\n        return n\n", "-> str", "-> int",
    ),
    "a docstring that is read": swap(
        "def f():\n    'One.'\ndef work():\n    return f.__doc__\n", "One.", "Two.",
    ),
    "a class's docstring in its schema": swap(
        "from pydantic import BaseModel\nclass Answer(BaseModel):\n    'One.'\n    n: int\n"
        "def work():\n    return Answer.model_json_schema()\n", "One.", "Two.",
    ),
    "a class's name in its schema": swap(
        "from pydantic import BaseModel\nclass Answer(BaseModel):\n    n: int\n"
        "def work():\n    return Answer.model_json_schema()\n", "Answer", "Reply",
    ),
    "a name read by getattr": Edit(
        "def f():\n    return 1\ndef work():\n    return getattr(f, '__name__')\n",
        "def g():\n    return 1\ndef work():\n    return getattr(g, '__name__')\n",
    ),
    # Left out, but bringing what decides
    "a query by a workspace kept in an attribute": of(
        "engine", "'macros'", "'others'",
        "from sg_assets.store import Workspace\nclass work:\n    def __init__(self, workspace: Workspace):\n"
        "        self.workspace = workspace\n    def rows(self):\n        return self.workspace.query('SELECT 1')\n",
    ),
    "a query by a workspace under another name": of(
        "engine", "'macros'", "'others'",
        "from sg_assets.store import Workspace\ndef work(workspace: Workspace):\n    other = workspace\n"
        "    return other.query('SELECT 1')\n",
    ),
    # Ordinary Python
    "a format specification": swap("def work(x):\n    return f'{x:.2f}'\n", ".2f", ".3f"),
    "a conversion": swap("def work(x):\n    return f'{x!r}'\n", "!r", "!s"),
    "a chained comparison": swap("def work(x):\n    return 1 < x < 3\n", "x < 3", "x <= 3"),
    "a keyword's name": swap("def work(x):\n    return x(a=1)\n", "a=1", "b=1"),
    "a default of a lambda": swap("def work(x):\n    return lambda a=1: a\n", "a=1", "a=2"),
    "a bound argument of a partial": swap(
        "from functools import partial\ndef f(a):\n    return a\ndef work(x):\n    return partial(f, 1)\n",
        "f, 1", "f, 2",
    ),
    "a pattern": swap("def work(x):\n    match x:\n        case [1, *_]:\n            return 1\n", "[1, *_]", "[1, _]"),
    "a rest that a pattern binds": swap(
        "def work(x):\n    match x:\n        case {'a': b, **rest}:\n            return rest\n"
        "", "return rest", "return b",
    ),
    "an assignment in a comprehension": swap(
        "def work(x):\n    y = 0\n    z = [(y := n) for n in x]\n    return y\n", "(y := n)", "n",
    ),
    "a name declared nonlocal": swap(
        "def work():\n    n = 0\n    def add():\n        nonlocal n\n        n = 1\n    add()\n    return n\n",
        "        nonlocal n\n", "",
    ),
    "a local that hides a function": swap(
        "def f():\n    return 1\ndef work(x):\n    f = x\n    return f()\n", "    f = x\n", "",
    ),
    "a factory of a field": swap(
        "from dataclasses import dataclass, field\ndef f():\n    return [1]\n"
        "@dataclass\nclass work:\n    x: list = field(default_factory=f)\n", "[1]", "[2]",
    ),
    "a metadata of an annotation": swap(
        "from typing import Annotated\nfrom pydantic import BaseModel, AfterValidator\ndef f(x):\n    return x\n"
        "class work(BaseModel):\n    x: Annotated[int, AfterValidator(f)]\n", "return x", "return -x",
    ),
    "a model's configuration": swap(
        "from pydantic import BaseModel, ConfigDict\nclass work(BaseModel):\n"
        "    model_config = ConfigDict(extra='forbid')\n    x: int\n", "forbid", "ignore",
    ),
    "a chain of modules": of(
        *PICK, "import sg_assets.first as f\nimport sg_assets\ndef work():\n    return sg_assets.first.pick()\n",
    ),
    "a class nested in a function": swap(
        "def work():\n    class A:\n        n = 1\n    return A\n", "n = 1", "n = 2",
    ),
    "a method of an enumeration": swap(
        "from enum import Enum\nclass work(Enum):\n    A = 1\n    def f(self):\n        return 1\n"
        "", "return 1", "return 2",
    ),
    "what a base does of its subclasses": swap(
        "class Base:\n    def __init_subclass__(cls, **more):\n        cls.n = 1\nclass work(Base):\n    pass\n",
        "n = 1", "n = 2",
    ),
    "a loop in a class body": swap(
        "class work:\n    names = []\n    for n in range(3):\n        names.append(n)\n", "range(3)", "range(4)",
    ),
    "an augmented assignment": swap("A = 1\nA += 1\ndef work():\n    return A\n", "+= 1", "+= 2"),
    "a branch of a constant": swap(
        "import sys\nif sys.platform == 'linux':\n    A = 1\nelse:\n    A = 2\ndef work():\n    return A\n"
        "", "A = 2", "A = 3",
    ),
    "star arguments": swap("def work(f, x):\n    return f(*x)\n", "*x", "**x"),
    "a keyword-only parameter": swap("def work(a, *, b=1):\n    return a, b\n", "a, *, b=1", "a, b=1"),
    "a positional-only parameter": swap("def work(a, /):\n    return a\n", "a, /", "a"),
    "an asynchronous loop": swap(
        "async def work(x):\n    async for y in x:\n        return y\n", "async for", "for",
    ),
}  # fmt: skip
STAYS: dict[str, Edit] = {
    "names of two exceptions like each other": swap(
        "class A(Exception):\n    pass\nclass B(Exception):\n    pass\ndef f():\n    raise A\n"
        "def work():\n    try:\n        f()\n    except A:\n        return 1\n    except B:\n        return 2\n",
        " B", " Zed",
    ),
    "a local that a nested function uses": swap(
        "def work():\n    total = 0\n    def add(n):\n        nonlocal total\n        total += n\n    add(1)\n"
        "    return total\n",
        "total", "amount",
    ),
    "a local that a lambda uses": swap("def work():\n    total = 0\n    return lambda x: x + total\n"
        "", "total", "amount"),
    "a local called v2": swap("def work(a):\n    x = a\n    y = x\n    return y\n", "x", "v2"),
    "an exception's name": Edit(
        "def work(x):\n    try:\n        x()\n    except ValueError as error:\n        return str(error)\n",
        "def work(x):\n    try:\n        x()\n    except ValueError as problem:\n        return str(problem)\n",
    ),
    "a name that a pattern binds": Edit(
        "def work(x):\n    match x:\n        case [a, *rest] | (a as rest):\n            return rest\n",
        "def work(x):\n    match x:\n        case [a, *more] | (a as more):\n            return more\n",
    ),
    "a module imported in place of a function": Edit(
        "from sg_assets.first import pick\ndef work():\n    return pick()\n",
        "from sg_assets import first\ndef work():\n    return first.pick()\n",
    ),
    "a renamed module alias": Edit(
        "from sg_assets import first\ndef work():\n    return first.pick()\n",
        "import sg_assets.first as other\ndef work():\n    return other.pick()\n",
    ),
    "an import inside under another name": Edit(
        "def work():\n    from sg_assets.first import pick\n    return pick()\n",
        "def work():\n    from sg_assets.first import pick as choose\n    return choose()\n",
    ),
    "another name of an import under a condition": Edit(
        "def work(x):\n    if x:\n        from sg_assets.first import pick as f\n    else:\n"
        "        from sg_assets.second import pick as f\n    return f()\n",
        "def work(x):\n    if x:\n        from sg_assets.first import pick as g\n    else:\n"
        "        from sg_assets.second import pick as g\n    return g()\n",
    ),
    "a class that a dataclass's annotation names": Edit(
        "from dataclasses import dataclass\nclass A:\n    pass\n@dataclass\nclass work:\n    x: A\n    y: list['A']\n",
        "from dataclasses import dataclass\nclass B:\n    pass\n@dataclass\nclass work:\n    x: B\n    y: list['B']\n",
    ),
    "a text in place of a name in an annotation": Edit(
        "from pydantic import BaseModel\nclass A(BaseModel):\n    pass\nclass work(BaseModel):\n    x: list['A']\n",
        "from pydantic import BaseModel\nclass A(BaseModel):\n    pass\nclass work(BaseModel):\n    x: list[A]\n",
    ),
    "the place of a nested class in a dataclass": Edit(
        "from dataclasses import dataclass\n@dataclass\nclass work:\n    class A:\n        pass\n    x: 'Other'\n"
        "from typing import Literal\nOther = Literal['a']\n",
        "from dataclasses import dataclass\n@dataclass\nclass work:\n    class A:\n        pass\n    x: 'Other'\n"
        "from typing import Literal\nOther = Literal['b']\n",
    ),
    "a reworded line with a length": Edit(
        "def work(log: 'Callable[[str], None]', x):\n    log(f'{len(x)} rows')\nfrom collections.abc import Callable\n",
        "def work(log: 'Callable[[str], None]', x):\n    log(f'rows: {len(x):,}')\n"
        "from collections.abc import Callable\n",
    ),
    "a reworded error with names joined": Edit(
        "def work(x):\n    raise ValueError(f'{\", \".join(sorted(x))} are too many')\n",
        "def work(x):\n    raise ValueError(f'too many: {\", \".join(x)}')\n",
    ),
    "a reworded error of the package": Edit(
        "from sg_assets.errors import SgAssetsError\ndef work(x):\n    raise SgAssetsError('a', why=f'{x!r}')\n",
        "from sg_assets.errors import SgAssetsError\ndef work(x):\n    raise SgAssetsError(f'b {len(x)}')\n",
    ),
    "an observer under another name of its type": Edit(
        "from sg_assets.first import LINE\ndef work(log: LINE):\n    log('a')\n",
        "from sg_assets.first import LINE\ndef work(log: LINE):\n    log('b')\n",
    ),
    "a renamed function of a statement that binds two": Edit(
        "import sys\nif sys.argv:\n    def f():\n        return 1\n    def g():\n        return 2\n"
        "def work():\n    return f()\n",
        "import sys\nif sys.argv:\n    def a():\n        return 1\n    def b():\n        return 2\n"
        "def work():\n    return a()\n",
    ),
    "what another class of the module is given": Edit(
        "class work:\n    pass\nclass Other:\n    pass\nOther.n = 1\n",
        "class work:\n    pass\nclass Other:\n    pass\nOther.n = 2\n",
    ),
    "a constant made from another by a look-up": Edit(
        "T = {'a': 1}\nX = T.get('a')\ndef work():\n    return T\n",
        "T = {'a': 1}\nX = T.get('b')\ndef work():\n    return T\n",
    ),
}  # fmt: skip
LEGAL = {
    "a decorator of a nested class": "class work:\n    @staticmethod\n    class A:\n        pass\n",
    "del and global": "N = 1\ndef work():\n    global N\n    x = 1\n    del x\n    N = 2\n",
    "asynchronous": "async def work(x):\n    async with x as y:\n        return [z async for z in y if await z]\n",
    "a lambda in a class body": "class work:\n    n = 1\n    f = lambda self, n=n: n\n",
    "groups of exceptions": "def work():\n    try:\n        pass\n    except* OSError as e:\n        raise\n",
    "an alias that grows": "Kind = int | str\nKind = Kind | float\ndef work(x: Kind):\n    return x\n",
    "an alias of itself in a text": "Tree = 'int | list[Tree]'\ndef work(x: Tree):\n    return x\n",
    "a chain of many branches": "def work(x):\n    if x == 0:\n        return 0\n" + "".join(
        f"    elif x == {n}:\n        return {n}\n" for n in range(1, 150)),
    "a long sum": "def work(x):\n    return " + " + ".join(["x"] * 230) + "\n",
    "an empty annotation": "def work(x: ''):\n    return x\n",
}  # fmt: skip


def fingerprint_of(text: str, *edits: tuple[str, str, str]) -> str:
    """The fingerprint of ``work``."""
    files = {**OTHERS, "sg_assets/work.py": text}
    for module, old, new in edits:
        assert old in files[f"sg_assets/{module}.py"]
        files[f"sg_assets/{module}.py"] = files[f"sg_assets/{module}.py"].replace(old, new)
    return closure(files, ENTRY).fingerprint


@pytest.mark.parametrize("name", MOVES)
def test_what_can_change_a_result_moves_the_code(name: str) -> None:
    edit = MOVES[name]
    assert fingerprint_of(edit.before) != fingerprint_of(edit.after, *edit.edited)


@pytest.mark.parametrize("name", STAYS)
def test_what_decides_nothing_moves_nothing(name: str) -> None:
    edit = STAYS[name]
    assert fingerprint_of(edit.before) == fingerprint_of(edit.after, *edit.edited)


@pytest.mark.parametrize("name", LEGAL)
def test_legal_python_has_a_form(name: str) -> None:
    assert fingerprint_of(LEGAL[name])
