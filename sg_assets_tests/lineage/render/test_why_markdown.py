"""A comparison as Markdown."""

from sg_assets.lineage.render import why_markdown as markdown
from sg_assets.lineage.why import Why
from sg_assets_tests.lineage.render.views import Golden


def test_the_markdown(shown: Why, golden: Golden) -> None:
    golden("why.md", markdown.document(shown))


def test_a_few_lines_for_the_dagster_ui(shown: Why, golden: Golden) -> None:
    golden("summary.md", markdown.summary(shown))


def test_the_command_names_another_partition(shown: Why) -> None:
    pin = shown.explanation.after
    base = pin.model_copy(update={"partition": "base"})
    assert markdown.command(base, pin) == (
        "sg-assets why 'scores/sg_safety[sft_r128]' --against 'scores/sg_safety[base]' --from V2 --to V2"
    )
