"""Texts that are in other tables."""

from pathlib import Path

from sg_assets_tests.quality.tables import LONG, result, sought, texts


def test_a_text_mostly_in_another_table_is_found_and_one_with_a_common_frame_is_not(tmp_path: Path) -> None:
    frame = texts(LONG + " lah", "The clinic near the station opens at nine", side=["x", "y"])
    against = f"SELECT '{LONG}' AS text FROM this"
    finding = result(tmp_path, frame, sought("overlap", text="text", against=[against], words=5, share=0.8))
    assert finding.observed["examples"] == ["id=t00"]
    assert finding.observed["compared_with"] == 1


def test_a_text_shorter_than_a_piece_is_found_whole_or_not_at_all(tmp_path: Path) -> None:
    inspection = sought("overlap", text="text", against=["SELECT 'kopi o' AS text FROM this"], words=5)
    assert result(tmp_path, texts("Kopi O!", "kopi"), inspection).observed["examples"] == ["id=t00"]


def test_tables_that_a_version_was_not_made_of_are_left_out(tmp_path: Path) -> None:
    inspection = sought("overlap", text="text", against=["SELECT text FROM training.sft_examples"])
    finding = result(tmp_path, texts("a"), inspection)
    assert (finding.passed, finding.observed["compared_with"]) == (True, 0)
