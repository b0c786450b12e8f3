"""Records take values as they are written; what does not fit is reported by file, key and line."""

from pathlib import Path

import pytest

from sg_assets.declarations.record_reading import read_alerts, read_list, read_named
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.template import LexiconEntry
from sg_assets.declarations.records.variant import Variant
from sg_assets.errors import SgAssetsError

VARIANT = "description: x\nmethod: sft\nparent: base\nmix: balanced\nrank: {rank}\ntraining: {{{training}}}\n"


def variant(root: Path, rank: str = "16", training: str = "") -> Variant:
    path = root / "x.yaml"
    path.write_text(VARIANT.format(rank=rank, training=training))
    return read_named(path, Variant, root)


def test_a_whole_number_may_stand_for_a_fraction(tmp_path: Path) -> None:
    assert variant(tmp_path, training="epochs: 2").training.epochs == 2.0


def test_a_list_becomes_a_tuple(tmp_path: Path) -> None:
    assert variant(tmp_path, training="target_modules: [q_proj]").training.target_modules == ("q_proj",)


RANKS = ["'16'", '"010"', "true", "16.0", "16.5", "[16]", "null x", "'1e3'", "0", "-1", "'nan'", "{a: 1}"]
TRAININGS = [
    "learning_rate: 0", "learning_rate: -0.1", "learning_rate: 'nan'", "learning_rate: 'inf'", "learning_rate: '1e-4'",
    "learning_rate: true", "learning_rate: .nan", "learning_rate: .inf", "epochs: 0", "epochs: 'yes'", "epochs: true",
    "batch_size: 0", "batch_size: -8", "batch_size: 8.0", "warmup_ratio: 5", "warmup_ratio: -0.1", "beta: 0",
    "weight_decay: -1", "gradient_checkpointing: 1", "gradient_checkpointing: 'yes'", "max_length: 1_000",
    "max_length: 0", "logging_steps: -1", "dtype: 32", "target_modules: q_proj", "target_modules: [1]",
]  # fmt: skip


@pytest.mark.parametrize("seed", ["-1", "4294967296", "1.0", "true", "'7'", "1_0", "0x_1", "9" * 30, "1e3", ".nan"])
def test_a_seed_that_no_generator_takes_is_refused_by_its_line(tmp_path: Path, seed: str) -> None:
    with pytest.raises(SgAssetsError, match=r"^x\.yaml.*line 7"):
        variant(tmp_path, training="}\nseed: " + seed + "\nauto: {")


@pytest.mark.parametrize("rank", RANKS)
def test_a_rank_that_is_no_number_is_refused_by_its_line(tmp_path: Path, rank: str) -> None:
    with pytest.raises(SgAssetsError, match=r"^x\.yaml.*line 5"):
        variant(tmp_path, rank=rank)


@pytest.mark.parametrize("training", TRAININGS)
def test_a_hyper_parameter_that_cannot_be_used_is_refused_by_its_line(tmp_path: Path, training: str) -> None:
    with pytest.raises(SgAssetsError, match=r"^x\.yaml.*line 6"):
        variant(tmp_path, training=training)


def test_an_unknown_key_is_reported_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"unknown key 'training\.epoch' \(line 6\)\. Did you mean 'epochs'"):
        variant(tmp_path, training="epoch: 1")


def test_an_entry_of_a_list_is_reported_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text("lexicon:\n  - {term: a, meaning: b}\n  - term: c\n    meaning: 1\n")
    with pytest.raises(SgAssetsError, match=r"lexicon\[1\]: meaning: Input should be a valid string \(line 4\)"):
        read_list(path, "lexicon", LexiconEntry, tmp_path)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("lexicon: []\n", "has no list 'lexicon'"),
        ("lexicons:\n  - {term: a, meaning: b}\n", "has no list 'lexicon'"),
        ("lexicon:\n  - {term: a, meaning: b}\nmore: 1\n", "line 3: unknown key 'more'"),
        ("lexicon:\n  - {term: a, meaning: b}\n  - {term: a, meaning: c}\n", "'a' is listed twice"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(text)
    with pytest.raises(SgAssetsError, match=error):
        read_list(path, "lexicon", LexiconEntry, tmp_path)


def test_a_name_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("name: m\ndescription: x\nunsafe_share: 0.5\n")
    with pytest.raises(SgAssetsError, match="unknown key 'name'"):
        read_named(path, Mix, tmp_path)


def test_alerts_are_read_for_one_profile(tmp_path: Path) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_text("hold_muted_minutes: 5\nprofiles: {tiny: {hold_muted_minutes: 7}}\n")
    minutes = [read_alerts(path, name, ["demo", "tiny"], tmp_path).hold_muted_minutes for name in ("demo", "tiny")]
    assert minutes == [5, 7]
