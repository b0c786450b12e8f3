"""A comparison in the terminal."""

from dataclasses import replace

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.why import Why
from sg_assets_tests.lineage.render.views import Golden, terminal


def test_the_terminal_s_text(shown: Why, golden: Golden) -> None:
    golden("why.txt", terminal(shown))


def test_the_terminal_shows_the_start_of_a_long_diff(shown: Why) -> None:
    long = Cause(Kind.CODE, ("a/b",), "module", "1", "2", diff="\n".join(f"+line {number}" for number in range(50)))
    changed = tuple(replace(changed, causes=(long,)) for changed in shown.explanation.changed)
    text = terminal(replace(shown, explanation=replace(shown.explanation, changed=changed)))
    assert "+line 19" in text
    assert "+line 20" not in text
    assert "... 30 more lines" in text
