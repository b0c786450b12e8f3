from io import StringIO
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from sg_assets.reports.render.terminal import answers, table
from sg_assets.reports.results import Results, VariantNote, results
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, change, sample, scores

GOLDEN = Path(__file__).parent / "goldens" / "terminal.txt"
ANSWERS = Path(__file__).parent / "goldens" / "answers.txt"


def printed(shown: Results, width: int = 100) -> str:
    return written(table(shown), width)


def written(shown: Table, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width, color_system=None, legacy_windows=False, force_terminal=False)
    console.print(shown)
    assert isinstance(console.file, StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


def test_table_is_as_recorded() -> None:
    assert printed(sample()) == GOLDEN.read_text(encoding="utf-8")


def test_a_long_variant_name_is_folded_never_cut() -> None:
    name = "a_variant_with_quite_a_long_name_of_its_own"
    shown = printed(results(scores(), (*VARIANTS, VariantNote(name, "x", "sft")), COLUMNS), width=80)
    assert name[:12] in shown
    assert "…" not in shown


def test_a_usual_variant_name_stays_on_one_line() -> None:
    shown = printed(results(scores(), (*VARIANTS, VariantNote("sft_dpo_paired_safe", "x", "dpo")), COLUMNS), width=80)
    assert "sft_dpo_paired_safe" in shown
    assert {line[-1] for line in shown.splitlines()[:6]} <= set("┓┃┩│")


def test_missing_scores_are_said_to_be_missing() -> None:
    assert printed(sample()).count("not scored") == 4


def test_brackets_in_a_description_are_shown_not_obeyed() -> None:
    odd = (VariantNote("base", "[red]plain[/red]", "none"), *VARIANTS[1:])
    assert "[red]plain[/red]" in printed(results(scores(), odd, COLUMNS), width=140)


def test_a_number_that_does_not_compare_is_marked_and_says_why() -> None:
    is_base = pl.col("variant") == "base"
    marked = scores().with_columns(remark=pl.when(is_base).then(pl.lit("other judge")).otherwise(pl.lit("")))
    shown = printed(results(marked, VARIANTS, COLUMNS))
    assert "50.5 %\u2020" in shown
    assert "\u2020 base: other judge" in shown


def test_questions_and_answers_are_as_recorded() -> None:
    asked = [change(-0.407, 0.05), change(0.01, 0.03), change(0.1, 0.02), change(0, 0, remark="sft_r128 is not scored")]
    assert written(answers(asked)) == ANSWERS.read_text(encoding="utf-8")
