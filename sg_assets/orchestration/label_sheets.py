"""Sheets of answers for people to label, and their labels as a version: for the command line and for the UI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ulid import ULID

from sg_assets.declarations.asset_names import ANSWER_LABELS, LABEL_SAMPLE
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES
from sg_assets.declarations.kinds.people_labels import SAMPLE_COLUMNS
from sg_assets.declarations.records.people_labels import PeopleLabels
from sg_assets.errors import NotPublishedError, SgAssetsError, nearest
from sg_assets.orchestration.assets.people_labels import labels_recipe
from sg_assets.orchestration.checks.contracts import contract_of
from sg_assets.orchestration.project import Project
from sg_assets.people.answer_labels import KEY as LABEL_KEY
from sg_assets.people.answer_labels import write_labels
from sg_assets.people.flags import FlagJudge, judges_to_label
from sg_assets.people.label_rows import labels_of, sample_of
from sg_assets.people.label_sample import KEY, draw_answers
from sg_assets.people.label_store import Import, add_labels, alone, checked_annotator, drawn_answers
from sg_assets.people.sheet import FIRST_ROW, read_sheet, require_new, write_sheet
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, run_step

if TYPE_CHECKING:
    import polars as pl

Log = Callable[[str], None]
_SAMPLE: Final = Ref.parse(LABEL_SAMPLE)
_LABELS: Final = Ref.parse(ANSWER_LABELS)


@dataclass(frozen=True)
class Draw:
    """What is to be drawn for people to label."""

    name: str
    """A flag, or a judge."""
    count: int
    seed: int
    benchmark: str | None = None
    """The only benchmark; all that have the flag where None."""
    variants: tuple[str, ...] = ()
    """The variants; all that have judged answers where empty."""


@dataclass(frozen=True)
class Drawn:
    """Answers that were written to a sheet."""

    sample: Manifest
    passed_over: tuple[str, ...]
    """Partitions that were not drawn from, with the reason."""


@dataclass(frozen=True)
class Imported:
    """A sheet that was taken in."""

    outcome: Outcome | None
    """None where the same sheet of the same person was taken in before."""
    labels: int
    unlabelled: int
    """Drawn answers without a label in the sheet."""


def required_labels(project: Project) -> PeopleLabels:
    """What the profile declares of labels.

    Raises:
        SgAssetsError: nothing.
    """
    labels = project.declared.profile.labels
    if labels is None:
        remedy = "Declare `labels: {}` there, or with bounds: docs/labels.md"
        raise SgAssetsError("the profile takes no labels of people", where=_profile_file(project), remedy=remedy)
    return labels


def draw_sheet(project: Project, draw: Draw, file: Path, log: Log) -> Drawn:
    """Draw answers for people to label and write them to a sheet; equal arguments give the same answers.

    Args:
        project: The project.
        draw: What is drawn.
        file: The sheet; it must not exist yet.
        log: Takes progress lines.

    Raises:
        SgAssetsError: a name is unknown, nothing is judged yet, or the file exists.
    """
    required_labels(project)
    judges = judges_to_label(project.declared, draw.name, draw.benchmark)
    require_new(file)
    judged, passed_over = _judged(project, judges, draw.variants)
    judges = [judge for judge in judges if judge.benchmark in {benchmark for benchmark, _ in judged}]
    families = {variant: project.declared.variants[variant].method for _, variant in judged}
    parameters = {
        "judges": [vars(judge) for judge in judges], "families": families, "count": draw.count, "seed": draw.seed,
    }  # fmt: skip
    columns = tuple(Column(column.name, column.type, column.description) for column in SAMPLE_COLUMNS)
    recipe = project.recipe([draw_answers], parameters)
    outcome = run_step(
        project.store, _SAMPLE,
        [Ref.of(kind.of(benchmark), variant) for kind in (JUDGEMENTS, RESPONSES) for benchmark, variant in judged],
        replace(recipe, contract=Contract((*KEY, "flag"), columns)),
        lambda workspace: draw_answers(workspace, judges, families, draw.count, seed=draw.seed),
        run_id=str(ULID()), log=log, mixed_ancestors=True,
    )  # fmt: skip
    if outcome.moved_head:
        project.catalogue.published()
    sample = outcome.manifest
    write_sheet(file, drawn_answers(project.store, sample.version, str(file)), sample.version)
    return Drawn(sample, tuple(passed_over))


def _judged(
    project: Project, judges: Sequence[FlagJudge], variants: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Benchmarks and variants whose current answers are judged, and those that are not, with the reason."""
    known = list(project.declared.declared_variants)
    for name in variants:
        if name not in known:
            raise SgAssetsError(f"unknown variant '{name}'", where="--variants", remedy=nearest(name, known))
    judged: list[tuple[str, str]] = []
    passed_over: list[str] = []
    for benchmark in dict.fromkeys(judge.benchmark for judge in judges):
        for variant in variants or known:
            problem = _problem(project, benchmark, variant)
            if problem is None:
                judged.append((benchmark, variant))
            else:
                passed_over.append(problem)
    if not judged or (variants and passed_over):
        remedy = f"Run `sg-assets backfill {' '.join(variants) or 'judgements'}` first"
        raise NotPublishedError("answers to label are missing", why="; ".join(passed_over), remedy=remedy)
    return judged, passed_over


def _problem(project: Project, benchmark: str, variant: str) -> str | None:
    judgements, responses = (Ref.of(kind.of(benchmark), variant) for kind in (JUDGEMENTS, RESPONSES))
    head, answers = (project.store.readable_head(ref) for ref in (judgements, responses))
    if head is None or answers is None:
        return f"{judgements} has no version"
    read = next(pin for pin in head.inputs if pin.ref == responses)
    return None if read.fingerprint == answers.fingerprint else f"{judgements} is of answers that were replaced"


def import_sheet(
    project: Project, file: Path, annotator: str, log: Log, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Imported:
    """Take in the labels of a sheet, all of them or none.

    Args:
        project: The project.
        file: The sheet that a person filled in.
        annotator: Who that is.
        log: Takes progress lines.
        now: The time of the import.

    Raises:
        SgAssetsError: a row is wrong; nothing is taken in.
    """
    declared, person = required_labels(project), checked_annotator(annotator)
    sheet, data = read_sheet(file)
    sample = sample_of(sheet, file)
    drawn = drawn_answers(project.store, sample, f"{file}, row {FIRST_ROW}")
    imported = now()
    labelled = labels_of(
        sheet, drawn, means=declared.means, declared_in=f"{_profile_file(project)}, labels", annotator=person,
        imported=imported, file=file,
    )  # fmt: skip
    taken = {
        "file": sha256(data).hexdigest(), "annotator": person, "sample": sample, "imported": imported.isoformat(),
        "labels": labelled.labels.height,
    }  # fmt: skip
    with alone(project.settings.home):
        outcome = add_labels(
            project.store, labelled.labels, taken, lambda labels, imports: _publish(project, labels, imports, log)
        )
    return Imported(outcome, labelled.labels.height, labelled.unlabelled)


def _publish(project: Project, labels: "pl.DataFrame", imports: Sequence[Import], log: Log) -> Outcome:
    recipe = labels_recipe(project, list[Mapping[str, object]](imports))
    contract = contract_of(project, ANSWER_LABELS, LABEL_KEY)
    outcome = run_step(
        project.store, _LABELS, [], replace(recipe, contract=contract),
        lambda workspace: write_labels(workspace, labels), run_id=str(ULID()), log=log,
    )  # fmt: skip
    if outcome.moved_head:
        project.catalogue.published()
    return outcome


def _profile_file(project: Project) -> str:
    return f"models/profiles/{project.declared.profile.name}.yaml"
