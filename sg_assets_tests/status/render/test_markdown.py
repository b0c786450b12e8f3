"""A status in Markdown."""

from sg_assets.status.render.markdown import markdown
from sg_assets.status.summary import summary
from sg_assets_tests.status.planning import planned
from sg_assets_tests.status.render.views import edited
from sg_assets_tests.status.small import SmallGraph


def test_counts_causes_partitions_and_plan_are_parts_of_the_page(built: SmallGraph) -> None:
    text = markdown(*edited(built))
    assert text.startswith("**")
    assert "- behind " in text
    assert "| partition | state | needs | because |\n|---|---|---|---|\n" in text
    assert " runs: " in text
    assert "No longer declared: scores/s[gone]." in text


def test_what_is_current_needs_no_table(built: SmallGraph) -> None:
    text = markdown(summary(built.survey().values(), []), planned(built))
    assert text.splitlines()[-1] == "Everything is up to date."
    assert "| partition |" not in text


def test_no_value_ends_a_cell_or_begins_markup(built: SmallGraph) -> None:
    built.sql = "SELECT '<b>|' AS x"
    text = markdown(summary(built.survey().values(), []), planned(built))
    assert "<b>" not in text
