"""Whatever of the past is gone or damaged: comparison, history and the next score go on, and say what is not known."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.render import why_markdown as markdown
from sg_assets.lineage.render.history_views import document, page, summary
from sg_assets.lineage.render.history_views import view as history_view
from sg_assets.lineage.render.json_documents import as_json, history_as_json
from sg_assets.lineage.render.why_page import page as why_page
from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.score_history import History, history
from sg_assets.lineage.version_pair import LostVersionError, version_pair
from sg_assets.lineage.why import Why, why, why_not_known
from sg_assets.orchestration.checks.score_moved import score_moved
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.why_metadata import what_changed
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.lineage.damaging import DAMAGES
from sg_assets_tests.lineage.render.views import terminal
from sg_assets_tests.lineage.world import JUDGE_MODULE, METRICS, World, step

pytestmark = pytest.mark.slow

SCORE = Ref.parse("scores/sg_safety[sft_r128]")
CONTENTS = (
    "raw/forum_comments", "templated/prompts", "responses/sg_safety[sft_r128]", "judgements/sg_safety[sft_r128]",
    "scores/sg_safety[sft_r128]", "scores/sg_safety_items[sft_r128]", "adapters/sft[sft_r128]",
)  # fmt: skip
UNKNOWN = ("not known", "cannot be read", "gone", "damaged", "cannot be determined", "no longer stored")
"""The words that say that something of the past is lost."""


@dataclass(frozen=True)
class Past:
    """A score published twice."""

    folder: Path
    versions: dict[tuple[str, str], Manifest]
    """By ``old`` or ``new``, and asset partition."""


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Everything differs between the two versions, and an acceptance was given."""
    store = Store(tmp_path_factory.mktemp("past") / "store", "demo")
    versions: dict[tuple[str, str], Manifest] = {}
    edited = World(comments=44, rank=64, judge_module=JUDGE_MODULE.replace("% 10", "% 9"),
                   metrics_sql=METRICS.replace("outcome = 'ok' AND", "outcome IN ('ok') AND"))  # fmt: skip
    for name, world in (("old", World()), ("new", edited)):
        world.build(store, name)
        versions |= {(name, str(ref)): store.required_head(ref) for ref in store.refs()}
    return Past(store.home, versions)


@pytest.fixture
def store(past: Past, tmp_path: Path) -> Store:
    shutil.copytree(past.folder, tmp_path / "store")
    return Store(tmp_path / "store", "demo")


@pytest.fixture(scope="session")
def loaded() -> Project:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SG_PROFILE", "demo")
        return load_project()


def stored_file(store: Store, past: Past, section: str, name: str) -> Path:
    """A stored file by its section and a name: ``old scores/sg_safety[sft_r128]``, or the number of an entry."""
    if section in ("content", "manifest"):
        age, _, asset = name.partition(" ")
        version = past.versions[age, asset]
        record = f"manifests/{version.ref.folder}/{version.version}.json"
        return store.path(version) if section == "content" else store.home / record
    files = sorted(store.home.glob(f"heads/{SCORE.folder}/*.json" if section == "head" else "code/*.txt"))
    return files[int(name)]


def compared(store: Store) -> Why:
    """The comparison that ``sg-assets why`` shows."""
    try:
        return why(store, *version_pair(store, SCORE), with_text=True)
    except LostVersionError as error:
        return why_not_known(error.before, error.after, error)


def shown_comparison(store: Store, *, pictures: bool) -> str:
    comparison = compared(store)
    forms: list[Callable[[Why], str]] = [terminal, markdown.document, markdown.summary, markdown.main_causes, as_json]
    return "\n".join(form(comparison) for form in (*forms, *([why_page] if pictures else [])))


def shown_history(store: Store, *, pictures: bool) -> str:
    better: Any = {("toxicity_rate", "unsafe"): "lower"}
    followed = history(Comparisons(store), SCORE, better)
    history_view(followed)
    forms: list[Callable[[History], str]] = [document, summary, history_as_json, *([page] if pictures else [])]
    return "\n".join(form(followed) for form in forms)


def with_store(project: Project, store: Store) -> Project:
    own = replace(project)
    own.__dict__["store"] = store
    return own


def publish_next(store: Store, log: list[str]) -> Manifest:
    """The next score, of the answers and judgements that are current."""
    world = World(metrics_sql=METRICS.replace("::DOUBLE AS value", "::DOUBLE / 2 AS value"))
    return step(store, "next", str(SCORE), world.score, {"edited": True}, ["judgements/sg_safety[sft_r128]"],
                key=("metric", "slice"), extra_outputs={"scores/sg_safety_items": ("metric", "slice", "item_id")},
                log=log.append)  # fmt: skip


def cases() -> Iterator[Any]:
    for damage in DAMAGES:
        for section in ("content", "manifest"):
            for name in CONTENTS:
                if not (section == "content" and damage == "other format"):
                    yield pytest.param(section, f"old {name}", damage, id=f"{damage}-{section}-{name}")
        for number in (0, 1):
            yield pytest.param("head", str(number), damage, id=f"{damage}-head-{number}")
        for number in range(0, 12, 4):
            yield pytest.param("code", str(number), damage, id=f"{damage}-code-{number}")


@pytest.mark.parametrize(("section", "name", "damage"), list(cases()))
def test_a_lost_file_of_the_past_stops_nothing_and_is_said(
    store: Store, past: Past, loaded: Project, section: str, name: str, damage: str
) -> None:
    DAMAGES[damage](stored_file(store, past, section, name))
    shown = ""
    if not (section == "head" and name == "1"):  # which version is current is not known then
        shown = shown_comparison(store, pictures=damage == "deleted")
    shown += shown_history(Store(store.root, "demo"), pictures=damage == "deleted")
    log: list[str] = []
    fresh = Store(store.root, "demo")
    manifest = publish_next(fresh, log)
    project = with_store(loaded, Store(store.root, "demo"))
    metadata = what_changed(project, manifest) if damage == "deleted" else {}
    check = score_moved(project).evaluate(manifest)
    assert check.passed in (True, False)
    assert fresh.required_head(SCORE) == manifest
    shown += " ".join(str(value.value) for value in metadata.values()) + str(check.description) + " ".join(log)
    # Only some of the texts are of this score. A log without its last entry is that of the day before,
    # and the bytes of an adapter are not compared.
    silent = (section, name, damage) in (("head", "1", "deleted"), ("content", "old adapters/sft[sft_r128]", "flipped"))
    if section != "code" and not silent:
        assert any(words in shown for words in UNKNOWN)
    assert "Traceback" not in shown


def test_answers_lost_on_one_side_alone_leave_the_ledger(store: Store, past: Past) -> None:
    store.path(past.versions["old", "responses/sg_safety[sft_r128]"]).unlink()
    comparison = compared(store)
    assert {entry.part.value for score in comparison.whole for entry in score.change.entries} >= {"not known"}
    assert any("is gone: what changed inside is not known" in line for line in comparison.lost)
    notes = [cause.note for cause in comparison.explanation.causes]
    old = past.versions["old", "responses/sg_safety[sft_r128]"]
    assert f"The content of {old.version} is gone: what changed inside is not known." in notes


def test_a_record_lost_of_the_version_before_is_the_only_cause(store: Store, past: Past) -> None:
    old = past.versions["old", str(SCORE)]
    (store.home / f"manifests/{SCORE.folder}/{old.version}.json").unlink()
    comparison = compared(Store(store.root, "demo"))
    [cause] = comparison.explanation.causes
    assert (cause.kind.value, cause.old) == ("unknown", old.version)
    assert "is gone" in cause.note


def test_a_flipped_byte_of_values_is_not_counted(store: Store, past: Path) -> None:
    DAMAGES["flipped"](store.path(store.required_head(Ref.parse("scores/sg_safety_items[sft_r128]"))))
    comparison = compared(store)
    assert comparison.scores == ()
    assert "is damaged" in comparison.lost[0]


def test_where_the_log_does_not_say_what_is_current_the_command_says_so(store: Store) -> None:
    DAMAGES["truncated"](sorted(store.home.glob(f"heads/{SCORE.folder}/*.json"))[-1])
    with pytest.raises(SgAssetsError, match=r"heads/scores/sg_safety.*says what is current cannot be read"):
        version_pair(store, SCORE)
