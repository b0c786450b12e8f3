"""Which distributions a module's names come from, and which of them a recipe does not list."""

import ast
import importlib.metadata
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

_OWN = frozenset({"sg_assets", "__future__"})


def third_party(module_source: str) -> dict[str, str]:
    """The distribution of each name that a module binds by an import, at its top or lazily.

    The standard library, the package itself, and what is imported for type checkers alone are left out. A library
    that is not installed stands under the name it is imported by.
    """
    bound: dict[str, str] = {}
    for node in _running(ast.parse(module_source)):
        if isinstance(node, ast.Import):
            bound |= {alias.asname or _first(alias.name): _first(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            bound |= {alias.asname or alias.name: _first(node.module) for alias in node.names}
    return {name: distribution_of(top) for name, top in bound.items() if top not in sys.stdlib_module_names | _OWN}


def distribution_of(top: str) -> str:
    """The distribution that gives a top-level import name."""
    candidates = sorted(set(_distributions().get(top, [top])))
    same = [name for name in candidates if name.lower().replace("-", "_") == top.lower()]
    return (same or candidates)[0]


def unlisted(
    reached: Mapping[str, Collection[str]],
    listed: Mapping[str, Collection[str]],
    reason_of: Callable[[str], str | None],
) -> list[str]:
    """Distributions that a step's code reaches and its recipe neither lists nor leaves out with a reason.

    Args:
        reached: By step, the distributions of the third-party names in its closure.
        listed: By step, the libraries of its recipe.
        reason_of: Why a distribution moves no result; None where it may.
    """
    return [
        f"{step}: {name}"
        for step, names in sorted(reached.items())
        for name in sorted(set(names) - {_installed(one) for one in listed.get(step, ())})
        if reason_of(name) is None
    ]


@cache
def _distributions() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


def _installed(name: str) -> str:
    """A distribution's name as its metadata spells it."""
    try:
        return str(importlib.metadata.metadata(name)["Name"])
    except importlib.metadata.PackageNotFoundError:
        return name


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but what stands under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield other
                yield from _running(other)
        else:
            yield node
            yield from _running(node)


def _first(dotted: str) -> str:
    return dotted.partition(".")[0]
