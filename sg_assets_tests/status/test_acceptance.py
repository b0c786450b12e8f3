"""What can be accepted as made by today's code and libraries, what is refused, and what counts afterwards."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from sg_assets.code.module_forms import normal_form
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.status.acceptance import Acceptances, acceptances, cheapest
from sg_assets.status.partition_status import Need, State
from sg_assets.status.record_acceptance import record, required_reason, undo, undoable
from sg_assets.status.render.acceptance import shown
from sg_assets.status.selection import named_refs
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets_tests.status.small import COMMENTS, TABLE, Small, small

SCORE, ITEMS = Ref.parse("scores/s[base]"), Ref.parse("scores/s_items[base]")
SFT = Ref.parse("adapters/sft[sft]")
ADAPTER, SCORES = "def train(): return 1\n", "def score(): return 1\n"


@pytest.fixture
def edited(tmp_path: Path) -> Small:
    """All of it made, then the modules that train and score were edited."""
    found = small(tmp_path)
    found.modules = {"adapters/sft": ADAPTER, "scores/s": SCORES}
    found.build()
    found.modules = {"adapters/sft": ADAPTER.replace("1", "2"), "scores/s": SCORES.replace("1", "2")}
    return found


def accepting(found: Small, *names: str) -> Acceptances:
    return acceptances(found.store, found.graph, found.recipe, named_refs(found.graph, found.variants, names))


def accept(found: Small, *names: str) -> Acceptances:
    planned = accepting(found, *names)
    record(found.store, planned, "renamed")
    return planned


def refs(found: Iterable[object]) -> list[str]:
    return [str(getattr(one, "ref", one)) for one in found]


def states(found: Small) -> set[State]:
    return {standing.state for standing in found.survey().values()}


def refusal(planned: Acceptances, ref: Ref) -> str:
    [told] = [str(refused) for refused in planned.refused if refused.ref == ref]
    return told


def test_what_is_accepted_is_current_and_what_reads_it_too(edited: Small) -> None:
    assert states(edited) == {State.CURRENT, State.OUTDATED}
    planned = accept(edited, "all")
    assert (planned.refused, planned.missing) == ((), ())
    survey = edited.survey()
    assert {standing.state for standing in survey.values()} == {State.CURRENT}
    assert {standing.need for standing in survey.values()} == {Need.NOTHING}


def test_upstream_comes_first_and_what_is_current_is_counted(edited: Small) -> None:
    planned = accepting(edited, "scores/*", "adapters/sft", "templated/prompts")
    assert refs(planned.accepted)[:2] == ["adapters/sft[sft]", "adapters/sft[kto]"]
    assert refs(planned.current) == ["templated/prompts"]
    assert len(planned.accepted) == 8


def test_every_change_is_shown_once_with_its_diff_and_what_it_serves(edited: Small) -> None:
    planned = accepting(edited, "all")
    assert [(cause.kind, cause.name, len(cause.places)) for cause in planned.causes] == [
        (Kind.CODE, "sg_assets.adapters", 2), (Kind.CODE, "sg_assets.scores", 6),
    ]  # fmt: skip
    lines = "\n".join(shown(planned))
    assert lines.count("+def train(): return 2") == 1
    assert "serves adapters/sft[sft, kto]" in lines
    assert "8 to accept, 3 current already" in lines


def test_planning_records_nothing(edited: Small) -> None:
    before = edited.survey()
    accepting(edited, "all")
    assert edited.store.marks.all() == {}
    assert edited.survey() == before


def test_an_acceptance_holds_for_the_code_it_was_given_for_and_no_other(edited: Small) -> None:
    accept(edited, "all")
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    assert edited.survey()[SFT].state is State.OUTDATED
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "2")}
    assert edited.survey()[SFT].state is State.CURRENT


def test_nothing_is_made_of_what_is_accepted(edited: Small) -> None:
    accept(edited, "all")
    before = edited.store.required_head(SCORE)
    assert edited.make(SCORE) == before


def test_a_standing_tells_who_accepted_what_and_why(edited: Small) -> None:
    accept(edited, "all")
    survey = edited.survey()
    accepted = survey[SFT].accepted
    assert accepted is not None
    assert accepted.mark.why == "renamed"
    assert survey[TABLE].accepted is None


def test_below_a_changed_source_accepted_code_is_no_cause(edited: Small) -> None:
    accept(edited, "all")
    edited.comments = 4
    standing = edited.survey()[SFT]
    assert (standing.state, standing.need) == (State.OUTDATED, Need.FOLLOW)
    assert {cause.kind for cause in standing.causes} == {Kind.PARAMETER}
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    assert Kind.CODE in {cause.kind for cause in edited.survey()[SFT].causes}


def test_what_only_follows_a_source_of_the_same_content_is_confirmed_as_accepted(edited: Small) -> None:
    accept(edited, "all")
    edited.modules = {**edited.modules, "raw/comments": "def read(): return 2\n"}
    edited.build("raw/comments")
    survey = edited.survey()
    assert survey[TABLE].need is Need.CONFIRM
    assert {standing.state for standing in survey.values()} == {State.CURRENT}
    edited.build()
    assert {standing.need for standing in edited.survey().values()} == {Need.NOTHING}
    assert (
        edited.store.required_head(SFT).accepted_as[0].recipe
        == edited.store.acceptances(edited.store.required_head(SFT))[0].mark.recipe
    )


def test_an_input_that_is_out_of_date_and_not_named_is_told_by_name(edited: Small) -> None:
    planned = accepting(edited, "scores/s[sft]")
    assert planned.accepted == ()
    told = refusal(planned, Ref.parse("scores/s[sft]"))
    assert "what it is made from is out of date: adapters/sft[sft]" in told
    assert "Name it too ('adapters/sft[sft]')" in told


def test_what_stands_on_no_edited_input_needs_no_other_name(edited: Small) -> None:
    assert refs(accept(edited, "scores/s[base]").accepted) == ["scores/s[base]", "scores/s_items[base]"]
    assert edited.survey()[SCORE].state is State.CURRENT


def test_what_the_same_work_makes_is_accepted_with_it(edited: Small) -> None:
    accept(edited, "scores/s_items[base]")
    assert edited.make(SCORE).version == edited.store.required_head(SCORE).version
    assert edited.survey()[ITEMS].need is Need.NOTHING


def test_other_values_are_refused(edited: Small) -> None:
    edited.ranks = {"sft": 16, "kto": 8}
    planned = accepting(edited, "adapters/sft")
    assert refs(planned.accepted) == ["adapters/sft[kto]"]
    told = "adapters/sft[sft]: it was made with other values of rank. Make it again: sg-assets backfill"
    assert refusal(planned, SFT) == f"{told} 'adapters/sft[sft]'."


def test_what_stands_on_a_refused_input_is_refused_too(edited: Small) -> None:
    edited.ranks = {"sft": 16, "kto": 8}
    told = refusal(accepting(edited, "adapters/sft", "scores/s"), Ref.parse("scores/s[sft]"))
    assert "what it is made from is not accepted: adapters/sft[sft]" in told


def test_other_contents_of_inputs_are_refused(edited: Small) -> None:
    edited.comments = 4
    edited.build("raw/comments", "templated/prompts")
    planned = accepting(edited, "adapters/sft[sft]")
    assert "it read other content than there is now of templated/prompts" in refusal(planned, SFT)


def test_a_damaged_version_is_refused(edited: Small) -> None:
    edited.store.path(edited.store.required_head(SFT)).write_bytes(b"torn")
    assert "is damaged: the file's bytes differ" in refusal(accepting(edited, "adapters/sft[sft]"), SFT)


def test_a_damaged_version_holds_back_what_the_same_work_made(edited: Small) -> None:
    edited.store.path(edited.store.required_head(ITEMS)).write_bytes(b"torn")
    planned = accepting(edited, "scores/s[base]")
    assert planned.accepted == ()
    assert "the same work makes scores/s_items[base], which is refused" in refusal(planned, SCORE)


def test_a_version_without_its_content_is_refused(edited: Small) -> None:
    edited.store.path(edited.store.required_head(SFT)).unlink()
    assert "the content of" in refusal(accepting(edited, "adapters/sft"), SFT)


def test_a_version_in_quarantine_is_refused(tmp_path: Path) -> None:
    found = small(tmp_path)
    found.build("raw/comments")
    found.most = 2
    with pytest.raises(QuarantinedError) as caught:
        found.build("templated/prompts")
    found.sql = "SELECT 2"
    planned = accepting(found, "templated/prompts")
    assert f"its only version {caught.value.candidate.version} is in quarantine" in refusal(planned, TABLE)


def test_what_today_s_code_made_and_failed_its_audit_speaks_against_the_version_before(built: Small) -> None:
    built.sql, built.most = "SELECT 2", 2
    with pytest.raises(QuarantinedError) as caught:
        built.build("templated/prompts")
    told = refusal(accepting(built, "templated/prompts"), TABLE)
    assert f"{caught.value.candidate.version}, made by today's code, failed its audit" in told


def test_what_was_never_made_is_told_and_not_refused(tmp_path: Path) -> None:
    found = small(tmp_path)
    found.build("raw/comments")
    planned = accepting(found, "raw/*", "templated/*")
    assert (refs(planned.current), refs(planned.missing), planned.refused) == (
        ["raw/comments"], ["templated/prompts"], (),
    )  # fmt: skip
    assert "No version yet: templated/prompts" in list(shown(planned))


def test_undoing_takes_the_last_acceptance_back(edited: Small) -> None:
    accept(edited, "all")
    marks = undoable(edited.store, [SFT])
    undo(edited.store, marks, "a mistake")
    assert edited.survey()[SFT].state is State.OUTDATED
    assert undoable(edited.store, [SFT]) == {}
    assert [named.mark.why for named in edited.store.marks_of(SFT)] == ["renamed", "a mistake"]


def test_a_version_accepted_twice_shows_the_chain_and_undoing_goes_back_one_link(edited: Small) -> None:
    accept(edited, "adapters/sft")
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    planned = accept(edited, "adapters/sft")
    lines = [line for line in shown(planned) if "was accepted before" in line or "as made by" in line]
    assert len(lines) == 4
    undo(edited.store, undoable(edited.store, [SFT]), "too far")
    assert edited.survey()[SFT].state is State.OUTDATED
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "2")}
    assert edited.survey()[SFT].state is State.CURRENT


def test_code_that_only_reads_otherwise_is_accepted_as_recorded_in_another_form(edited: Small) -> None:
    edited.modules = {"adapters/sft": f"# trains\n{ADAPTER}", "scores/s": SCORES}
    assert normal_form(f"# trains\n{ADAPTER}") == normal_form(ADAPTER)
    [cause] = accepting(edited, "adapters/sft").causes
    assert "recorded in another form" in cause.note
    accept(edited, "adapters/sft")
    assert states(edited) == {State.CURRENT}


def test_an_act_that_was_killed_is_completed_by_repeating_it(edited: Small) -> None:
    planned = accepting(edited, "all")
    first = Acceptances(planned.accepted[:3], (), (), ())
    record(edited.store, first, "renamed")
    again = accept(edited, "all")
    assert len(again.accepted) == len(planned.accepted) - 3
    assert states(edited) == {State.CURRENT}


def test_the_cheapest_partition_stands_for_each_change(edited: Small) -> None:
    planned = accepting(edited, "all")
    found = cheapest(planned, lambda _: True)
    assert {acceptance.ref.schema for acceptance in found} == {"adapters", "scores"}
    seconds = {
        schema: min(one.version.seconds for one in planned.accepted if one.ref.schema == schema)
        for schema in ("adapters", "scores")
    }
    assert {one.ref.schema: one.version.seconds for one in found} == seconds
    assert cheapest(planned, lambda acceptance: acceptance.ref.schema == "adapters")[0].ref.schema == "adapters"


@pytest.mark.parametrize(
    ("name", "told"),
    [("score/*", "Did you mean 'scores/*'"), ("scores/t", "Did you mean"), ("scores/s[x]", "there is no")],
)
def test_a_name_that_stands_for_nothing_says_the_nearest(built: Small, name: str, told: str) -> None:
    with pytest.raises(SgAssetsError, match=told.replace("*", r"\*").replace("[", r"\[")):
        named_refs(built.graph, built.variants, [name])


def test_naming_nothing_accepts_nothing(built: Small) -> None:
    with pytest.raises(SgAssetsError, match="nothing is named"):
        named_refs(built.graph, built.variants, [])


def test_all_names_every_partition(built: Small) -> None:
    assert named_refs(built.graph, built.variants, ["all"]) == list(built.graph.refs)


@pytest.mark.parametrize("why", ["", " \n"])
def test_an_act_without_a_reason_is_refused(why: str) -> None:
    with pytest.raises(SgAssetsError, match="no reason is given"):
        required_reason(why)


def test_sources_can_be_accepted_too(built: Small) -> None:
    built.modules = {"raw/comments": "def read(): return 2\n"}
    accept(built, "raw/comments")
    assert built.survey()[COMMENTS].need is Need.NOTHING
