"""How partitions stand after every kind of edit."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.status.partition_status import Need, PartitionStatus, State
from sg_assets.status.survey import survey, undeclared
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.status.small import COMMENTS, TABLE, SmallGraph, small_graph
from sg_assets_tests.store.test_marks import mark

pytestmark = pytest.mark.slow


def status_of(graph: SmallGraph, name: str) -> PartitionStatus:
    return graph.survey()[Ref.parse(name)]


def states(graph: SmallGraph) -> dict[str, State]:
    return {str(ref): status.state for ref, status in graph.survey().items()}


def needs(graph: SmallGraph) -> dict[str, Need]:
    return {str(ref): status.need for ref, status in graph.survey().items() if status.need is not Need.NOTHING}


def causes(status: PartitionStatus) -> list[tuple[Kind, str, tuple[str, ...]]]:
    return [(cause.kind, cause.name, cause.places) for cause in status.causes]


def test_what_was_just_made_is_current(built: SmallGraph) -> None:
    assert set(states(built).values()) == {State.CURRENT}
    assert needs(built) == {}


def test_in_an_empty_store_everything_is_missing(tmp_path: Path) -> None:
    assert set(states(small_graph(tmp_path)).values()) == {State.MISSING}


def test_another_value_marks_its_own_variant_and_what_follows_with_the_value_as_cause(built: SmallGraph) -> None:
    built.ranks = {"sft": 8, "kto": 16}
    assert needs(built) == {
        "adapters/sft[kto]": Need.WORK, "scores/s[kto]": Need.FOLLOW, "scores/s_items[kto]": Need.FOLLOW,
        "reports/results": Need.FOLLOW,
    }  # fmt: skip
    [cause] = status_of(built, "reports/results").causes
    assert (cause.kind, cause.places, cause.old, cause.new) == (Kind.TRAINING, ("adapters/sft[kto]",), 8, 16)


def test_another_source_marks_everything_below_it(built: SmallGraph) -> None:
    built.comments = 4
    assert set(states(built).values()) == {State.OUTDATED}
    assert causes(status_of(built, "scores/s[base]")) == [(Kind.PARAMETER, "n", ("raw/comments",))]


def test_another_query_is_named_by_its_file(built: SmallGraph) -> None:
    built.sql = "SELECT 2"
    assert causes(status_of(built, "templated/prompts")) == [
        (Kind.SQL, "sql/templated/prompts.sql", ("templated/prompts",))
    ]
    assert states(built)["raw/comments"] is State.CURRENT


def test_a_rebuilt_input_is_the_cause_where_nothing_upstream_is_out_of_date_any_more(built: SmallGraph) -> None:
    built.comments = 4
    built.build("raw/comments", "templated/prompts")
    assert causes(status_of(built, "adapters/sft[sft]")) == [(Kind.INPUT, "templated/prompts", ("adapters/sft[sft]",))]


def test_what_is_made_again_with_the_same_content_leaves_nothing_below_to_work(built: SmallGraph) -> None:
    built.rounds_to = 3
    built.build("templated/prompts")
    built.comments = 5
    built.build()
    built.comments = 6
    built.build("raw/comments", "templated/prompts")
    assert needs(built)["adapters/sft[sft]"] is Need.CONFIRM
    assert set(states(built).values()) == {State.CURRENT}


def test_after_an_edit_and_its_undoing_nothing_works(built: SmallGraph) -> None:
    built.comments = 4
    built.build()
    built.comments = 3
    assert set(needs(built).values()) == {Need.CONFIRM}
    assert states(built)["reports/results"] is State.OUTDATED


def test_a_revert_is_told_where_it_was_done(built: SmallGraph) -> None:
    first = built.store.required_head(COMMENTS)
    built.comments = 4
    built.build()
    built.store.set_head(first, "revert")
    assert states(built)["raw/comments"] is State.OUTDATED
    assert needs(built)["raw/comments"] is Need.CONFIRM


def test_a_version_held_back_is_told_and_the_published_one_is_named(built: SmallGraph) -> None:
    built.comments, built.most = 9, 5
    built.build("raw/comments")
    with pytest.raises(QuarantinedError) as caught:
        built.build("templated/prompts")
    status = status_of(built, "templated/prompts")
    assert (status.state, status.quarantined) == (State.QUARANTINED, caught.value.candidate.version)
    assert status.head == built.store.required_head(TABLE)


def test_a_version_held_back_by_a_mistake_that_was_undone_is_not_told_any_more(built: SmallGraph) -> None:
    built.sql, built.most = "SELECT 2", 2
    with pytest.raises(QuarantinedError):
        built.build("templated/prompts")
    built.sql, built.most = "SELECT 1", 100
    assert states(built)["templated/prompts"] is State.CURRENT


def test_a_check_that_only_warns_is_told_of_what_is_current(built: SmallGraph) -> None:
    built.comments, built.warned_at = 9, 5
    built.build()
    status = status_of(built, "templated/prompts")
    assert (status.state, status.failing) == (State.FAILING, ("fewer",))


def test_another_check_asks_for_an_audit_and_marks_nothing_below(built: SmallGraph) -> None:
    built.most = 50
    assert status_of(built, "templated/prompts").state is State.OUTDATED
    assert needs(built)["templated/prompts"] is Need.CONFIRM
    assert states(built)["adapters/sft[sft]"] is State.CURRENT


def test_a_new_variant_is_missing_and_marks_only_what_reads_all_of_them(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    all_states = states(built)
    assert {name for name, state in all_states.items() if state is State.MISSING} == {
        "adapters/sft[new]", "scores/s[new]", "scores/s_items[new]"
    }  # fmt: skip
    assert {name for name, state in all_states.items() if state is State.OUTDATED} == {"reports/results"}


def test_a_removed_variant_marks_the_report_and_keeps_its_history(built: SmallGraph) -> None:
    built.ranks = {"sft": 8}
    assert {name for name, state in states(built).items() if state is not State.CURRENT} == {"reports/results"}
    assert list(map(str, undeclared(built.store, built.graph))) == [
        "adapters/sft[kto]", "scores/s[kto]", "scores/s_items[kto]"
    ]  # fmt: skip
    assert built.store.head(Ref.parse("scores/s[kto]")) is not None


def test_what_cannot_be_made_here_says_why_and_counts_as_it_is(built: SmallGraph) -> None:
    def recipe(ref: Ref) -> Recipe:
        if ref.schema == "adapters":
            raise SgAssetsError("the package 'trl' is not installed")
        return built.recipe(ref)

    status = survey(built.store, built.graph, recipe)[Ref.parse("adapters/sft[sft]")]
    assert (status.state, status.need, status.blocked) == (
        State.CURRENT, Need.NOTHING, "the package 'trl' is not installed."
    )  # fmt: skip


def test_damaged_content_is_shown_and_to_be_made_again(built: SmallGraph) -> None:
    path = built.store.path(built.store.required_head(TABLE))
    path.write_bytes(bytes(path.stat().st_size))
    status = status_of(built, "templated/prompts")
    assert (status.state, status.need) == (State.DAMAGED, Need.WORK)
    assert "the file's bytes differ" in status.damage[0]
    built.build()
    assert status_of(built, "templated/prompts").state is State.CURRENT


@pytest.mark.parametrize("section", ["manifests", "heads", "marks"])
def test_a_torn_record_is_shown_for_its_partition_alone(built: SmallGraph, section: str) -> None:
    store = Store(built.store.root, "demo")
    head = store.required_head(TABLE)
    torn = {
        "manifests": f"manifests/{TABLE.folder}/{head.version}.json",
        "heads": store.heads.names_of(TABLE)[-1],
        "marks": f"marks/{TABLE.folder}/01M8PGF2QFYW1TGAZQ1RS33DR6.json",
    }[section]
    (store.home / torn).parent.mkdir(parents=True, exist_ok=True)
    (store.home / torn).write_text("{")
    torn_graph = SmallGraph(Store(store.root, "demo"))
    damaged = [str(ref) for ref, status in torn_graph.survey().items() if status.state is State.DAMAGED]
    assert damaged == ["templated/prompts"]


def test_a_version_that_read_damage_is_shown(built: SmallGraph) -> None:
    head = built.store.required_head(TABLE)
    doubt = {"kind": "doubtful", "version": head.version, "why": "made from content that was damaged"}
    built.store.marks.append(TABLE, mark(**doubt))
    status = status_of(built, "templated/prompts")
    assert (status.state, status.need) == (State.DAMAGED, Need.WORK)
    assert status.damage == (f"{head.version} was made from content that was damaged",)


def test_content_that_is_gone_is_to_be_made_again(built: SmallGraph) -> None:
    head = built.store.required_head(TABLE)
    built.store.path(head).unlink()
    assert status_of(built, "templated/prompts").need is Need.WORK
    assert causes(status_of(built, "templated/prompts"))[0][0] is Kind.UNKNOWN
