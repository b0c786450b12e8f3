import json
import random
from pathlib import Path

import pytest

from sg_assets.training.checkpoint_checks import damaged_progress, set_progress_aside
from sg_assets.training.checkpoints import journal, journal_file, locked_folder, seal
from sg_assets_tests.store.harm import HARMS, flip_bit


def job(home: Path) -> Path:
    """A job with a checkpoint after steps 1 and 2."""
    folder = home / "checkpoints" / "abc"
    with locked_folder(folder, lambda _: None) as kept:
        for step in (1, 2):
            kept.note("began", step)
            kept.checkpoint(step).mkdir(parents=True)
            (kept.checkpoint(step) / "weights.bin").write_bytes(bytes(range(100)))
            seal(kept.checkpoint(step))
    return folder


def newest(folder: Path) -> int:
    with locked_folder(folder, lambda _: None) as kept:
        return kept.newest()


def test_what_is_as_it_was_sealed_is_not_named(tmp_path: Path) -> None:
    job(tmp_path)
    assert list(damaged_progress(tmp_path / "checkpoints")) == []


@pytest.mark.parametrize("kind", sorted(HARMS))
def test_a_damaged_checkpoint_is_named_and_set_aside_and_not_gone_on_from(tmp_path: Path, kind: str) -> None:
    folder = job(tmp_path)
    HARMS[kind](folder / "steps/checkpoint-2/weights.bin", random.Random(0))
    [damaged] = damaged_progress(tmp_path / "checkpoints")
    assert damaged.path == folder / "steps" / "checkpoint-2"
    assert "set aside as damaged/checkpoints/abc/steps/checkpoint-2/" in set_progress_aside(damaged, tmp_path)
    assert newest(folder) == 1


@pytest.mark.parametrize("seed", range(20))
def test_no_flipped_bit_of_a_seal_lets_a_job_go_on_from_it(tmp_path: Path, seed: int) -> None:
    folder = job(tmp_path)
    flip_bit(folder / "steps/checkpoint-2/whole.json", random.Random(seed))
    assert len(list(damaged_progress(tmp_path / "checkpoints"))) == 1
    assert newest(folder) == 1


@pytest.mark.parametrize("seed", range(10))
def test_a_flipped_bit_of_a_journal_costs_its_line_or_two(tmp_path: Path, seed: int) -> None:
    folder = job(tmp_path)
    before = journal(folder)
    flip_bit(journal_file(folder), random.Random(seed))
    after = journal(folder)
    assert len(before) - 2 <= len(after) < len(before)
    assert all(entry in before for entry in after)


def test_a_damaged_journal_is_named_and_keeps_its_other_lines(tmp_path: Path) -> None:
    folder = job(tmp_path)
    lines = journal_file(folder).read_bytes().splitlines(keepends=True)
    journal_file(folder).write_bytes(b"".join([lines[0].replace(b"held", b"hexd"), *lines[1:]]))
    [damaged] = damaged_progress(tmp_path / "checkpoints")
    assert damaged.problem == "1 of its lines are not what was written"
    set_progress_aside(damaged, tmp_path)
    assert journal_file(folder).read_bytes() == b"".join(lines[1:])


def test_a_journal_without_digests_is_read_as_it_is(tmp_path: Path) -> None:
    folder = job(tmp_path)
    old = {"pid": 7, "at": 1.0, "event": "began", "step": 0}
    journal_file(folder).write_text(json.dumps(old) + "\n")
    assert journal(folder) == [old]
    assert list(damaged_progress(tmp_path / "checkpoints")) == []


def test_what_a_process_works_in_is_left(tmp_path: Path) -> None:
    folder = job(tmp_path)
    flip_bit(folder / "steps/checkpoint-2/weights.bin", random.Random(0))
    [damaged] = damaged_progress(tmp_path / "checkpoints")
    with locked_folder(folder, lambda _: None):
        assert set_progress_aside(damaged, tmp_path).startswith("left: a process works there")
