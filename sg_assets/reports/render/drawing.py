"""Drawings as bytes: equal for equal figures, on any machine and with any matplotlib settings of the user."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#101112"
"""Colour of text and lines: a value used for nothing else, so that it can become ``currentColor`` in SVG."""


def as_svg(draw: Callable[[], "Figure"]) -> bytes:
    """A figure as SVG.

    Text is kept as text and takes the colour of what surrounds it (``currentColor``), so an inline picture follows a
    dark page. There is no XML header, document type, namespace or metadata: it is meant to stand inside HTML.
    """
    raw = _saved(draw, "svg", {"Date": None, "Creator": None, "Format": None, "Type": None}).decode("utf-8")
    inner = raw[raw.index("<svg") :].replace(INK, "currentColor")
    return re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", inner).encode("utf-8")


def as_png(draw: Callable[[], "Figure"]) -> bytes:
    """A figure as PNG on white."""
    return _saved(draw, "png", {"Software": None})


def _saved(draw: Callable[[], "Figure"], form: str, metadata: dict[str, str | None]) -> bytes:
    with _own_style():
        buffer = BytesIO()
        draw().savefig(buffer, format=form, dpi=144, transparent=form == "svg", metadata=metadata)
    return buffer.getvalue()


@contextmanager
def _own_style() -> Iterator[None]:
    """Matplotlib's defaults and ours, whatever the user's matplotlibrc says."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.hashsalt": "sg_assets",  # ids inside the SVG are random without it
                "svg.fonttype": "none",
                "text.parse_math": False,  # a dollar sign in a name is a dollar sign
                "font.size": 10,
                "text.color": INK,
                "xtick.color": INK,
                "ytick.color": INK,
                "axes.edgecolor": INK,
                "axes.labelcolor": INK,
            }
        )
        yield
