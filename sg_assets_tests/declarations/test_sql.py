"""SQL assets: what is found by parsing a SELECT, and what its header says."""

from pathlib import Path

import pytest

from sg_assets.declarations.sql import SqlAsset, parse_query, read_sql_asset
from sg_assets.errors import SgAssetsError


def test_dependencies_are_found_by_parsing() -> None:
    query = parse_query(
        "WITH chosen AS (SELECT * FROM raw.forum_comments WHERE seed = $seed) "
        "SELECT * FROM chosen JOIN (SELECT 1 FROM templated.prompts) USING (x), range(3)",
        where="here",
    )
    assert query.tables == ("raw/forum_comments", "templated/prompts")
    assert query.parameters == ("seed",)


def test_layout_and_comments_do_not_move_the_canonical_text() -> None:
    query = parse_query("SELECT a, b FROM raw.t -- why\nWHERE a > 1", where="here")
    other = parse_query("select a,\n  b\nfrom raw.t /* else */ where a > 1", where="here")
    assert query.canonical == other.canonical
    assert parse_query("SELECT a, b FROM raw.t WHERE a > 2", where="here").canonical != query.canonical


def asset(root: Path, text: str) -> SqlAsset:
    path = root / "sql/templated/extra.sql"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return read_sql_asset(path, root)


def test_a_header_line_goes_on_where_the_next_is_indented(tmp_path: Path) -> None:
    read = asset(tmp_path, "-- description: Long\n--   prompts.\n-- key: a, b\nSELECT a, b FROM raw.t;\n")
    assert (read.description, read.key, read.query.text) == (
        "Long prompts.", ("a", "b"), "-- description: Long\n--   prompts.\n-- key: a, b\nSELECT a, b FROM raw.t",
    )  # fmt: skip


def test_parameters_of_checks_count_too(tmp_path: Path) -> None:
    header = "-- description: x\n-- key: a\n-- check few: count(*) < $most\n-- warn some: count(*) > $least\n"
    read = asset(tmp_path, f"{header}SELECT a FROM raw.t WHERE b = $seed")
    assert read.parameters == ("least", "most", "seed")
    assert [check.blocking for check in read.checks] == [True, False]


def test_a_name_is_a_check_or_a_warning(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="'few' is both a check and a warning"):
        asset(tmp_path, "-- description: x\n-- key: a\n-- check few: true\n-- warn few: true\nSELECT a FROM raw.t")
