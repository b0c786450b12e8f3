"""The results as one self-contained HTML page: no script, nothing fetched, the same bytes for the same results."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sg_assets.errors import SgAssetsError
from sg_assets.reports.figures import rates_figure
from sg_assets.reports.results import Results, VersionNote
from sg_assets.reports.wording import NOT_SCORED, caption, interval, origin, percent


def page(results: Results, *, title: str, notes: Sequence[str], versions: Sequence[VersionNote]) -> str:
    """The page as text.

    Args:
        results: the table.
        title: heading of the page.
        notes: what a reader must know before the numbers, for example "demo judge, not a moderation model".
        versions: one note per version a number is from, in the order to list.

    Raises:
        SgAssetsError: a number's version is not among ``versions``: its link would lead nowhere.
    """
    described = {note.version for note in versions}
    for row in results.rows:
        for version in row.versions:
            if version not in described:
                raise SgAssetsError(
                    f"version {version} of {row.variant} is shown but not described",
                    remedy="Pass a VersionNote for each version in the results",
                )
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            results=results,
            title=title,
            notes=notes,
            versions=versions,
            # Our own drawing; names inside it are escaped by the SVG writer.
            picture=rates_figure(results).decode("utf-8"),
            caption=caption(results),
            not_scored=NOT_SCORED,
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": percent, "interval": interval, "origin": origin}
    return environment
