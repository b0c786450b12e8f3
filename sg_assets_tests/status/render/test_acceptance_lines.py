"""Acceptances as lines of text."""

from sg_assets.status.render.acceptance_lines import acceptance_lines, undo_lines
from sg_assets_tests.status.accepting import ADAPTER, SFT, accept, accepting
from sg_assets_tests.status.small import SmallGraph


def test_what_is_left_out_is_counted(edited: SmallGraph) -> None:
    edited.ranks = {"sft": 16, "kto": 8}
    lines = list(acceptance_lines(accepting(edited, "adapters/sft")))
    assert "1 to accept, 0 current already, 1 refused" in lines
    assert lines[-1].startswith("Refused: adapters/sft[sft]: the values of rank have changed")


def test_a_long_diff_is_cut_and_says_by_how_much(edited: SmallGraph) -> None:
    edited.modules = {**edited.modules, "adapters/sft": "".join(f"def f{n}(): return {n}\n" for n in range(100))}
    shown = [line for line in acceptance_lines(accepting(edited, "adapters/sft")) if line.startswith("    ")]
    assert len(shown) == 41
    assert shown[-1].endswith(" more lines")


def test_what_would_be_undone_names_version_reason_and_who(edited: SmallGraph) -> None:
    accept(edited, "adapters/sft")
    [named] = edited.store.acceptances(edited.store.required_head(SFT))
    [line] = undo_lines({SFT: named})
    assert line.startswith(f"adapters/sft[sft] {named.mark.version}: ")
    assert "renamed" in line


def test_an_earlier_acceptance_is_shown_before_the_new(edited: SmallGraph) -> None:
    accept(edited, "adapters/sft[sft]")
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    lines = "\n".join(acceptance_lines(accepting(edited, "adapters/sft[sft]")))
    assert f"{SFT} {edited.store.required_head(SFT).version} was accepted before; it was made by" in lines
