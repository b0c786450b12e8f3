"""Who is sampled depends on each member's own key: little moves when others come or go."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.store.sampling import lowest

GROUPS = st.dictionaries(st.integers(0, 60).map(str), st.sampled_from("xyz"), max_size=40)


def sampled(members: dict[str, str], count: int, *, seed: int = 7, purpose: str = "texts") -> dict[str, set[str]]:
    """Keys taken, by group."""
    frame = pl.DataFrame(list(members.items()), schema={"key": pl.String, "group": pl.String}, orient="row")
    taken = lowest(frame, count, purpose=purpose, seed=seed, key="key", within=("group",))
    return {group: {key for key, of in taken.rows() if of == group} for group in "xyz"}


@settings(max_examples=15)
@given(GROUPS, st.sets(st.integers(0, 60).map(str), max_size=8), st.integers(1, 10))
def test_m_members_that_come_or_go_move_at_most_m_per_group(
    members: dict[str, str], moved: set[str], count: int
) -> None:
    left = {key: group for key, group in members.items() if key not in moved}
    before, after = sampled(members, count), sampled(left, count)
    for group in "xyz":
        came_or_went = sum(1 for key, of in members.items() if key in moved and of == group)
        assert len(before[group] - after[group]) <= came_or_went
        assert len(after[group] - before[group]) <= came_or_went


@settings(max_examples=15)
@given(GROUPS, st.integers(1, 10))
def test_each_group_gives_as_many_as_asked_or_all_it_has(members: dict[str, str], count: int) -> None:
    for group, taken in sampled(members, count).items():
        assert len(taken) == min(count, sum(1 for of in members.values() if of == group))


@settings(max_examples=15)
@given(GROUPS, st.integers(1, 10))
def test_a_smaller_sample_is_part_of_a_larger(members: dict[str, str], count: int) -> None:
    smaller, larger = sampled(members, count), sampled(members, count + 3)
    assert all(smaller[group] <= larger[group] for group in "xyz")


def test_seed_and_purpose_each_give_another_sample() -> None:
    members = {str(index): "x" for index in range(100)}
    samples = [sampled(members, 10), sampled(members, 10, seed=8), sampled(members, 10, purpose="splits")]
    assert len({frozenset(sample["x"]) for sample in samples}) == 3


def test_rows_come_sorted_by_key() -> None:
    frame = pl.DataFrame({"key": ["c", "a", "b"]})
    assert lowest(frame, 3, purpose="p", seed=1, key="key")["key"].to_list() == ["a", "b", "c"]
