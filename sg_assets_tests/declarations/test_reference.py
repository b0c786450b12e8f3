"""The reference of declarations."""

from sg_assets.declarations.reference import reference
from sg_assets.declarations.schemas import KINDS, schema

BY_NAME = {kind.name: kind for kind in KINDS}


def test_the_reference_tells_every_key_of_a_variant_and_what_is_needed() -> None:
    lines = reference().splitlines()
    assert any(line.startswith("| `parent` | text | **needed.** A chat model for `none`") for line in lines)
    for name in schema(BY_NAME["variant"])["properties"]:
        assert any(line.startswith(f"| `{name}` |") for line in lines)


def test_every_kind_of_file_has_a_section() -> None:
    headings = [line for line in reference().splitlines() if line.startswith("## ")]
    assert len(headings) == len(KINDS)


def test_no_cell_breaks_its_table() -> None:
    rows = [line for line in reference().splitlines() if line.startswith("| `")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {4}
