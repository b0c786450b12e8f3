"""The model cards of the tiny graph."""

import polars as pl
import pytest
from huggingface_hub import ModelCard

from sg_assets.reports.card_facts import ancestry
from sg_assets.store.refs import Ref
from sg_assets_tests.e2e.conftest import Finished

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def text(finished: Finished) -> str:
    head = finished.store.required_head(Ref.parse("reports/model_card[sft_kto]"))
    return (finished.store.path(head) / "README.md").read_text(encoding="utf-8")


def test_a_card_names_every_version_behind_the_variant_and_its_scores(finished: Finished, text: str) -> None:
    store = finished.store
    head = store.required_head(Ref.parse("reports/model_card[sft_kto]"))
    behind = [pin for pin in ancestry(store, [head]) if pin.version != head.version]
    assert len(behind) > 40
    for pin in behind:
        assert f"| `{pin.ref}` | `{pin.version}` | `{pin.fingerprint}` |" in text


def test_a_card_tells_the_data_of_both_trainings(finished: Finished, text: str) -> None:
    for name in ("training/kto_examples[balanced]", "training/sft_examples[balanced]"):
        assert f"| `{name}` | `{finished.store.required_head(Ref.parse(name)).version}` |" in text


def test_a_card_holds_no_item_texts_and_no_machine_path(finished: Finished, text: str) -> None:
    head = finished.store.required_head(Ref.parse("responses/sg_safety[sft_kto]"))
    rows = pl.read_parquet(finished.store.path(head), columns=["prompt", "response"])
    assert not [cell for column in rows for cell in column if cell and len(cell) > 20 and cell in text]
    assert str(finished.home) not in text


def test_the_hubs_library_reads_the_scores_of_every_benchmark(text: str) -> None:
    read = ModelCard(text).data
    assert {result.dataset_type for result in read.eval_results} == {
        "sg_safety",
        "template_stress",
        "toxigen",
        "divergence",
    }
    assert (read.license, read.library_name, read.model_name) == ("apache-2.0", "peft", "sft_kto")
