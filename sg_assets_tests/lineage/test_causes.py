"""Causes are merged over the asset partitions they enter at."""

from sg_assets.lineage.causes import Cause, Kind, merged


def test_a_cause_of_several_partitions_comes_once() -> None:
    torch = [Cause(Kind.LIBRARY, (name,), "torch", "1", "2") for name in ("a/b", "a/c", "a/b")]
    [cause] = merged(torch)
    assert cause.places == ("a/b", "a/c")


def test_causes_with_different_values_stay_apart() -> None:
    values = [Cause(Kind.LIBRARY, (name,), "torch", "1", new) for name, new in (("a/b", "2"), ("a/c", "3"))]
    assert merged(values) == tuple(values)


def test_causes_come_by_kind() -> None:
    seed, rows = Cause(Kind.SEED, ("a/b",), "seed"), Cause(Kind.ROWS, ("a/c",), "file")
    assert merged([seed, rows]) == (rows, seed)
