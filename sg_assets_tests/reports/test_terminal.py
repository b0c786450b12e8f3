from io import StringIO
from pathlib import Path

from rich.console import Console

from sg_assets.reports.results import Results, VariantNote, results
from sg_assets.reports.terminal import table
from sg_assets_tests.reports.samples import VARIANTS, sample, scores

GOLDEN = Path(__file__).parent / "golden" / "terminal.txt"


def printed(shown: Results, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width, color_system=None, legacy_windows=False, force_terminal=False)
    console.print(table(shown))
    assert isinstance(console.file, StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


def test_table_is_as_recorded() -> None:
    assert printed(sample()) == GOLDEN.read_text(encoding="utf-8")


def test_a_long_variant_name_is_folded_never_cut() -> None:
    name = "a_variant_with_quite_a_long_name_of_its_own"
    shown = printed(results(scores(), (*VARIANTS, VariantNote(name, "x", "sft"))), width=80)
    assert name[:12] in shown
    assert "…" not in shown


def test_a_usual_variant_name_stays_on_one_line() -> None:
    shown = printed(results(scores(), (*VARIANTS, VariantNote("sft_dpo_paired_safe", "x", "dpo"))), width=80)
    assert "sft_dpo_paired_safe" in shown
    assert {line[-1] for line in shown.splitlines()[:6]} <= set("┓┃┩│")


def test_missing_scores_are_said_to_be_missing() -> None:
    assert printed(sample()).count("not scored") == 4


def test_brackets_in_a_description_are_shown_not_obeyed() -> None:
    odd = (VariantNote("base", "[red]plain[/red]", "none"), *VARIANTS[1:])
    assert "[red]plain[/red]" in printed(results(scores(), odd), width=140)
