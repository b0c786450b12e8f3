"""What the manifests of models, judges and answers tell about how they came to be."""

import polars as pl
import pytest

from sg_assets.embedding.embedder import DIMENSIONS, Embedder
from sg_assets.store.refs import Ref
from sg_assets_tests.e2e.conftest import Finished

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("variant", "merged"), [("base", False), ("sft_kto", True)])
def test_answers_tell_whether_the_adapter_was_merged_and_how_they_were_decoded(
    finished: Finished, variant: str, merged: bool
) -> None:
    details = finished.store.required_head(Ref.of("responses/sg_safety", variant)).details
    engine = details["engine"]
    assert (engine["engine"], engine["merged"], engine["dtype"]) == ("transformers", merged, "float32")
    (session,) = details["sessions"]
    assert (session["batch_size"], session["device"], session["answers"]) == (64, "cpu", details["prompts_distinct"])


def test_answers_name_the_run_that_made_them(finished: Finished) -> None:
    manifest = finished.store.required_head(Ref.parse("responses/sg_safety[sft_kto]"))
    assert [session["run_id"] for session in manifest.details["sessions"]] == [manifest.run_id]


@pytest.mark.parametrize("judge", ["toxicity", "rejection", "toxigen"])
def test_a_judge_tells_how_it_does_on_what_it_never_met(finished: Finished, judge: str) -> None:
    unseen = finished.store.required_head(Ref.parse(f"judges/{judge}")).details["on_unseen_wordings"]
    assert unseen["auc"] >= 0.95
    assert unseen["accuracy"]["broken_refusal"] >= 0.95


def test_the_embedder_reads_back_and_tells_its_quality(finished: Finished) -> None:
    manifest = finished.store.required_head(Ref.parse("models/embedder"))
    answers = finished.store.required_head(Ref.parse("responses/sg_safety[base]"))
    texts = pl.read_parquet(finished.store.path(answers))["response"].to_list()
    assert Embedder.load(finished.store.path(manifest)).embed(texts).shape == (len(texts), DIMENSIONS)
    assert manifest.details["on_unseen_wordings"]["auc"] > 0.85
