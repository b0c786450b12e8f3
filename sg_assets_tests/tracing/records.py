"""A run of the command line under tracing, and what it recorded."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

HOOK = Path(__file__).parent / "hook"
SAVED_VARIABLE = "SG_TRACE_SAVED"
"""Names a file to keep the trace of a whole run in, for a person to look at."""


class Entered(NamedTuple):
    """A function that was entered while a step's work was done."""

    module: str
    definition: str
    """The top-level definition of the module that holds it."""
    qualname: str
    line: int
    """Where the function begins, its decorators included."""


Traced = dict[str, set[Entered]]
"""By step; under the empty name, what was entered outside any step's work."""


def traced_run(home: Path, profile: str = "tiny", arguments: Sequence[str] = ("run",), **variables: str) -> Traced:
    """Run the command line under tracing.

    Args:
        home: A folder for the profile's home (``SG_HOME``) and, under ``traces``, for the records.
        profile: Which declarations.
        arguments: Of ``sg-assets``.
        variables: Of the environment.
    """
    folder = home / "traces" / str(len(list(home.glob("traces/*"))))
    folder.mkdir(parents=True)
    named = {"SG_PROFILE": profile, "SG_HOME": str(home), "COLUMNS": "120"}
    command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", *arguments]
    ended = subprocess.run(
        command, env={**os.environ, **named, **switched_on(folder), **variables},
        capture_output=True, text=True, timeout=1400, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return read_records(folder)


def switched_on(folder: Path) -> dict[str, str]:
    """The variables under which every Python process records into a folder."""
    path = os.pathsep.join(filter(None, (str(HOOK), os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "SG_TRACE": str(folder)}


def read_records(folder: Path) -> Traced:
    """What the processes of a traced run recorded."""
    traced: Traced = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            step, module, qualname, first = json.loads(line)
            traced.setdefault(step, set()).add(Entered(module, definition_of(module, qualname, first), qualname, first))
    return traced


def save(traced: Traced, file: Path) -> None:
    """Keep a trace as JSON: step to rows of module, qualified name and first line."""
    rows = {
        step: sorted([function.module, function.qualname, function.line] for function in entered)
        for step, entered in traced.items()
    }
    file.write_text(json.dumps(rows, indent=1, sort_keys=True), encoding="utf-8")


def definition_of(module: str, qualname: str, line: int) -> str:
    """The top-level definition that holds a function, also one without a name in a module's own statement."""
    named = qualname.partition(".")[0]
    spans = _definitions(module)
    if any(name == named for name, _, _ in spans):
        return named
    return next((name for name, first, last in spans if first <= line <= last), named)


@cache
def _definitions(module: str) -> tuple[tuple[str, int, int], ...]:
    """Name, first and last line of what a module defines at its top, in the order of its text."""
    spec = find_spec(module)
    assert spec is not None, module
    assert spec.origin is not None, module
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return tuple(_spans(tree.body))


def _spans(body: Sequence[ast.stmt]) -> Iterator[tuple[str, int, int]]:
    for statement in body:
        last = statement.end_lineno or statement.lineno
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)])
            yield statement.name, first, last
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        yield node.id, statement.lineno, last
        else:
            for field in ("body", "orelse", "finalbody"):
                yield from _spans(getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                yield from _spans(handler.body)
