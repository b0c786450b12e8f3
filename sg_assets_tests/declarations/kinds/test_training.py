"""Adapters: the variant as recorded, and the files that declare them."""

from dataclasses import replace

import pytest

from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.kinds.training import ADAPTER, IMPORTED_ADAPTER, TRAINING_TABLE
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.declarations.records.variant import Variant
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref

RECORDED = {"declared_rank": 4, "seed": 11, "rank_scale": 0.5, "epochs": 3}


def test_a_variant_is_restored_with_its_recorded_rank_seed_and_options(declared: Declarations) -> None:
    restored = ADAPTER.restored(declared, RecordedStep(Ref.parse("adapters/sft[sft_r128]"), RECORDED, {}))
    variant = restored.variants["sft_r128"]
    assert (variant.rank, variant.seed, variant.training.epochs, restored.profile.rank_scale) == (4, 11, 3, 0.5)


def test_an_option_that_was_not_recorded_is_not_declared(declared: Declarations) -> None:
    restored = ADAPTER.restored(declared, RecordedStep(Ref.parse("adapters/sft[sft_r128]"), RECORDED, {}))
    assert restored.variants["sft_r128"].training.learning_rate is None


def test_a_version_without_a_loss_had_the_method_s_own(declared: Declarations) -> None:
    restored = ADAPTER.restored(declared, RecordedStep(Ref.parse("adapters/dpo[sft_dpo]"), RECORDED, {}))
    assert restored.variants["sft_dpo"].training.loss == {"sigmoid": 1.0}


def test_a_recorded_loss_is_restored(declared: Declarations) -> None:
    recorded = {**RECORDED, "loss": {"ipo": 1.0, "sft": 0.5}}
    restored = ADAPTER.restored(declared, RecordedStep(Ref.parse("adapters/dpo[sft_dpo]"), recorded, {}))
    assert restored.variants["sft_dpo"].training.loss == {"ipo": 1.0, "sft": 0.5}


def test_a_variant_that_is_gone_cannot_be_restored(declared: Declarations) -> None:
    with pytest.raises(SgAssetsError, match="the variant 'gone' is not declared any more"):
        ADAPTER.restored(declared, RecordedStep(Ref.parse("adapters/sft[gone]"), RECORDED, {}))


def test_adapters_of_a_method_are_declared_by_its_variants(declared: Declarations) -> None:
    assert list(ADAPTER.declared_in(declared, "adapters/dpo")) == ["models/variants/sft_dpo.yaml"]


def imported(declared: Declarations, **source: str) -> Declarations:
    """The declarations with a variant whose adapter was trained elsewhere."""
    theirs = Variant(name="theirs", description="x", method="imported", parent="base", adapter=AdapterSource(**source))
    return replace(declared, variants={**declared.variants, "theirs": theirs})


THEIRS = Ref.parse("adapters/imported[theirs]")


def test_an_imported_adapter_is_restored_at_its_recorded_revision(declared: Declarations) -> None:
    now = imported(declared, repo="o/a", revision="v2")
    then = {"adapter": {"repo": "o/a", "revision": "v1", "trained_on": None}, "files": []}
    restored = IMPORTED_ADAPTER.restored(now, RecordedStep(THEIRS, then, {}))
    assert restored.variants["theirs"].adapter == AdapterSource(repo="o/a", revision="v1")


def test_an_adapter_of_a_folder_is_restored_from_where_the_folder_is_now(declared: Declarations) -> None:
    now = imported(declared, path="/b")
    then = {"adapter": {"trained_on": None}, "files": []}
    restored = IMPORTED_ADAPTER.restored(now, RecordedStep(THEIRS, then, {}))
    assert restored.variants["theirs"].adapter == AdapterSource(path="/b")


def test_an_adapter_that_came_from_elsewhere_cannot_be_restored(declared: Declarations) -> None:
    then = {"adapter": {"repo": "o/a", "revision": "v1", "trained_on": None}, "files": []}
    with pytest.raises(SgAssetsError, match="what it was imported from is not declared any more"):
        IMPORTED_ADAPTER.restored(imported(declared, path="/b"), RecordedStep(THEIRS, then, {}))


def test_imported_adapters_are_declared_by_their_variants(declared: Declarations) -> None:
    named = IMPORTED_ADAPTER.declared_in(imported(declared, path="/b"), "adapters/imported")
    assert list(named) == ["models/variants/theirs.yaml"]


@pytest.mark.parametrize("how", ["mask", "drop", None])
def test_what_was_done_to_answers_is_restored(declared: Declarations, how: str | None) -> None:
    recorded = RecordedStep(Ref.parse("training/sft_examples[balanced]"), {"personal_data": how} if how else {}, {})
    answers = TRAINING_TABLE.restored(declared, recorded).profile.answers
    assert answers.personal_data == (how or "keep")
    assert answers.at_most == 1.0
