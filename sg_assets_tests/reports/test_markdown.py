from pathlib import Path

import pytest

from sg_assets.reports.markdown import table
from sg_assets.reports.results import VariantNote, results
from sg_assets_tests.reports.samples import VARIANTS, sample, scores

GOLDEN = Path(__file__).parent / "golden" / "markdown.md"


def described(description: str) -> str:
    """The line of a variant with this description."""
    return table(results(scores(), (VariantNote("base", description, "none"), *VARIANTS[1:]))).splitlines()[2]


def test_table_is_as_recorded() -> None:
    assert table(sample()) == GOLDEN.read_text(encoding="utf-8")


def test_missing_scores_are_said_to_be_missing() -> None:
    assert table(sample()).count("not scored") == 4


def test_a_table_without_scores_has_no_caption() -> None:
    assert table(results(scores().clear(), VARIANTS)).splitlines()[-1].startswith("| **sft\\_dpo**")


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
