"""The picture of values item by item."""

import struct

import polars as pl

from sg_assets.reports.render.distributions import distributions_picture


def height(picture: bytes) -> int:
    return int(struct.unpack(">I", picture[20:24])[0])


def items(*slices: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"slice": [name for name in slices for _ in range(4)], "value": [-0.2, 0.5, 0.9, 1.0] * len(slices)}
    )


def test_equal_items_give_equal_pictures() -> None:
    picture = distributions_picture(items("a"))
    assert picture.startswith(b"\x89PNG")
    assert picture == distributions_picture(items("a").reverse())


def test_each_slice_has_a_histogram_of_its_own() -> None:
    assert height(distributions_picture(items("a", "b", "c"))) > height(distributions_picture(items("a")))
