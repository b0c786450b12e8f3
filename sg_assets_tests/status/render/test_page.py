"""The page, and the same in Markdown."""

from sg_assets.status.render.markdown import markdown
from sg_assets.status.render.page import page
from sg_assets_tests.status.render.views import edited
from sg_assets_tests.status.small import SmallGraph


def test_markdown_and_page_tell_the_same_states(built: SmallGraph) -> None:
    shown, plan = edited(built)
    text, html = markdown(shown, plan), page(shown, plan, "Status <here>")
    assert "**3** missing, **4** out of date, **7** current" in text
    for name in ("adapters/sft[new]", "training parameter rank 8 -&gt; 16"):
        assert name in html
    assert "Status &lt;here&gt;" in html
    assert "<script" not in html
