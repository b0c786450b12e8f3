"""What a generation config changes in greedy decoding."""

import json
from pathlib import Path
from typing import Any

import pytest

from sg_assets.chat.decoding import end_tokens, generation_config, greedy_changes, read_generation_config
from sg_assets.errors import SgAssetsError


def test_sampling_lengths_and_caches_change_nothing() -> None:
    harmless = {"do_sample": True, "temperature": 0.6, "top_p": 0.9, "top_k": 20, "max_length": 20, "use_cache": True}
    neutral = {"repetition_penalty": 1.0, "num_beams": 1, "min_length": 0, "forced_eos_token_id": None}
    assert greedy_changes({**harmless, **neutral, "eos_token_id": 2}, "m") == {}


def test_what_changes_greedy_decoding_is_named() -> None:
    changed = {"repetition_penalty": 1.05, "no_repeat_ngram_size": 3, "suppress_tokens": [7]}
    assert greedy_changes({**changed, "temperature": 0.7}, "m") == changed


@pytest.mark.parametrize(
    "config", [{"num_beams": 4}, {"min_length": 10}, {"penalty_alpha": 0.6}, {"forced_eos_token_id": 2}], ids=str
)
def test_what_cannot_be_applied_answer_by_answer_is_refused_with_the_way_out(config: dict[str, Any]) -> None:
    with pytest.raises(SgAssetsError) as caught:
        greedy_changes(config, "sg/tiny@main")
    assert f"{next(iter(config))}: " in str(caught.value)
    assert "generation_config: plain" in str(caught.value)


@pytest.mark.parametrize(("ends", "ids"), [(2, {2}), ([2, 5], {2, 5}), (None, set()), (0, {0})])
def test_ends_are_one_or_several(ends: object, ids: set[int]) -> None:
    assert end_tokens({"eos_token_id": ends}) == ids


def test_without_a_generation_config_the_config_says_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"eos_token_id": 3}))
    assert read_generation_config(tmp_path) == {"eos_token_id": 3}
    (tmp_path / "generation_config.json").write_text(json.dumps({"eos_token_id": 4}))
    assert read_generation_config(tmp_path) == {"eos_token_id": 4}


@pytest.mark.parametrize("content", ["[1]", "{", "\udcff"])
def test_a_file_that_is_no_object_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_bytes(content.encode("utf-8", errors="surrogateescape"))
    with pytest.raises(SgAssetsError, match=r"config\.json"):
        read_generation_config(tmp_path)


@pytest.mark.slow
def test_decoding_is_greedy_with_the_stops_and_changes() -> None:
    config = generation_config({"repetition_penalty": 1.1}, (2, 5), 0, 12)
    assert (config.do_sample, config.num_beams, config.eos_token_id, config.pad_token_id) == (False, 1, [2, 5], 0)
    assert (config.repetition_penalty, config.max_new_tokens) == (1.1, 12)
