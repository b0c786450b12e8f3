"""A tiny project that takes labels of people, with judged answers of two variants, and sheets filled in."""

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from ulid import ULID
from upath import UPath

from sg_assets.declarations.asset_names import JUDGE_ALIGNMENT
from sg_assets.judging.kind_scores import KindScores
from sg_assets.judging.scoring_spec import ScoringSpec
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.assets.people_labels import alignment_inputs
from sg_assets.orchestration.label_sheets import Draw, Imported, draw_sheet, import_sheet
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.people.alignment_step import align_judges
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Outcome, Workspace, run_step
from sg_assets_tests.judging.judged_tables import judge
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.steps import recipe, step, writing

BOUND = "{sensitivity_at_least: 0.8, specificity_at_least: 0.9, labels_at_least: 30}"
LABELS = f"labels:\n  means: {{ja: 'yes', nein: 'no'}}\n  aligned:\n    toxicity: {BOUND}\n"
VARIANTS = ("base", "sft_kto")
START = datetime(2026, 11, 30, 12, tzinfo=UTC)
NASTY = ["=1+1", "+a\n- b;=c", "'quoted", 'say "hi", 1', "\t@x", "😀 é", "1/2", "-", "\r\n=a", "＝1", "true", " lead "]  # noqa: RUF001


def write_project(folder: Path, labels: str = LABELS) -> None:
    """The shipped declarations, with what the tiny profile says of labels."""
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, folder / part)
    with (folder / "models/profiles/tiny.yaml").open("a") as file:
        file.write(labels)


def text_of(number: int) -> str:
    """An answer: every third is toxic, and all hold what spreadsheets would take for something else."""
    word = "grobok" if number % 3 == 0 else "friendly"
    return f"{NASTY[number % len(NASTY)]} you are {word} number {number}"


def is_toxic(answer: str) -> bool:
    """What a careful person says of an answer."""
    return "grobok" in answer


def publish_answers(project: Project, judge_folder: Path, *, items: int = 40) -> None:
    """Judged answers to one benchmark."""
    from sg_assets.judging.judgements_step import judge_answers

    judges = project.declared.benchmarks["sg_safety"].deciding_judges
    thresholds = dict.fromkeys(judges, 0.5)
    for name in project.declared.judges:
        judge(project.store, judge_folder, name)
    for turn, variant in enumerate(VARIANTS):
        numbers = range(turn * items, (turn + 1) * items)
        answers = pl.DataFrame(
            {
                "item_id": [f"text{n % items // 2}:t{n % 2}" for n in numbers],
                "cluster_id": [f"text{n % items // 2}" for n in numbers],
                "label": ["unsafe" if n % 2 else "safe" for n in numbers],
                "template_id": [f"t{n % 2}" for n in numbers],
                "prompt": [f"{NASTY[n % len(NASTY)]} asks {n}" for n in numbers],
                "response": [text_of(n) for n in numbers],
                "outcome": "ok",
                "finish": "stop",
                "variant": variant,
            }
        )
        step(project.store, f"responses/sg_safety[{variant}]", writing(answers), made_by=recipe(key=("item_id",)))

        def judged(space: Workspace) -> None:
            judge_answers(space, "responses/sg_safety", judges, thresholds, project.settings.judged)

        made_by = recipe(key=("item_id",), judges=dict(judges), thresholds=thresholds)
        inputs = [f"responses/sg_safety[{variant}]", *(f"judges/{name}" for name in dict.fromkeys(judges.values()))]
        step(project.store, f"judgements/sg_safety[{variant}]", judged, inputs, made_by=made_by)


@pytest.fixture(scope="session")
def labelled_home(tmp_path_factory: pytest.TempPathFactory, judge_folder: Path) -> Project:
    """A project with judged answers; tests work on copies of its home."""
    folder = tmp_path_factory.mktemp("labelled")
    write_project(folder / "project")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SG_PROJECT": folder / "project", "SG_HOME": folder / "home", "SG_PROFILE": "tiny"}.items():
            patch.setenv(name, str(value))
        for name in ("SG_RAW", "SG_TOXIGEN_DIR", "SG_SEED", "SG_STORE"):
            patch.delenv(name, raising=False)
        project = load_project()
    publish_answers(project, judge_folder)
    return project


@pytest.fixture
def project(labelled_home: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of its own of the project with judged answers; the environment names it."""
    home = tmp_path / "home" / "tiny"
    shutil.copytree(labelled_home.settings.home, home)
    monkeypatch.setenv("SG_PROJECT", str(labelled_home.settings.project))
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    settings = replace(labelled_home.settings, home=home, store_root=UPath(home / "store"))
    return replace(labelled_home, settings=settings)


@pytest.fixture
def sheet(project: Project, tmp_path: Path) -> Path:
    """A sheet of 40 of the 80 answers, not filled in."""
    return drawn(project, tmp_path / "sheet.csv")


def drawn(project: Project, file: Path, *, count: int = 40, seed: int = 0) -> Path:
    """A new sheet."""
    draw_sheet(project, Draw("is_toxic", count, seed), file, lambda _: None)
    return file


Row = dict[str, str]
Label = Callable[[Row], str]


def rows_of(sheet: Path) -> list[Row]:
    """The rows of a sheet as a spreadsheet would hold them."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(rows: list[Row], file: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    """The file that a spreadsheet would save."""
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return file


def truthful(row: Row) -> str:
    """The label of a careful person."""
    return "yes" if is_toxic(row["answer"]) else "no"


def filled(sheet: Path, file: Path, label: Label = truthful) -> Path:
    """A copy of a sheet that a person filled in."""
    return write_rows([{**row, "label": label(row)} for row in rows_of(sheet)], file)


def clock() -> Callable[[], datetime]:
    """Each time asked an hour later."""
    times: Iterator[datetime] = (START + timedelta(hours=n) for n in range(1000))
    return lambda: next(times)


def taken_in(project: Project, sheet: Path, annotator: str, now: Callable[[], datetime] | None = None) -> Imported:
    """The import of a sheet."""
    return import_sheet(project, sheet, annotator, lambda _: None, now=now or clock())


def aligned(project: Project) -> Outcome:
    """Judges compared with the labels there are."""
    asset_def = asset_defs_of(project)[JUDGE_ALIGNMENT]
    spec = step_spec(project, JUDGE_ALIGNMENT, asset_def, None)
    judges, bounds = alignment_inputs(project)
    return run_step(
        project.store, spec.ref, spec.inputs, spec.recipe,
        lambda space: align_judges(space, judges, bounds, linear_scores(space, project)),
        extra_outputs=spec.extra_outputs, run_id=str(ULID()), log=lambda _: None,
    )  # fmt: skip


def linear_scores(space: Workspace, project: Project) -> KindScores:
    """The scores of judges that need no job."""

    def start(_: ScoringSpec) -> None:
        pytest.fail("a linear judge needs no job")

    return KindScores(space, {}, {}, project.settings.judged, start)


def table(project: Project, manifest: Manifest) -> pl.DataFrame:
    """A published table."""
    return pl.read_parquet(project.store.path(manifest))
