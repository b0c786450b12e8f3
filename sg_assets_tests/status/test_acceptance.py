"""What can be accepted as made by today's code and libraries, what is refused, and what counts afterwards."""

from pathlib import Path

import pytest

from sg_assets.code.module_forms import normal_form
from sg_assets.lineage.causes import Kind
from sg_assets.status.acceptance import Acceptances, cheapest
from sg_assets.status.partition_status import Need, State
from sg_assets.status.render.acceptance_lines import acceptance_lines
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets_tests.status.accepting import ADAPTER, ITEMS, SCORE, SCORES, SFT, accept, accepting, refs, states
from sg_assets_tests.status.small import COMMENTS, TABLE, SmallGraph, small_graph

pytestmark = pytest.mark.slow


def refusal(planned: Acceptances, ref: Ref) -> str:
    [message] = [str(refused) for refused in planned.refused if refused.ref == ref]
    return message


def test_what_is_accepted_is_current_and_what_reads_it_too(edited: SmallGraph) -> None:
    assert states(edited) == {State.CURRENT, State.OUTDATED}
    planned = accept(edited, "all")
    assert (planned.refused, planned.missing) == ((), ())
    survey = edited.survey()
    assert {standing.state for standing in survey.values()} == {State.CURRENT}
    assert {standing.need for standing in survey.values()} == {Need.NOTHING}


def test_upstream_comes_first_and_what_is_current_is_counted(edited: SmallGraph) -> None:
    planned = accepting(edited, "scores/*", "adapters/sft", "templated/prompts")
    assert refs(planned.accepted)[:2] == ["adapters/sft[sft]", "adapters/sft[kto]"]
    assert refs(planned.current) == ["templated/prompts"]
    assert len(planned.accepted) == 8


def test_every_change_is_shown_once_with_its_diff_and_what_it_serves(edited: SmallGraph) -> None:
    planned = accepting(edited, "all")
    assert [(cause.kind, cause.name, len(cause.places)) for cause in planned.causes] == [
        (Kind.CODE, "sg_assets.adapters", 2), (Kind.CODE, "sg_assets.scores", 6),
    ]  # fmt: skip
    lines = "\n".join(acceptance_lines(planned))
    assert lines.count("+def train(): return 2") == 1
    assert "affects adapters/sft[sft, kto]" in lines
    assert "8 to accept, 3 current already" in lines


def test_planning_records_nothing(edited: SmallGraph) -> None:
    before = edited.survey()
    accepting(edited, "all")
    assert edited.store.marks.all() == {}
    assert edited.survey() == before


def test_an_acceptance_holds_for_the_code_it_was_given_for_and_no_other(edited: SmallGraph) -> None:
    accept(edited, "all")
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    assert edited.survey()[SFT].state is State.OUTDATED
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "2")}
    assert edited.survey()[SFT].state is State.CURRENT


def test_nothing_is_made_of_what_is_accepted(edited: SmallGraph) -> None:
    accept(edited, "all")
    before = edited.store.required_head(SCORE)
    assert edited.make(SCORE) == before


def test_a_standing_tells_who_accepted_what_and_why(edited: SmallGraph) -> None:
    accept(edited, "all")
    survey = edited.survey()
    accepted = survey[SFT].accepted
    assert accepted is not None
    assert accepted.mark.why == "renamed"
    assert survey[TABLE].accepted is None


def test_below_a_changed_source_accepted_code_is_no_cause(edited: SmallGraph) -> None:
    accept(edited, "all")
    edited.comments = 4
    standing = edited.survey()[SFT]
    assert (standing.state, standing.need) == (State.OUTDATED, Need.FOLLOW)
    assert {cause.kind for cause in standing.causes} == {Kind.PARAMETER}
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    assert Kind.CODE in {cause.kind for cause in edited.survey()[SFT].causes}


def test_what_only_follows_a_source_of_the_same_content_is_confirmed_as_accepted(edited: SmallGraph) -> None:
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


def test_an_input_that_is_out_of_date_and_not_named_is_told_by_name(edited: SmallGraph) -> None:
    planned = accepting(edited, "scores/s[sft]")
    assert planned.accepted == ()
    message = refusal(planned, Ref.parse("scores/s[sft]"))
    assert "its inputs are out of date: adapters/sft[sft]" in message
    assert "Name it too ('adapters/sft[sft]')" in message


def test_what_stands_on_no_edited_input_needs_no_other_name(edited: SmallGraph) -> None:
    assert refs(accept(edited, "scores/s[base]").accepted) == ["scores/s[base]", "scores/s_items[base]"]
    assert edited.survey()[SCORE].state is State.CURRENT


def test_what_the_same_work_makes_is_accepted_with_it(edited: SmallGraph) -> None:
    accept(edited, "scores/s_items[base]")
    assert edited.make(SCORE).version == edited.store.required_head(SCORE).version
    assert edited.survey()[ITEMS].need is Need.NOTHING


def test_other_values_are_refused(edited: SmallGraph) -> None:
    edited.ranks = {"sft": 16, "kto": 8}
    planned = accepting(edited, "adapters/sft")
    assert refs(planned.accepted) == ["adapters/sft[kto]"]
    message = (
        "adapters/sft[sft]: the values of rank have changed since this was made. Make it again: sg-assets backfill"
    )
    assert refusal(planned, SFT) == f"{message} 'adapters/sft[sft]'."


def test_what_stands_on_a_refused_input_is_refused_too(edited: SmallGraph) -> None:
    edited.ranks = {"sft": 16, "kto": 8}
    message = refusal(accepting(edited, "adapters/sft", "scores/s"), Ref.parse("scores/s[sft]"))
    assert "its inputs are not accepted: adapters/sft[sft]" in message


def test_other_contents_of_inputs_are_refused(edited: SmallGraph) -> None:
    edited.comments = 4
    edited.build("raw/comments", "templated/prompts")
    planned = accepting(edited, "adapters/sft[sft]")
    assert "the content of templated/prompts has changed since this was made" in refusal(planned, SFT)


def test_a_damaged_version_is_refused(edited: SmallGraph) -> None:
    edited.store.path(edited.store.required_head(SFT)).write_bytes(b"torn")
    assert "is damaged: the file's bytes differ" in refusal(accepting(edited, "adapters/sft[sft]"), SFT)


def test_a_damaged_version_holds_back_what_the_same_work_made(edited: SmallGraph) -> None:
    edited.store.path(edited.store.required_head(ITEMS)).write_bytes(b"torn")
    planned = accepting(edited, "scores/s[base]")
    assert planned.accepted == ()
    assert "the same step makes scores/s_items[base], which is refused" in refusal(planned, SCORE)


def test_a_version_without_its_content_is_refused(edited: SmallGraph) -> None:
    edited.store.path(edited.store.required_head(SFT)).unlink()
    assert "the content of" in refusal(accepting(edited, "adapters/sft"), SFT)


def test_a_version_in_quarantine_is_refused(tmp_path: Path) -> None:
    graph = small_graph(tmp_path)
    graph.build("raw/comments")
    graph.most = 2
    with pytest.raises(QuarantinedError) as caught:
        graph.build("templated/prompts")
    graph.sql = "SELECT 2"
    planned = accepting(graph, "templated/prompts")
    assert f"its only version {caught.value.candidate.version} is in quarantine" in refusal(planned, TABLE)


def test_what_today_s_code_made_and_failed_its_audit_speaks_against_the_version_before(built: SmallGraph) -> None:
    built.sql, built.most = "SELECT 2", 2
    with pytest.raises(QuarantinedError) as caught:
        built.build("templated/prompts")
    message = refusal(accepting(built, "templated/prompts"), TABLE)
    assert f"{caught.value.candidate.version}, made by today's code, failed its audit" in message


def test_what_was_never_made_is_told_and_not_refused(tmp_path: Path) -> None:
    graph = small_graph(tmp_path)
    graph.build("raw/comments")
    planned = accepting(graph, "raw/*", "templated/*")
    assert (refs(planned.current), refs(planned.missing), planned.refused) == (
        ["raw/comments"], ["templated/prompts"], (),
    )  # fmt: skip
    assert "No version yet: templated/prompts" in list(acceptance_lines(planned))


def test_code_that_only_reads_otherwise_is_accepted_as_recorded_in_another_form(edited: SmallGraph) -> None:
    edited.modules = {"adapters/sft": f"# trains\n{ADAPTER}", "scores/s": SCORES}
    assert normal_form(f"# trains\n{ADAPTER}") == normal_form(ADAPTER)
    [cause] = accepting(edited, "adapters/sft").causes
    assert "recorded in another form" in cause.note
    accept(edited, "adapters/sft")
    assert states(edited) == {State.CURRENT}


def test_the_cheapest_partition_stands_for_each_change(edited: SmallGraph) -> None:
    planned = accepting(edited, "all")
    chosen = cheapest(planned, lambda _: True)
    assert {acceptance.ref.schema for acceptance in chosen} == {"adapters", "scores"}
    seconds = {
        schema: min(acceptance.version.seconds for acceptance in planned.accepted if acceptance.ref.schema == schema)
        for schema in ("adapters", "scores")
    }
    assert {acceptance.ref.schema: acceptance.version.seconds for acceptance in chosen} == seconds
    assert cheapest(planned, lambda acceptance: acceptance.ref.schema == "adapters")[0].ref.schema == "adapters"


def test_sources_can_be_accepted_too(built: SmallGraph) -> None:
    built.modules = {"raw/comments": "def read(): return 2\n"}
    accept(built, "raw/comments")
    assert built.survey()[COMMENTS].need is Need.NOTHING
