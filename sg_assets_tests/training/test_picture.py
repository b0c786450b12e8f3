from io import BytesIO

import numpy as np
import polars as pl
import pytest
from PIL import Image

from sg_assets.training.curve import CURVE_SCHEMA, curve
from sg_assets.training.picture import curve_png


def made(steps: int, *, rewards: bool) -> pl.DataFrame:
    noise = np.random.default_rng(0)
    columns = {
        name: noise.normal(size=steps) if rewards or name in ("loss", "learning_rate") else [None] * steps
        for name in CURVE_SCHEMA
    }
    return pl.DataFrame(columns | {"step": range(1, steps + 1)}, schema=CURVE_SCHEMA)


@pytest.mark.parametrize("steps", [1, 40, 500])
def test_a_picture_is_small(steps: int) -> None:
    png = curve_png(made(steps, rewards=True), "kto")
    assert len(png) < 40_000
    assert Image.open(BytesIO(png)).size == (640, 420)


def test_the_same_curve_gives_the_same_bytes() -> None:
    assert curve_png(made(40, rewards=True), "kto") == curve_png(made(40, rewards=True), "kto")


def test_rewards_are_drawn_where_there_are_any() -> None:
    assert curve_png(made(40, rewards=True), "x") != curve_png(made(40, rewards=False), "x")


def test_a_run_too_short_for_a_log_still_has_a_picture() -> None:
    assert curve_png(curve([]), "x").startswith(b"\x89PNG")
