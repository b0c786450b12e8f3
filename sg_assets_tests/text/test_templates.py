"""Templates refuse unknown names and escape HTML."""

from pathlib import Path

import jinja2
import pytest

from sg_assets.text.templates import template


def written(folder: Path, text: str) -> Path:
    (folder / "page.j2").write_text(text)
    return folder / "page.j2"


def test_values_are_escaped_for_html_only(tmp_path: Path) -> None:
    file = written(tmp_path, "{{ name }}")
    assert template(file, {}, html=True).render(name="<b>") == "&lt;b&gt;"
    assert template(file, {}, html=False).render(name="<b>") == "<b>"


def test_filters_are_known_by_name(tmp_path: Path) -> None:
    assert template(written(tmp_path, "{{ name | loud }}"), {"loud": str.upper}, html=True).render(name="a") == "A"


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(jinja2.UndefinedError, match="missing"):
        template(written(tmp_path, "{{ missing }}"), {}, html=True).render()
