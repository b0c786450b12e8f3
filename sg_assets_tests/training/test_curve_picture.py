from io import BytesIO
from unittest import mock

import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from PIL import Image

from sg_assets.training.curve import CURVE_SCHEMA, curve
from sg_assets.training.curve_picture import curve_png

pytestmark = pytest.mark.slow


def make_curve(steps: int, *, without: tuple[str, ...] = ()) -> pl.DataFrame:
    noise = np.random.default_rng(0)
    columns = {name: [None] * steps if name in without else noise.normal(size=steps) for name in CURVE_SCHEMA}
    return pl.DataFrame(columns | {"step": range(1, steps + 1)}, schema=CURVE_SCHEMA)


REWARDS = ("reward_margin", "reward_chosen", "reward_rejected")


@pytest.fixture(scope="module")
def picture() -> bytes:
    """Of a KTO run with every column."""
    return curve_png(make_curve(40), "kto")


def size(png: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(png)).size


@pytest.mark.parametrize("steps", [1, 40, 500])
def test_a_picture_is_small(steps: int) -> None:
    png = curve_png(make_curve(steps), "kto")
    assert len(png) < 60_000
    assert size(png) == (640, 640)


def test_the_same_curve_gives_the_same_bytes(picture: bytes) -> None:
    assert curve_png(make_curve(40), "kto") == picture


def test_only_what_was_measured_has_a_panel() -> None:
    assert size(curve_png(make_curve(40, without=("kl",)), "dpo")) == (640, 520)
    assert size(curve_png(make_curve(40, without=("kl", *REWARDS)), "sft")) == (640, 400)


@pytest.fixture(scope="module")
def plotted() -> list[list[float]]:
    """The values of every line of a KTO run's picture."""
    with mock.patch.object(Axes, "plot", autospec=True, side_effect=Axes.plot) as plot:
        curve_png(make_curve(5), "kto")
    return [call.args[2] for call in plot.call_args_list]


@pytest.mark.parametrize("column", ["loss", "dev_loss", "kl", "learning_rate", *REWARDS])
def test_every_column_is_drawn(plotted: list[list[float]], column: str) -> None:
    assert make_curve(5)[column].to_list() in plotted


def test_a_run_too_short_for_a_log_still_has_a_picture() -> None:
    assert curve_png(curve([]), "x").startswith(b"\x89PNG")
