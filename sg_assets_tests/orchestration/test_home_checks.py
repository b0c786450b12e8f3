"""What a home keeps beside its store is named where it is damaged, and mended."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.orchestration.home_checks import damaged_in_home, mend_home
from sg_assets.settings import Settings, read_settings
from sg_assets_tests.generation.test_kept_outputs import store_answers, store_scores
from sg_assets_tests.store.harm import flip_bit
from sg_assets_tests.training.test_checkpoint_checks import job


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(read_settings(), home=tmp_path)


def test_outputs_of_the_home_and_of_replays_and_checkpoints_are_named_and_mended(settings: Settings) -> None:
    home = settings.home
    files = [store_answers(home), store_scores(home), store_answers(home / "replays")]
    checkpoint = job(home) / "steps" / "checkpoint-2"
    assert damaged_in_home(settings) == []
    for file in (*files, checkpoint / "weights.bin"):
        flip_bit(file, random.Random(0))
    names = [path.relative_to(home).as_posix() for path in (*files, checkpoint)]
    assert [damaged.name for damaged in damaged_in_home(settings)] == names
    assert [mending.name for mending in mend_home(settings, print)] == names
    assert damaged_in_home(settings) == []


def test_an_empty_home_has_nothing_damaged_and_nothing_is_written(settings: Settings) -> None:
    assert damaged_in_home(settings) == []
    assert list(mend_home(settings, print)) == []
    assert list(settings.home.iterdir()) == []
