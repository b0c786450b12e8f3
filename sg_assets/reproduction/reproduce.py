"""Making a version again and comparing: does what the manifest records give the content it names?"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from ulid import ULID

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.changed_definitions import ChangedDefinition
from sg_assets.lineage.changed_machines import Difference, kind_differences, known_kinds
from sg_assets.lineage.rows.content_diff import first_difference
from sg_assets.machine import same_work_here
from sg_assets.reproduction.rebuild import installed_recipe, link_caches, rebuild
from sg_assets.reproduction.stored_code import Kept, kept_code
from sg_assets.settings import Settings
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import quarantined_version
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets.store.verification import differences

_HERE: Final = ("transformers", "rule")
"""Engines that run on this machine; every other one is asked over the network, and may cost money."""


@dataclass(frozen=True)
class Plan:
    """What making a version again takes, known before it starts."""

    version: Manifest
    beside: tuple[Manifest, ...]
    """What the same step made as well."""
    inputs: tuple[Manifest, ...]
    kept: Kept
    changes: tuple[ChangedDefinition, ...] | None
    """The definitions of the version's code that were edited since; None where they cannot be compared."""
    machine: tuple[Difference, ...]
    """How the kind of machine here differs from the recorded one; empty too where that is not known."""

    @property
    def calls(self) -> int:
        """Requests to a model; those that were answered once are answered again."""
        return int(self.version.details.get("prompts_distinct", 0))

    @property
    def remote(self) -> str | None:
        """The engine that would be asked over the network."""
        engine = self.version.details.get("engine", {}).get("engine")
        return engine if self.calls and engine not in _HERE else None


class Verdict(StrEnum):
    """How it ended."""

    EQUAL = "equal"
    """What was made has the recorded fingerprint, and so does what the store holds."""

    DIFFERS = "differs"
    """What was made has another fingerprint."""

    STORED_DIFFERS = "the stored content differs"
    """What was made has the recorded fingerprint; what the store holds has not: it was changed or damaged."""

    NOT_STORED = "equal; the stored content is gone"
    """What was made has the recorded fingerprint. There is nothing in the store to compare it with."""


@dataclass(frozen=True)
class Reproduced:
    """One output of the step."""

    version: Manifest
    verdict: Verdict
    where: str
    """Where the two first differ, in words; empty where they do not, or where only one is there."""
    fingerprint: str
    """Of what was made."""


@dataclass(frozen=True)
class Reproduction:
    """All of it."""

    outputs: tuple[Reproduced, ...]
    same_code: bool
    """Whether the code that ran has the recorded fingerprint."""
    note: str
    """What a reader must know of the code that ran."""
    machine: tuple[Difference, ...] = ()
    """How the kind of machine it was made on differs from the recorded one; empty too where one is not known."""

    @property
    def may_be_the_machine(self) -> bool:
        """Whether the result differs, and the kind of machine does, which may be the reason."""
        return bool(self.machine) and any(one.verdict is Verdict.DIFFERS for one in self.outputs)

    @property
    def equal(self) -> bool:
        """Whether every output is what its manifest says."""
        return all(one.verdict in (Verdict.EQUAL, Verdict.NOT_STORED) for one in self.outputs)


def plan(store: Store, version: str) -> Plan:
    """What making a version again takes.

    Raises:
        SgAssetsError: there is no such version, it is made by another's step, it shows what is current, or an input is
            gone or no longer what its record says.
    """
    found = quarantined_version(store, version) or store.find(version)
    if kind_of(found.asset).stage == "report":
        raise SgAssetsError(
            f"{found.ref} is not made again", why="it shows other versions as they were that day",
            remedy="Reproduce what it shows: `sg-assets show` names its inputs",
        )  # fmt: skip
    beside = tuple(
        quarantined_version(store, pin.version) or store.manifest(pin.ref, pin.version) for pin in found.made_with
    )
    first = min((found, *beside), key=lambda one: (len(one.asset), one.asset))  # a step is named for what it is about
    others = tuple(one for one in (found, *beside) if one is not first)
    inputs = tuple(store.manifest(pin.ref, pin.version) for pin in first.inputs)
    for one in inputs:
        for told in differences(store, one):
            raise SgAssetsError(
                f"the input {one.ref} {one.version} is not what it was: {told}", where=str(found.ref),
                remedy=f"Reproduce it first: sg-assets reproduce {one.version}",
            )  # fmt: skip
    kept = kept_code(store, first)
    here = [same_work_here(machine).kind for machine in first.machines]
    machine = tuple(kind_differences(known_kinds(first), here))
    return Plan(first, others, inputs, kept, _changes(first, kept), machine)


def _changes(version: Manifest, kept: Kept) -> tuple[ChangedDefinition, ...] | None:
    if kept.is_installed:
        return ()
    recipe = installed_recipe(version)
    if recipe is None or recipe.code.listing is None or kept.listing is None:
        return None
    if recipe.code.definitions == version.code.definitions:
        return ()
    return kept.changes_to(recipe.code_texts[recipe.code.listing])


def reproduce(
    settings: Settings,
    store: Store,
    planned: Plan,
    *,
    from_cache: bool = False,
    trust: bool = False,
    by_installed: bool = False,
) -> Reproduction:
    """Make a version again in a scratch place, which is gone afterwards, and compare.

    Args:
        settings: Of the profile.
        store: Where the version and its inputs are; nothing is written to it.
        planned: What to make.
        from_cache: Whether answers, scores and vectors are read that models gave before. Then a model that would answer
            otherwise by now is not noticed.
        trust: Whether stored code may run that is no commit of this checkout.
        by_installed: Run the installed code whatever was recorded: to see what it makes.

    Raises:
        SgAssetsError: the step fails.
    """
    with _scratch(settings) as home:
        if from_cache:
            link_caches(settings, home)
        answer = rebuild(
            settings, planned.version, planned.inputs, planned.kept, home, trust=trust, by_installed=by_installed
        )
        scratch = ScratchStore(home / "store", store)
        made = {one.asset: one for one in answer.versions}
        outputs = [_compared(store, one, made[one.asset], scratch) for one in (planned.version, *planned.beside)]
        machine = kind_differences(known_kinds(planned.version), known_kinds(made[planned.version.asset]))
        return Reproduction(tuple(outputs), answer.same_code, answer.note, tuple(machine))


def _compared(store: Store, version: Manifest, made: Manifest, scratch: ScratchStore) -> Reproduced:
    there, stored = store.has_content(version), differences(store, version)
    if made.fingerprint != version.fingerprint:
        verdict = Verdict.DIFFERS
    elif there:
        verdict = Verdict.STORED_DIFFERS if stored else Verdict.EQUAL
    else:
        verdict = Verdict.NOT_STORED
    where = ""
    if there and verdict in (Verdict.DIFFERS, Verdict.STORED_DIFFERS):
        # Not by way of the scratch store's path: an object of this name is looked for there first.
        where = first_difference(version, store.path(version), scratch.files.local(made.object)) or "; ".join(stored)
    return Reproduced(version, verdict, where, made.fingerprint)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    home = settings.home / "scratch" / str(ULID())
    home.mkdir(parents=True)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
