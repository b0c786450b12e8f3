from pathlib import Path

import pytest

from sg_assets.reports.render.markdown import answers, table
from sg_assets.reports.results import VariantNote, results
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, change, sample, scores

GOLDEN = Path(__file__).parent / "goldens" / "markdown.md"


def described(description: str) -> str:
    """The line of a variant with this description."""
    return table(results(scores(), (VariantNote("base", description, "none"), *VARIANTS[1:]), COLUMNS)).splitlines()[2]


def test_table_is_as_recorded() -> None:
    assert table(sample()) == GOLDEN.read_text(encoding="utf-8")


def test_missing_scores_are_said_to_be_missing() -> None:
    assert table(sample()).count("not scored") == 4


def test_a_table_without_scores_has_no_caption() -> None:
    assert table(results(scores().clear(), VARIANTS, COLUMNS)).splitlines()[-1].startswith("| **sft\\_dpo**")


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a | b", r"a \| b"),
        ("two\nlines", "two lines"),
        ("<script>x</script>", r"&lt;script\>x&lt;/script\>"),
        ("![x](y)", r"\!\[x\](y)"),
        ("**bold** `code`", r"\*\*bold\*\* \`code\`"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_a_description_shows_as_it_is_written(hostile: str, shown: str) -> None:
    assert described(hostile).startswith(f"| **base** {shown} | none | 50.5 %")


def test_questions_have_their_answers_beside_them() -> None:
    asked = answers([change(-0.407, 0.05), change(0, 0, remark="sft_r128 is not scored")]).splitlines()
    assert asked[2] == "| Does SFT lower toxicity? | yes | \u221240.7 | \u221245.7 to \u221235.7 | 500 |"
    assert asked[3] == "| Does SFT lower toxicity? | cannot tell |  | sft\\_r128 is not scored |  |"
