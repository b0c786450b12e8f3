"""The sentences inside TOXIGEN's prompts."""

import polars as pl

from sg_assets.ingest.toxigen_sentences import sentences


def test_each_sentence_of_a_label_and_group_is_taken_once() -> None:
    prompts = pl.DataFrame(
        {
            "group": ["asian", "asian", "women"],
            "label": ["hate", "hate", "neutral"],
            "prompt": ["- a b\n- c\n-", "- c\n- a b\n- d - e\n-", "- a b\n-"],
        }
    )
    taken = sentences(prompts).select("group", "label", "text").rows()
    assert sorted(taken) == [
        ("asian", True, "a b"), ("asian", True, "c"), ("asian", True, "d - e"), ("women", False, "a b"),
    ]  # fmt: skip


def test_the_id_names_label_group_and_text() -> None:
    prompts = pl.DataFrame({"group": ["asian"], "label": ["hate"], "prompt": ["- a\n-"]})
    assert sentences(prompts)["sentence_id"].to_list() == ["hate_asian_ca978112ca1b"]
