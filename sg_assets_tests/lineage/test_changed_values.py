"""The kind of a parameter follows from its asset and its name."""

import pytest

from sg_assets.lineage.causes import Kind
from sg_assets.lineage.changed_values import cause_kind


@pytest.mark.parametrize(
    ("asset", "name", "kind"),
    [
        ("models/chat", "revision", Kind.BASE_MODEL),
        ("models/chat", "seed", Kind.SEED),
        ("models/chat", "steps", Kind.TRAINING),
        ("models/generator", "model", Kind.GENERATOR),
        ("judges/toxicity", "judge", Kind.JUDGE),
        ("judgements/sg_safety", "judges.is_toxic", Kind.JUDGE),
        ("judgements/sg_safety", "thresholds.is_toxic", Kind.THRESHOLD),
        ("training/kto_examples", "rejection_threshold", Kind.THRESHOLD),
        ("raw/sg_toxicity_prompts", "safe_at_most", Kind.THRESHOLD),
        ("responses/toxigen", "max_new_tokens", Kind.SAMPLING),
        ("synthesized/base_responses", "dtype", Kind.SAMPLING),
        ("synthesized/safe_responses", "instruction", Kind.PROMPT),
        ("synthesized/lexicon", "rows", Kind.PROMPT),
        ("adapters/kto", "beta", Kind.TRAINING),
        ("templated/prompts", "texts_per_label", Kind.PARAMETER),
    ],
)
def test_kinds(asset: str, name: str, kind: Kind) -> None:
    assert cause_kind(asset, name) is kind
