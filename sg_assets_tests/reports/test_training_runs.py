import polars as pl

from sg_assets.reports.training_runs import with_runs

AGAIN = {"sft": ("sft_seed_7", "sft_seed_3")}


def row(variant: str, value: float, slice_: str = "unsafe", remark: str = "") -> dict[str, object]:
    return {"benchmark": "b", "variant": variant, "metric": "m", "slice": slice_, "value": value, "remark": remark}


def runs_of(*rows: dict[str, object]) -> dict[str, list[float] | None]:
    made = with_runs(pl.DataFrame(list(rows)), AGAIN)
    return {f"{line['variant']} {line['slice']}": line["runs"] for line in made.iter_rows(named=True)}


def test_further_trainings_stand_in_the_row_of_their_variant_in_the_order_declared() -> None:
    rows = [row("base", 0.5), row("sft", 0.1), row("sft_seed_3", 0.3), row("sft_seed_7", 0.2)]
    assert runs_of(*rows) == {"base unsafe": None, "sft unsafe": [0.1, 0.2, 0.3]}


def test_each_score_has_its_own_runs() -> None:
    rows = [row("sft", 0.1), row("sft", 0.9, "safe"), row("sft_seed_3", 0.3), row("sft_seed_3", 0.8, "safe")]
    assert runs_of(*rows) == {"sft unsafe": [0.1, 0.3], "sft safe": [0.9, 0.8]}


def test_a_training_that_was_measured_otherwise_is_left_out() -> None:
    rows = [row("sft", 0.1), row("sft_seed_3", 0.3, remark="other judge"), row("sft_seed_7", 0.2)]
    assert runs_of(*rows) == {"sft unsafe": [0.1, 0.2]}


def test_without_further_trainings_there_are_no_runs() -> None:
    assert runs_of(row("base", 0.5), row("sft", 0.1)) == {"base unsafe": None, "sft unsafe": None}
