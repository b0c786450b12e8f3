"""Inputs of two versions are paired where it is known which replaced which."""

from sg_assets.lineage.input_pairs import pair_inputs
from sg_assets.store.manifests import PinnedInput


def pin(asset: str, partition: str | None = None) -> PinnedInput:
    return PinnedInput(asset=asset, partition=partition, version="v", fingerprint="f")


def test_inputs_of_one_partition_are_paired_first() -> None:
    base, other = pin("models/chat", "base"), pin("models/chat", "other")
    pairs = pair_inputs([base, other], [other, base])
    assert set(pairs.pairs) == {(base, base), (other, other)}


def test_a_swapped_partition_is_paired_by_its_asset() -> None:
    old, new = pin("models/chat", "base"), pin("models/chat", "other")
    assert pair_inputs([old], [new]).pairs == ((old, new),)


def test_adapters_of_different_methods_are_paired() -> None:
    old, new = pin("adapters/sft", "a"), pin("adapters/kto", "b")
    assert pair_inputs([old], [new]).pairs == ((old, new),)


def test_among_several_candidates_none_is_paired() -> None:
    old = pin("judges/toxicity", "a")
    new = [pin("judges/toxicity", "b"), pin("judges/toxicity", "c")]
    pairs = pair_inputs([old], new)
    assert (pairs.pairs, pairs.removed, pairs.added) == ((), (old,), tuple(new))
