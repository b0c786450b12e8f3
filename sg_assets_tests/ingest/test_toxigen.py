"""TOXIGEN's prompt files."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.toxigen import GROUPS, read_prompts, skipped_files


def _write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_group_and_label_come_from_the_name(tmp_path: Path) -> None:
    _write(tmp_path, "hate_mental_disability_1k.txt", "- a")
    _write(tmp_path, "neutral_women_1k.txt", "- b")
    rows = read_prompts(tmp_path).select("label", "group", "prompt").rows()
    assert rows == [("hate", "mental_disability", "- a"), ("neutral", "women", "- b")]


def test_written_line_breaks_become_line_breaks(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women_1k.txt", r"- a\n- b\n-")
    assert read_prompts(tmp_path)["prompt"].to_list() == ["- a\n- b\n-"]


def test_repeated_lines_are_one_prompt_within_a_file_only(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women_1k.txt", "- a", "- a", "", "- b")
    _write(tmp_path, "neutral_women_1k.txt", "- a")
    assert read_prompts(tmp_path).group_by("label").len().sort("label").rows() == [("hate", 2), ("neutral", 1)]


def test_prompts_are_normalised_as_comments_are(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women_1k.txt", "- a\\n- cafe\u0301 &amp; \u200bb\\n-", " \u200b ")
    _write(tmp_path, "neutral_women_1k.txt", "- call 9123 4567")
    prompts = read_prompts(tmp_path).sort("label")["prompt"].to_list()
    assert prompts == ["- a\n- caf\u00e9 & b\n-", "- call <PHONE>"]


def test_ids_are_content_and_order_is_by_id(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women_1k.txt", *(f"- {number}" for number in range(20)))
    prompts = read_prompts(tmp_path)
    for prompt_id, prompt in prompts.select("prompt_id", "prompt").iter_rows():
        assert prompt_id == f"hate_women_{hashlib.sha256(prompt.encode()).hexdigest()[:12]}"
    assert prompts["prompt_id"].is_sorted()


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women_1k.txt", "- a", "- b")
    first = read_prompts(tmp_path)
    _write(tmp_path, "hate_women_1k.txt", "- b", "- a")
    assert read_prompts(tmp_path).equals(first)


def test_other_groups_and_files_are_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women_1k.txt", "- a")
    for other in ("hate_trans_1k.txt", "neutral_bisexual_1k.txt", "hate_immigrant_1k.txt", "LICENSE.txt"):
        _write(tmp_path, other, "- x")
    assert read_prompts(tmp_path)["group"].to_list() == ["women"]


def test_a_missing_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"no such folder.*\{hate,neutral\}_<group>_1k\.txt"):
        read_prompts(tmp_path / "nowhere")


def test_a_folder_of_other_files_says_what_was_expected(tmp_path: Path) -> None:
    _write(tmp_path, "notes.txt", "x")
    with pytest.raises(SgAssetsError, match=r"no TOXIGEN prompts.*_1k\.txt"):
        read_prompts(tmp_path)


def test_an_unknown_group_names_the_nearest(tmp_path: Path) -> None:
    _write(tmp_path, "hate_womens_1k.txt", "x")
    with pytest.raises(SgAssetsError, match=r"unknown group 'womens'.*Did you mean 'women'"):
        read_prompts(tmp_path)


def test_a_name_off_the_layout_is_an_error(tmp_path: Path) -> None:
    _write(tmp_path, "hate_women.txt", "x")
    with pytest.raises(SgAssetsError, match=r"hate_women\.txt: not a file name of the TOXIGEN layout"):
        read_prompts(tmp_path)


def test_a_wrong_encoding_names_file_and_row(tmp_path: Path) -> None:
    (tmp_path / "hate_women_1k.txt").write_bytes(b"- a\n- \xe9\n")
    with pytest.raises(SgAssetsError, match=r"hate_women_1k\.txt, row 2: the text is not UTF-8"):
        read_prompts(tmp_path)


@pytest.mark.skipif("SG_TOXIGEN_DIR" not in os.environ, reason="SG_TOXIGEN_DIR does not name TOXIGEN's prompt files")
def test_the_real_files_hold_what_is_known_of_them() -> None:
    prompts = read_prompts(Path(os.environ["SG_TOXIGEN_DIR"]))
    assert set(prompts["group"]) == set(GROUPS)
    assert prompts["prompt_id"].is_unique().all()
    assert prompts["prompt"].str.ends_with("\n-").all()
    counts = prompts.group_by("label", "group").len()
    fewest = counts.filter(pl.col("len") == pl.col("len").min())
    assert fewest.select("label", "group").row(0) == ("hate", "native_american")


def test_what_else_lies_in_the_folder_is_named(tmp_path: Path) -> None:
    for name in ("hate_women_1k.txt", "hate_trans_1k.txt", "README.md"):
        _write(tmp_path, name, "- a")
    assert [skipped.name for skipped in skipped_files(tmp_path)] == ["README.md", "hate_trans_1k.txt"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "hate_women_1k.txt")
    with pytest.raises(SgAssetsError, match=r"hate_women_1k.txt: this is .*, not a file"):
        read_prompts(tmp_path)


def test_a_monstrous_file_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "hate_women_1k.txt").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SgAssetsError, match="larger than 64 MiB"):
        read_prompts(tmp_path)
