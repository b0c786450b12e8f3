"""One file declares a variant for every combination of its grid's values."""

import re
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.declarations.grids import (
    LONGEST_NAME,
    MOST_MEMBERS,
    grids_of,
    member_name,
    point_text,
    read_variants,
    with_members,
)
from sg_assets.declarations.names import is_safe_name
from sg_assets.declarations.records.variant import Variant
from sg_assets.errors import SgAssetsError

FIXED = "description: A sweep\nmethod: sft\nparent: base\nmix: balanced\n"
POINTS = st.fixed_dictionaries(
    {},
    optional={
        "rank": st.integers(1, 4096),
        "seed": st.integers(0, 2**32 - 1),
        "learning_rate": st.floats(1e-9, 1, exclude_min=True),
        "beta": st.floats(1e-3, 10),
        "mix": st.sampled_from(["balanced", "unsafe_only"]),
        "gradient_checkpointing": st.booleans(),
        "target_modules": st.lists(st.sampled_from(["q_proj", "v_proj", "o_proj"]), min_size=1, unique=True),
    },
)


def read(folder: Path, text: str, name: str = "sweep") -> dict[str, Variant]:
    path = folder / "models/variants" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return {variant.name: variant for variant in read_variants(path, folder)}


def grid(folder: Path, axes: str, fixed: str = FIXED) -> dict[str, Variant]:
    return read(folder, f"{fixed}grid: {axes}\n")


def test_every_combination_is_a_variant(tmp_path: Path) -> None:
    members = grid(tmp_path, "{rank: [8, 16], learning_rate: [0.0001, 0.0002]}")
    assert {name: (each.rank, each.training.learning_rate) for name, each in members.items()} == {
        "sweep_rank_8_learning_rate_0p0001": (8, 0.0001),
        "sweep_rank_8_learning_rate_0p0002": (8, 0.0002),
        "sweep_rank_16_learning_rate_0p0001": (16, 0.0001),
        "sweep_rank_16_learning_rate_0p0002": (16, 0.0002),
    }


def test_a_file_without_a_grid_is_one_variant(tmp_path: Path) -> None:
    assert [*read(tmp_path, f"{FIXED}rank: 8\n")] == ["sweep"]


def test_a_member_is_the_variant_that_a_file_of_its_own_would_be(tmp_path: Path) -> None:
    [member] = grid(tmp_path, "{rank: [8], epochs: [2]}").values()
    [alone] = read(tmp_path, f"{FIXED}rank: 8\ntraining: {{epochs: 2}}\n", "alone").values()
    named = alone.model_copy(update={"name": member.name, "description": "A sweep; rank 8, epochs 2"})
    assert member.model_copy(update={"member": None}) == named


def test_parent_mix_and_seed_may_be_axes(tmp_path: Path) -> None:
    axes = "{parent: [base, reference], mix: [balanced, unsafe_30], seed: [1, 2]}"
    members = grid(tmp_path, axes, "description: x\nmethod: sft\nrank: 8\n").values()
    assert {(each.parent, each.mix, each.seed) for each in members} == {
        (parent, mix, seed) for parent in ("base", "reference") for mix in ("balanced", "unsafe_30") for seed in (1, 2)
    }


def test_the_order_of_a_file_changes_no_name(tmp_path: Path) -> None:
    first = grid(tmp_path, "{rank: [8, 16], learning_rate: [0.0001, 0.0002]}")
    assert grid(tmp_path, "{learning_rate: [0.0002, 0.0001], rank: [16, 8]}").keys() == first.keys()


def test_another_value_makes_new_variants_and_leaves_the_others(tmp_path: Path) -> None:
    before = grid(tmp_path, "{rank: [8, 16], epochs: [1, 2]}")
    after = grid(tmp_path, "{rank: [8, 32], epochs: [1, 2]}")
    assert {name for name in after if name not in before} == {"sweep_rank_32_epochs_1", "sweep_rank_32_epochs_2"}
    assert all(after[name] == before[name] for name in after.keys() & before.keys())


@given(POINTS)
def test_names_are_safe_and_short_enough(point: dict[str, Any]) -> None:
    name = member_name("sft_kto_sweep_of_many", point)
    assert is_safe_name(name)
    assert len(name) <= LONGEST_NAME
    assert is_safe_name(f"{name}_seed_1234")


@given(POINTS, POINTS)
def test_other_values_have_another_name(first: dict[str, Any], second: dict[str, Any]) -> None:
    same = {**first, "target_modules": sorted(first.get("target_modules", ()))} == {
        **second, "target_modules": sorted(second.get("target_modules", ()))
    }  # fmt: skip
    assert (member_name("sweep", first) == member_name("sweep", second)) == same


@given(POINTS)
def test_a_name_does_not_depend_on_the_order_of_axes(point: dict[str, Any]) -> None:
    orders = [dict(order) for order in permutations([*point.items()][:3])]
    assert len({member_name("sweep", order) for order in orders}) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0001, "0p0001"), (5e-06, "0p000005"), (1.0, "1"), (2, "2"), (1.5, "1p5")],
)
def test_numbers_are_written_out(value: float, text: str) -> None:
    assert member_name("s", {"learning_rate": value}) == f"s_learning_rate_{text}"


@pytest.mark.parametrize(
    ("losses", "text"),
    [("ipo", "ipo"), (["sigmoid", "sft"], "sft_sigmoid"), ({"sigmoid": 1, "sft": 0.2}, "0p2_sft_1_sigmoid")],
)
def test_losses_are_part_of_a_name(losses: Any, text: str) -> None:
    assert member_name("s", {"loss": losses}) == f"s_loss_{text}"


def test_values_are_told_in_words() -> None:
    assert point_text({"learning_rate": 1e-05, "rank": 8}) == "rank 8, learning_rate 0.00001"


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        ("{rank: [8, 0]}", r"rank: .*greater than or equal to 1 \(line 5\)"),
        ("{rank: [8, 8]}", r"rank: 8 stands there twice.*\(line 5\)"),
        ("{rank: []}", r"rank: .*at least 1 item.*\(line 5\)"),
        ("{rank: 8}", r"rank: .*\(line 5\)"),
        ("{rnak: [8]}", r"unknown key 'rnak' \(line 5\)\. Did you mean 'rank'"),
        ("{device: [cpu, cuda]}", r"unknown key 'device' \(line 5\)"),
        ("{}", "line 5: the grid has no axis"),
        ("{rank: [8], mix: [balanced]}", "line 5: 'mix' is an axis. Line 4 gives it one value for all"),
        ("{rank: [8], beta: [0.1]}", "beta applies to kto and dpo only"),
        ("{epochs: [1, 2]}", "method 'sft' needs a mix and a rank"),
        ("{rank: [8], epochs: [-1.0, 2.0]}", r"training\.epochs: .*greater than 0 \(line 5\)"),
    ],
)
def test_a_wrong_grid_is_told_with_file_and_line(tmp_path: Path, axes: str, says: str) -> None:
    with pytest.raises(SgAssetsError, match=says) as raised:
        grid(tmp_path, axes)
    assert str(raised.value).startswith("models/variants/sweep.yaml")


def test_a_wrong_value_is_told_once_for_all_its_members(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError) as raised:
        grid(tmp_path, "{rank: [0], seed: [1, 2, 3, 4]}")
    assert str(raised.value).count("greater than or equal to 1") == 1


def test_a_grid_of_too_many_is_refused_before_it_is_made(tmp_path: Path) -> None:
    many = ", ".join(map(str, range(1, 120)))
    with pytest.raises(SgAssetsError, match=rf"makes 14,161 variants.*119 rank x 119 seed.*{MOST_MEMBERS:,}"):
        grid(tmp_path, f"{{rank: [{many}], seed: [{many}]}}")


def test_what_only_code_sets_is_no_key_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="line 6: unknown key 'member'"):
        read(tmp_path, f"{FIXED}rank: 8\nmember: {{grid: x, lines: {{}}}}\n")


def test_a_grid_s_name_stands_for_its_members(tmp_path: Path) -> None:
    members = grid(tmp_path, "{rank: [8, 16]}")
    grids = grids_of(members.values())
    assert grids == {"sweep": ("sweep_rank_8", "sweep_rank_16")}
    assert with_members(["base", "sweep"], grids) == ["base", "sweep_rank_8", "sweep_rank_16"]


def test_values_of_one_name_are_refused(tmp_path: Path) -> None:
    axes = "{target_modules: [[q_proj, v_proj], [v_proj, q_proj]]}"
    with pytest.raises(SgAssetsError, match="the grid's values have equal names"):
        grid(tmp_path, axes, f"{FIXED}rank: 8\n")


def test_a_long_name_ends_in_a_digest(tmp_path: Path) -> None:
    [name] = read(tmp_path, f"{FIXED}grid: {{rank: [8], learning_rate: [0.0001]}}\n", "s" * 50)
    assert re.fullmatch(r"s{43}_[0-9a-f]{8}", name)
