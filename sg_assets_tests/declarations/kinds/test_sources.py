"""Sources: declared rows put back, and columns that a profile asks for."""

import pytest

from sg_assets.declarations.kinds.kind import ColumnInputs
from sg_assets.declarations.kinds.restoring import RecordedStep, with_profile
from sg_assets.declarations.kinds.sources import (
    FEW_SHOT_TABLE,
    LEXICON_TABLE,
    REJECTED_TABLE,
    TEMPLATE_TABLE,
    TOXIGEN_PROMPT_TABLE,
)
from sg_assets.declarations.loading import Declarations
from sg_assets.store.refs import Ref


def rows(asset: str, **row: object) -> RecordedStep:
    return RecordedStep(Ref.parse(asset), {"rows": [row]}, {})


def test_templates_are_restored_from_their_recorded_rows(declared: Declarations) -> None:
    recorded = rows("templated/templates", template_id="t", template="Say: {text}", safe_ok=True)
    [template] = TEMPLATE_TABLE.restored(declared, recorded).templates
    assert (template.id, template.text, template.safe_ok) == ("t", "Say: {text}", True)


def test_few_shots_and_lexicon_are_restored_from_their_recorded_rows(declared: Declarations) -> None:
    few_shot = rows("synthesized/few_shots", example_id="e", text="x", answer="y")
    assert [shot.id for shot in FEW_SHOT_TABLE.restored(declared, few_shot).few_shots] == ["e"]
    term = rows("synthesized/lexicon", term="a", meaning="b")
    assert [entry.term for entry in LEXICON_TABLE.restored(declared, term).lexicon] == ["a"]


def test_the_sample_of_toxigen_is_restored_with_its_seed(declared: Declarations) -> None:
    recorded = RecordedStep(Ref.parse("raw/toxigen_prompts"), {"seed": 8, "per_file": 2}, {})
    profile = TOXIGEN_PROMPT_TABLE.restored(declared, recorded).profile
    assert (profile.seed, profile.samples.toxigen_per_file) == (8, 2)


@pytest.mark.parametrize("texts", [False, True])
def test_rejected_texts_have_a_column_only_where_they_are_kept(declared: Declarations, texts: bool) -> None:
    asked = with_profile(declared, raw=declared.profile.raw.model_copy(update={"keep_rejected_texts": texts}))
    assert REJECTED_TABLE.columns is not None
    names = [known.name for known in REJECTED_TABLE.columns(ColumnInputs(asked, "rejected_comments"))]
    assert names == ["file", "row", "reason", *(["text"] if texts else [])]
