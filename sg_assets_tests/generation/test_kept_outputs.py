"""Stored outputs of models: damaged ones are never used, the others are never asked again."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.generation import kept_outputs
from sg_assets.generation.answer_cache import AnswerCache
from sg_assets.generation.kept_outputs import damaged_outputs, intact, mend_outputs
from sg_assets.generation.protocol import Answer
from sg_assets.store.file_seals import FileCheck, checked_file, read_seal, seal_of
from sg_assets.store.model_output_cache import cached_outputs
from sg_assets_tests.store.harm import HARMS, flip_bit

KEYS = [f"{number:032x}" for number in range(12)]


def cache(home: Path) -> AnswerCache:
    engine: Any = SimpleNamespace(identity={"engine": "x"}, session={"device": "cpu"})
    return AnswerCache(home / "answers", engine, "run", lambda _: None)


def store_answers(home: Path, keys: list[str] = KEYS) -> Path:
    """Answers as a step stores them; the file that holds them."""
    with intact(home / "answers", lambda _: None):
        writer = cache(home)
        for key in keys:
            writer.store(key, Answer("ok", f"answer to {key}", 3, 1, "stop"))
        writer.close()
    return sorted((home / "answers").glob("*/*.jsonl"))[-1]


def store_scores(home: Path) -> Path:
    with intact(home / "judged", lambda _: None) as folder:
        cached_outputs(folder / "judge", pl.Series(["a", "bb"]), lambda texts: [float(len(text)) for text in texts])
    [file] = (home / "judged" / "judge").glob("*.parquet")
    return file


def answers(home: Path) -> dict[str, str]:
    """What a step would use."""
    with intact(home / "answers", lambda _: None):
        return dict(cache(home).find(KEYS).select("key", "response").rows())


def right(key: str) -> str:
    return f"answer to {key}"


def test_what_a_step_stored_is_sealed_when_it_ends(tmp_path: Path) -> None:
    segment = store_answers(tmp_path)
    seal = read_seal(segment)
    assert seal is not None
    assert seal.size == segment.stat().st_size
    assert read_seal(store_scores(tmp_path)) is not None


def test_what_a_failing_step_stored_is_sealed_as_well(tmp_path: Path) -> None:
    def fail() -> None:
        with intact(tmp_path / "answers", lambda _: None):
            writer = cache(tmp_path)
            writer.store(KEYS[0], Answer("ok", "x", 1, 1, "stop"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    [segment] = (tmp_path / "answers").glob("*/*.jsonl")
    assert read_seal(segment) is not None


@pytest.mark.parametrize("seed", range(20))
def test_no_flipped_bit_of_answers_is_used_and_the_others_stay(tmp_path: Path, seed: int) -> None:
    flip_bit(store_answers(tmp_path), random.Random(seed))
    [damaged] = damaged_outputs(tmp_path)
    assert damaged.problem == "its bytes are not those that were written"
    used = answers(tmp_path)
    assert all(response == right(key) for key, response in used.items())
    assert len(used) >= len(KEYS) - 2
    assert list(damaged_outputs(tmp_path)) == []
    assert len(list((tmp_path / "damaged").rglob("0*"))) >= 1


@pytest.mark.parametrize("kind", sorted(HARMS))
@pytest.mark.parametrize("stored", [store_answers, store_scores])
def test_any_harm_is_named_and_mended(tmp_path: Path, kind: str, stored: Any) -> None:
    file = stored(tmp_path)
    HARMS[kind](file, random.Random(3))
    [damaged] = damaged_outputs(tmp_path)
    assert damaged.name == file.relative_to(tmp_path).as_posix()
    [mended] = mend_outputs(tmp_path)
    assert mended.name == damaged.name
    assert list(damaged_outputs(tmp_path)) == []
    assert all(response == right(key) for key, response in answers(tmp_path).items())


@pytest.mark.parametrize("kind", ["flipped", "truncated", "zeroed", "folder"])
def test_damaged_scores_are_set_aside_and_asked_again(tmp_path: Path, kind: str) -> None:
    file, asked = store_scores(tmp_path), list[str]()
    HARMS[kind](file, random.Random(3))

    def ask(texts: list[str]) -> list[float]:
        asked.extend(texts)
        return [float(len(text)) for text in texts]

    with intact(tmp_path / "judged", lambda _: None) as folder:
        assert cached_outputs(folder / "judge", pl.Series(["a", "bb"]), ask).to_list() == [1.0, 2.0]
    assert sorted(asked) == ["a", "bb"]
    assert len(list((tmp_path / "damaged/judged/judge" / file.name).iterdir())) == 1


def test_a_damaged_seal_loses_nothing(tmp_path: Path) -> None:
    for file in (store_answers(tmp_path), store_scores(tmp_path)):
        flip_bit(seal_of(file), random.Random(0))
    assert len(list(damaged_outputs(tmp_path))) == 2
    assert [mended.is_lost for mended in mend_outputs(tmp_path)] == [False, False]
    assert len(answers(tmp_path)) == len(KEYS)
    assert list(damaged_outputs(tmp_path)) == []


def test_outputs_of_older_homes_are_read_and_get_seals(tmp_path: Path) -> None:
    segment = store_answers(tmp_path)
    seal_of(segment).unlink()
    assert list(damaged_outputs(tmp_path)) == []
    assert len(answers(tmp_path)) == len(KEYS)
    assert seal_of(segment).is_file()


def test_what_a_killed_process_stored_is_read_and_sealed_by_the_next_step(tmp_path: Path) -> None:
    writer = cache(tmp_path)
    for key in KEYS:
        writer.store(key, Answer("ok", right(key), 3, 1, "stop"))
    [segment] = (tmp_path / "answers").glob("*/*.jsonl")
    size = segment.stat().st_size
    with segment.open("ab") as torn:
        torn.write(b'{"key":"half')
    assert list(damaged_outputs(tmp_path)) == []
    assert answers(tmp_path) == {key: right(key) for key in KEYS}
    seal = read_seal(segment)
    assert seal is not None
    assert seal.size == size
    assert not (tmp_path / "damaged").exists()


def test_a_lost_header_loses_no_answer(tmp_path: Path) -> None:
    segment = store_answers(tmp_path)
    content = segment.read_bytes()
    segment.write_bytes(content[:5] + bytes([content[5] ^ 1]) + content[6:])
    assert len(answers(tmp_path)) == len(KEYS)
    reader = cache(tmp_path)
    assert reader.sessions(reader.find(KEYS)) == [{"run_id": None, "answers": len(KEYS)}]


def test_damage_is_logged_by_file_without_its_text(tmp_path: Path) -> None:
    flip_bit(store_answers(tmp_path), random.Random(5))
    lines: list[str] = []
    with intact(tmp_path / "answers", lines.append):
        pass
    [line] = lines
    assert "its bytes are not those that were written; set aside as damaged/answers/" in line
    assert "answer to" not in line


def test_where_asking_again_costs_money_the_step_ends_and_the_next_goes_on(tmp_path: Path) -> None:
    flip_bit(store_answers(tmp_path), random.Random(5))
    with (
        pytest.raises(SgAssetsError, match=r"paid model.*`sg-assets plan` counts the calls"),
        intact(tmp_path / "answers", lambda _: None, is_paid=True),
    ):
        raise AssertionError("the step began")
    with intact(tmp_path / "answers", lambda _: None, is_paid=True):
        pass


def test_damage_while_a_step_reads_ends_it(tmp_path: Path) -> None:
    segment = store_answers(tmp_path)
    with (
        pytest.raises(SgAssetsError, match="damaged while the step read them"),
        intact(tmp_path / "answers", lambda _: None),
    ):
        flip_bit(segment, random.Random(2))


def test_a_writer_is_waited_for_before_its_segment_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = store_answers(tmp_path)
    flip_bit(segment, random.Random(2))
    waited: list[int] = []
    lease = segment.parent / "leases" / "x.keys"
    lease.parent.mkdir(exist_ok=True)
    lease.touch()
    monkeypatch.setattr(kept_outputs, "is_held", lambda path: path == lease and not waited)
    monkeypatch.setattr(kept_outputs, "wait_for_leases", lambda leases, _: waited.append(len(leases)))
    assert len(answers(tmp_path)) >= len(KEYS) - 2
    assert waited == [1]


def test_of_a_large_folder_only_what_was_written_to_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = store_answers(tmp_path)
    answers(tmp_path)
    monkeypatch.setattr(kept_outputs, "COMPARED_EACH_TIME", 0)
    read: list[Path] = []

    def noted(file: Path) -> FileCheck:
        read.append(file)
        return checked_file(file)

    monkeypatch.setattr(kept_outputs, "checked_file", noted)
    answers(tmp_path)
    assert read == []
    flip_bit(segment, random.Random(1))
    answers(tmp_path)
    assert segment in read
