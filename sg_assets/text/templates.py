"""Templates of pages and Markdown, all filled in the same way."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

Filters = Mapping[str, Callable[..., Any]]


def template(file: Path, filters: Filters, *, html: bool) -> Template:
    """A template that refuses unknown names and keeps its layout; in HTML every value is escaped.

    Args:
        file: The template.
        filters: By name.
        html: Whether values are escaped for HTML. Markdown escapes by a filter of its own.
    """
    environment = Environment(
        loader=FileSystemLoader(file.parent),
        autoescape=html,  # noqa: S701 - Markdown has a filter of its own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= filters
    return environment.get_template(file.name)
