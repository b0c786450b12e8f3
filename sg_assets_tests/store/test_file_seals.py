import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.errors import DamagedStoreError
from sg_assets.store.file_seals import (
    checked_file,
    intact_lines,
    line_digest,
    read_seal,
    seal_file,
    seal_of,
    was_checked,
)
from sg_assets_tests.store.harm import HARMS, flip_bit

LINES = [b'{"key":"%d","response":"%s"}' % (number, b"x" * number) for number in range(20)]


def sealed_lines(folder: Path, lines: list[bytes] = LINES) -> Path:
    file = folder / "a.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in lines))
    seal_file(file, checked_file(file), time.time())
    return file


def append(file: Path, text: bytes) -> None:
    with file.open("ab") as opened:
        opened.write(text)


def test_a_sealed_file_is_as_it_was(tmp_path: Path) -> None:
    check = checked_file(sealed_lines(tmp_path))
    assert check.problem is None
    assert check.seal is not None
    assert check.seal.lines() == list(map(line_digest, LINES))


@pytest.mark.parametrize("seed", range(20))
def test_any_flipped_bit_is_seen_and_costs_one_line_or_two(tmp_path: Path, seed: int) -> None:
    file = sealed_lines(tmp_path)
    flip_bit(file, random.Random(seed))
    check = checked_file(file)
    assert check.problem == "its bytes are not those that were written"
    kept = intact_lines(check)
    assert len(LINES) - 2 <= len(kept) <= len(LINES)
    assert set(kept) <= set(LINES)


@pytest.mark.parametrize("kind", sorted(HARMS))
def test_any_harm_is_seen(tmp_path: Path, kind: str) -> None:
    file = sealed_lines(tmp_path)
    HARMS[kind](file, random.Random(1))
    assert checked_file(file).problem is not None


def test_lines_that_were_appended_since_are_no_damage(tmp_path: Path) -> None:
    file = sealed_lines(tmp_path)
    append(file, b'{"key":"new"}\n')
    check = checked_file(file)
    assert check.problem is None
    seal_file(file, check, time.time())
    seal = read_seal(file)
    assert seal is not None
    assert len(seal.lines()) == len(LINES) + 1
    assert seal.size == file.stat().st_size


def test_the_torn_last_line_of_a_killed_writer_is_no_damage_and_not_sealed(tmp_path: Path) -> None:
    file = sealed_lines(tmp_path)
    size = file.stat().st_size
    append(file, b'{"key":"ha')
    check = checked_file(file)
    assert check.problem is None
    seal_file(file, check, time.time())
    seal = read_seal(file)
    assert seal is not None
    assert seal.size == size


@given(cut=st.integers(0, 10_000))
def test_a_file_cut_anywhere_keeps_the_lines_before(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    file = sealed_lines(tmp_path_factory.mktemp("cut"))
    content = file.read_bytes()
    kept = content[: cut % len(content)]
    file.write_bytes(kept)
    check = checked_file(file)
    assert check.problem is not None
    assert intact_lines(check) == [line for line in LINES if line in kept.split(b"\n")]


def test_a_line_that_is_no_json_is_a_damage_where_nothing_is_sealed(tmp_path: Path) -> None:
    file = tmp_path / "old.jsonl"
    file.write_bytes(b'{"key":"a"}\n{"key:"b"}\n[1]\n{"key":"c"}\n')
    check = checked_file(file)
    assert check.problem == "2 of its lines are no JSON objects"
    assert intact_lines(check) == [b'{"key":"a"}', b'{"key":"c"}']


def test_a_table_without_a_seal_must_be_readable(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(b"PAR1 and no table PAR1")
    assert checked_file(file).problem == "it is not a readable Parquet file"


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_seal_is_seen_and_says_nothing_of_the_file(tmp_path: Path, seed: int) -> None:
    file = sealed_lines(tmp_path)
    flip_bit(seal_of(file), random.Random(seed))
    with pytest.raises(DamagedStoreError, match="seal is damaged"):
        read_seal(file)
    check = checked_file(file)
    assert (check.problem, check.is_seal_damaged) == ("its seal is damaged", True)


def test_a_file_of_which_the_seal_alone_is_left_is_missing(tmp_path: Path) -> None:
    file = sealed_lines(tmp_path)
    file.unlink()
    assert checked_file(file).problem == "it is missing"


def test_a_file_is_known_by_its_times_until_it_is_written_to(tmp_path: Path) -> None:
    file = sealed_lines(tmp_path)
    seal_file(file, checked_file(file), time.time() + 1)
    assert was_checked(file)
    seal_file(file, checked_file(file), time.time() - 8 * 24 * 3600)
    assert not was_checked(file)


def test_a_flip_that_puts_the_time_back_is_not_known_as_checked(tmp_path: Path) -> None:
    file = sealed_lines(tmp_path)
    time.sleep(0.02)
    flip_bit(file, random.Random(0))
    assert not was_checked(file)


@pytest.mark.parametrize("seed", range(20))
def test_a_file_and_its_seal_that_are_both_damaged_are_not_taken_for_whole(tmp_path: Path, seed: int) -> None:
    file = sealed_lines(tmp_path)
    for path in (file, seal_of(file)):
        flip_bit(path, random.Random(seed))
    check = checked_file(file)
    assert (check.problem, check.is_seal_damaged) == ("its bytes are not those that were written", False)
    kept = intact_lines(check)
    assert len(LINES) - 3 <= len(kept) <= len(LINES)
    assert set(kept) <= set(LINES)
