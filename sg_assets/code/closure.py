"""What a step's code is: all definitions its entries reach, and a digest that no name and no place decides.

Each definition's digest is that of its normal form with the digests of what it refers to in place of the references.
Definitions that refer to each other in a circle are taken as one unit: their digests are refined round by round, as
graphs are told apart, so that nothing depends on where the walk began.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from sg_assets.code.exclusions import Exclusions
from sg_assets.code.modules import Definition, Modules
from sg_assets.code.normal_forms import Form, docs_of, form_of, has_identity
from sg_assets.code.package import PACKAGE, Package, installed_package

IDENTITY: Final = "definitions/1"
"""How code is told apart. Raised when the normal form of unchanged code changes: older versions then count as recorded
differently, not as made by other code."""

Entry = Callable[..., object] | type
"""A function or class of the package that a step runs."""


@dataclass(frozen=True)
class Closure:
    """The definitions that entries reach."""

    fingerprint: str
    """Of all of it, by content: names of definitions and modules decide nothing."""
    entries: tuple[Definition, ...]
    digests: Mapping[Definition, str]
    """Every definition reached, with its digest; sorted."""
    left_out: tuple[Definition, ...]
    """Definitions used and not counted, each with its reason in the table of exclusions."""
    externals: frozenset[str]
    """Full names of what is used of other packages and of Python."""
    names_count: bool
    """Whether names of definitions are content, because some definition reads them."""

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules the definitions stand in."""
        return tuple(sorted({definition.module for definition in self.digests}))


class Analysis:
    """The definitions of one package. Forms and digests are kept, so steps that share code share the work."""

    def __init__(self, package: Package, exclusions: Exclusions) -> None:
        """Of a package, with what is left out."""
        self.package = package
        self.exclusions = exclusions
        self.modules = Modules(package)
        self._forms: dict[Definition, Form] = {}
        self._digests: dict[Definition, str] = {}

    def form(self, definition: Definition) -> Form:
        """The normal form of a definition."""
        if definition not in self._forms:
            self._forms[definition] = form_of(self.modules, definition, self.exclusions)
        return self._forms[definition]

    def source(self, definition: Definition) -> str:
        """The text of a definition, as it stands in its module."""
        lines = self.package.texts[definition.module].splitlines()
        parts = []
        for statement in self.modules.statements(definition):
            first = min([statement.lineno, *(item.lineno for item in getattr(statement, "decorator_list", ()))])
            parts.append("\n".join(lines[first - 1 : statement.end_lineno]))
        return "\n".join(parts) + "\n"

    def knows(self, definition: Definition) -> bool:
        """Whether there is such a definition."""
        return bool(self.modules.statements(definition))

    def closure(self, entries: Iterable[Definition]) -> Closure:
        """All that entries reach.

        Raises:
            AssertionError: an entry is no definition of the package, or something refers to a name that nothing binds.
        """
        starts = tuple(sorted(set(entries)))
        reached = self._reached(starts)
        self._digest(reached)
        forms = [self.form(item) for item in reached]
        names_count = any(form.reads_names for form in forms)
        digests = {item: self._digests[item] for item in reached}
        twins = self._twins(digests)
        content: dict[str, object] = {
            "identity": IDENTITY,
            "entries": sorted(digests[item] for item in starts),
            "names": [str(item) for item in reached] if names_count else [],
            "docs": [docs_of(self.modules, item) for item in reached] if any(form.reads_docs for form in forms) else [],
            "twins": sorted(twins.values()),
        }
        return Closure(
            _sha256(json.dumps(content, sort_keys=True)),
            starts,
            self._with_twins_apart(digests, twins),
            tuple(sorted({use.definition for form in forms for use in form.uses})),
            frozenset(name for form in forms for name in form.externals),
            names_count,
        )

    def _reached(self, starts: Iterable[Definition]) -> list[Definition]:
        waiting, seen = list(starts), set[Definition]()
        while waiting:
            definition = waiting.pop()
            if definition in seen:
                continue
            if not self.knows(definition):
                raise AssertionError(f"{definition} is no definition of the package")
            seen.add(definition)
            waiting += _targets(self.form(definition))
        return sorted(seen)

    def _twins(self, digests: Mapping[Definition, str]) -> dict[Definition, str]:
        """Of definitions of one digest that Python tells apart, such as two empty classes: digests of their uses."""
        by_digest: dict[str, list[Definition]] = {}
        for definition in digests:
            if has_identity(self.modules, definition):
                by_digest.setdefault(digests[definition], []).append(definition)
        twins = {item: list[str]() for group in by_digest.values() if len(group) > 1 for item in group}
        for user in digests if twins else ():
            for used, where in self.form(user).positions(twins):
                twins[used].append(f"{digests[user]}:{where}")
        return {item: _sha256("\x01".join([digests[item], *sorted(uses)])) for item, uses in twins.items()}

    def _with_twins_apart(
        self, digests: Mapping[Definition, str], twins: Mapping[Definition, str]
    ) -> dict[Definition, str]:
        """The digests, those of twins and of their users moved with which of them is used where."""
        moved = {
            user: [f"{twins[used]}:{where}" for used, where in self.form(user).positions(twins)]
            for user in (digests if twins else ())
        }
        seen = {user: _sha256("\x01".join([digests[user], *sorted(uses)])) for user, uses in moved.items() if uses}
        return {**digests, **seen, **twins}

    def _digest(self, definitions: Iterable[Definition]) -> None:
        for unit in _units(definitions, lambda item: _targets(self.form(item))):
            if unit[0] not in self._digests:
                self._digests |= self._unit(unit)

    def _unit(self, unit: list[Definition]) -> dict[Definition, str]:
        """The digests of definitions that all reach each other."""
        inside = dict.fromkeys(unit, "circle")
        for _ in unit:  # after as many rounds as there are members each has heard of all
            inside = {item: self._filled(item, {**self._digests, **inside}) for item in unit}
        return inside

    def _filled(self, definition: Definition, digests: Mapping[Definition, str]) -> str:
        form = self.form(definition)
        parts = form.text.split("\x01")
        parts[1::2] = [digests[form.references[int(number)]] for number in parts[1::2]]
        besides = sorted(digests[item] for item in form.besides)
        return _sha256("\x01".join([*parts, *besides]))


def definition_of(entry: Entry) -> Definition:
    """The definition of a function or class object.

    Raises:
        AssertionError: it is not at the top level of a module of the package.
    """
    function = entry
    while isinstance(function, partial):
        if any(callable(bound) for bound in (*function.args, *function.keywords.values())):
            raise AssertionError(f"{entry} binds a function, which no closure would follow")
        function = function.func
    definition = Definition(function.__module__, function.__qualname__)
    if definition.module.split(".", maxsplit=1)[0] != PACKAGE or "." in definition.name:
        raise AssertionError(f"{definition} is not at the top level of a module of {PACKAGE}")
    return definition


@cache
def installed_analysis() -> Analysis:
    """The definitions of the package that runs."""
    from sg_assets.code.exclusion_table import EXCLUSIONS

    return Analysis(installed_package(), EXCLUSIONS)


def _targets(form: Form) -> list[Definition]:
    return [*form.references, *form.besides]


def _units(
    starts: Iterable[Definition], targets: Callable[[Definition], list[Definition]]
) -> Iterator[list[Definition]]:
    """Definitions that reach each other together, each unit after those it reaches (Tarjan 1972, without recursion)."""
    index: dict[Definition, int] = {}
    low: dict[Definition, int] = {}
    stack: list[Definition] = []
    on_stack: set[Definition] = set()
    for start in starts:
        work = [] if start in index else [(start, iter(targets(start)))]
        if work:
            index[start] = low[start] = len(index)
            stack.append(start)
            on_stack.add(start)
        while work:
            node, remaining = work[-1]
            following = next((item for item in remaining if item not in index or item in on_stack), None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    unit: list[Definition] = []
                    while not unit or unit[-1] != node:
                        unit.append(stack.pop())
                        on_stack.discard(unit[-1])
                    yield sorted(unit)
            elif following in index:
                low[node] = min(low[node], index[following])
            else:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(targets(following))))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
