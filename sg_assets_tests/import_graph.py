"""The imports of the package as a graph: at import, for type checkers alone, and inside of functions."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Imports = Mapping[str, frozenset[str]]
"""By module, the modules of the package that it imports."""


def package_imports(package: Path) -> Imports:
    """All imports of a package's modules of one another."""
    paths = {_name(path, package): path for path in sorted(package.rglob("*.py"))}
    return {
        module: frozenset(_imported(ast.parse(path.read_text(encoding="utf-8")), package.name, paths))
        for module, path in paths.items()
    }


def _name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module, package: str, modules: Iterable[str]) -> Iterator[str]:
    known = set(modules)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == package:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in known else str(node.module)


def circles(imports: Imports) -> list[tuple[str, ...]]:
    """The groups of modules that import each other, directly or through others; each group sorted."""
    reached = {module: _reached(imports, module) for module in imports}
    groups = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in imports
        if module in reached[module]
    }
    return sorted(groups)


def _reached(imports: Imports, module: str) -> set[str]:
    reached: set[str] = set()
    waiting = [*imports[module]]
    while waiting:
        imported = waiting.pop()
        if imported not in reached:
            reached.add(imported)
            waiting += imports.get(imported, ())
    return reached
