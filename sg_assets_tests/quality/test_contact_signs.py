"""The check of personal data sees with other eyes than the mask."""

import ast
import inspect
import random
import unicodedata

import pytest

from sg_assets.ingest.pii import mask
from sg_assets.quality import contact_signs
from sg_assets.quality.contact_signs import has_signs
from sg_assets_tests.ingest.contact_forms import FORMS, HARMLESS

RECALL, PRECISION = 0.94, 1.0
"""Bounds of the shares of forms that are seen, and of harmless texts that are not (``docs/quality.md``)."""
PIECES = [
    "bus", "at", "3", "8", "9", "91", "65", "880", "9123", "4567", "6123", "91234567", "31122024", "S1234567D", "S",
    "1234567", "D", "u/", "boy", "@", "mail.com", "gmail", "com", "dot", "t.me/", "reddit.com/user/", "x.com",
    "order", "#", "$", "+", "(", ")", "00", "-", ".", "/", "2024", "12", "30", "the", "lah", ",", ":", "it's",
    "class", "T", "50", "7pm", "@7pm", "100", "000", "3000", "4000", "8.30", "am", "https://", "www.",
    "facebook.com/", "'", "*", "&", "&#64;", "@boy", "ahboy", "tan_ah_kow",
]  # fmt: skip
SEPARATORS = [" ", " ", "", "-", ".", "/", "\n", " - ", "\u00a0", "\u2011", "\u200d", ", "]


def test_the_check_shares_nothing_with_the_mask() -> None:
    tree = ast.parse(inspect.getsource(contact_signs))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert [module for module in modules if module.startswith("sg_assets")] == []


def test_nearly_all_forms_are_seen_without_a_mask() -> None:
    forms = [form for kind in FORMS.values() for form in kind]
    unseen = [form for form in forms if not has_signs(f"eh {form} ok")]
    assert 1 - len(unseen) / len(forms) >= RECALL, unseen


def test_harmless_texts_have_no_signs() -> None:
    assert [text for text in HARMLESS if has_signs(text)] == []


@pytest.mark.parametrize("kind", FORMS)
def test_masked_texts_have_no_signs(kind: str) -> None:
    masked = [mask(f"eh {form} ok") for form in FORMS[kind]]
    assert [text for text in masked if kind in text and has_signs(text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_hardly_any_masked_text_has_signs_whatever_it_is_made_of(seed: int) -> None:
    chance = random.Random(seed)
    texts = [
        "".join(chance.choice(PIECES) + chance.choice(SEPARATORS) for _ in range(chance.randint(2, 9)))
        for _ in range(5_000)
    ]
    seen = [text for text in texts if has_signs(mask(unicodedata.normalize("NFC", text)))]
    assert len(seen) <= 5, seen
