"""Rebuilding a version from its manifest and comparing the result with the recorded content."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.changed_definitions import ChangedDefinition
from sg_assets.lineage.changed_machines import Difference, kind_differences, known_kinds
from sg_assets.lineage.rows.content_diff import first_difference
from sg_assets.machine import same_work_here
from sg_assets.reproduction.rebuild import installed_recipe, link_model_caches, rebuild
from sg_assets.reproduction.stored_code import StoredCode, stored_code_of
from sg_assets.settings import Settings
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import quarantined_version
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets.store.verification import differences

_LOCAL_ENGINES: Final = ("transformers", "rule")
"""Engines that run on this machine; every other engine is called over the network, and may cost money."""
_REPORT_SCHEMAS: Final = ("reports",)
"""Schemas of reports on other versions; rebuilt, they would show the current versions."""


@dataclass(frozen=True)
class ReproductionPlan:
    """The inputs, the code and the cost of rebuilding a version, known before it starts."""

    version: Manifest
    """The main output of the step that made the requested version."""
    extra_outputs: tuple[Manifest, ...]
    """Further versions that the same step made."""
    inputs: tuple[Manifest, ...]
    code: StoredCode
    changes: tuple[ChangedDefinition, ...] | None
    """The definitions of the version's code that were edited since; None where they cannot be compared."""
    machine: tuple[Difference, ...]
    """How the kind of machine here differs from the recorded one; empty too where that is not known."""

    @property
    def calls(self) -> int:
        """Requests to a model; each is sent again."""
        return int(self.version.details.get("prompts_distinct", 0))

    @property
    def remote(self) -> str | None:
        """The engine that would be called over the network; None where no request leaves this machine."""
        engine = self.version.details.get("engine", {}).get("engine")
        return engine if self.calls and engine not in _LOCAL_ENGINES else None


class Verdict(StrEnum):
    """How the rebuilt content compares with the recorded and the stored content."""

    EQUAL = "equal"
    """The rebuilt content has the recorded fingerprint, and so has the stored content."""

    DIFFERS = "differs"
    """The rebuilt content has another fingerprint."""

    STORED_DIFFERS = "the stored content differs"
    """The rebuilt content has the recorded fingerprint; the stored content has not: it was changed or damaged."""

    NOT_STORED = "equal; the stored content is gone"
    """The rebuilt content has the recorded fingerprint. The store holds no content to compare it with."""


@dataclass(frozen=True)
class OutputComparison:
    """A rebuilt output of the step, compared with its recorded version."""

    version: Manifest
    verdict: Verdict
    first_difference: str
    """In words; empty where they are equal, or where the stored content is gone."""
    fingerprint: str
    """The fingerprint of the rebuilt content."""


@dataclass(frozen=True)
class ReproductionResult:
    """The comparison of every output, and the circumstances of the rebuild."""

    outputs: tuple[OutputComparison, ...]
    same_code: bool
    """Whether the code that ran has the recorded fingerprint."""
    note: str
    """A remark on the code that ran; empty where it is the recorded one."""
    machine: tuple[Difference, ...] = ()
    """How the kind of machine differs from the recorded one; empty too where either is not known."""

    @property
    def may_be_the_machine(self) -> bool:
        """Whether the result differs, and the kind of machine does, which may be the reason."""
        return bool(self.machine) and any(output.verdict is Verdict.DIFFERS for output in self.outputs)

    @property
    def equal(self) -> bool:
        """Whether every output is what its manifest says."""
        return all(output.verdict in (Verdict.EQUAL, Verdict.NOT_STORED) for output in self.outputs)


def plan_reproduction(store: Store, version: str) -> ReproductionPlan:
    """Plan the rebuild of a version.

    Raises:
        SgAssetsError: no such version exists, it is a report on other versions, or an input is gone or damaged.
    """
    requested = quarantined_version(store, version) or store.find(version)
    if requested.ref.schema in _REPORT_SCHEMAS:
        raise SgAssetsError(
            f"{requested.ref} is not rebuilt", why="it reports on other versions as they were that day",
            remedy="Reproduce its inputs: `sg-assets show` names them",
        )  # fmt: skip
    siblings = (
        quarantined_version(store, pin.version) or store.manifest(pin.ref, pin.version) for pin in requested.made_with
    )
    outputs = (requested, *siblings)
    main = min(outputs, key=lambda output: (len(output.asset), output.asset))  # extra outputs have longer names
    inputs = tuple(store.manifest(pin.ref, pin.version) for pin in main.inputs)
    for input_version in inputs:
        for difference in differences(store, input_version):
            raise SgAssetsError(
                f"the content of the input {input_version.ref} {input_version.version} has changed: {difference}",
                where=str(requested.ref), remedy=f"Reproduce it first: sg-assets reproduce {input_version.version}",
            )  # fmt: skip
    code = stored_code_of(store, main)
    kinds_here = [same_work_here(machine).kind for machine in main.machines]
    return ReproductionPlan(
        version=main,
        extra_outputs=tuple(output for output in outputs if output is not main),
        inputs=inputs,
        code=code,
        changes=_changes(main, code),
        machine=tuple(kind_differences(known_kinds(main), kinds_here)),
    )


def _changes(version: Manifest, code: StoredCode) -> tuple[ChangedDefinition, ...] | None:
    if code.is_installed:
        return ()
    recipe = installed_recipe(version)
    if recipe is None or recipe.code.listing is None or code.listing is None:
        return None
    if recipe.code.definitions == version.code.definitions:
        return ()
    return code.changes_to(recipe.code_texts[recipe.code.listing])


def reproduce(
    settings: Settings,
    store: Store,
    planned: ReproductionPlan,
    *,
    from_cache: bool = False,
    trust: bool = False,
    by_installed: bool = False,
) -> ReproductionResult:
    """Rebuild a version in a scratch folder, which is removed afterwards, and compare.

    Args:
        settings: Of the profile.
        store: Where the version and its inputs are; nothing is written to it.
        planned: The version, its inputs and its code.
        from_cache: Whether stored answers, scores and vectors of models are read. Then a model that answers differently
            by now is not noticed.
        trust: Whether stored code may run that is not of a commit of this checkout.
        by_installed: Run the installed code whatever was recorded: to see its result.

    Raises:
        SgAssetsError: the step fails.
    """
    with _scratch(settings) as home:
        if from_cache:
            link_model_caches(settings, home)
        result = rebuild(
            settings, planned.version, planned.inputs, planned.code, home, trust=trust, by_installed=by_installed
        )
        scratch = ScratchStore(home / "store", store)
        rebuilt = {version.asset: version for version in result.versions}
        recorded = (planned.version, *planned.extra_outputs)
        outputs = [_compare(store, version, rebuilt[version.asset], scratch) for version in recorded]
        machine = kind_differences(known_kinds(planned.version), known_kinds(rebuilt[planned.version.asset]))
        return ReproductionResult(tuple(outputs), result.same_code, result.note, tuple(machine))


def _compare(store: Store, version: Manifest, rebuilt: Manifest, scratch: ScratchStore) -> OutputComparison:
    is_stored, damages = store.files.holds(version.object, version.files), differences(store, version)
    if rebuilt.fingerprint != version.fingerprint:
        verdict = Verdict.DIFFERS
    elif is_stored:
        verdict = Verdict.STORED_DIFFERS if damages else Verdict.EQUAL
    else:
        verdict = Verdict.NOT_STORED
    difference = ""
    if is_stored and verdict in (Verdict.DIFFERS, Verdict.STORED_DIFFERS):
        # Not by the scratch store's path: an object of this name is looked for there first.
        rebuilt_path = scratch.files.local(rebuilt.object)
        difference = first_difference(version, store.location(version), rebuilt_path) or "; ".join(damages)
    return OutputComparison(version, verdict, difference, rebuilt.fingerprint)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    home = settings.home / "scratch" / str(ULID())
    home.mkdir(parents=True)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
