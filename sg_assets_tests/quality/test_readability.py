"""Texts that were read with the wrong encoding, in a table."""

from pathlib import Path

import pytest

from sg_assets_tests.ingest.misread_texts import ORDINARY, WRITTEN, misread
from sg_assets_tests.quality.tables import result, sought, texts


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "gbk"])
@pytest.mark.parametrize("script", ["Chinese", "Tamil", "emoji", "Arabic", "Malay with quotes"])
def test_misread_texts_fail_and_are_named(tmp_path: Path, script: str, encoding: str) -> None:
    frame = texts(*(misread(text, encoding) for text in WRITTEN[script]), "fine")
    finding = result(tmp_path, frame, sought("unreadable", text="text", at_most=0.001))
    assert not finding.passed
    assert finding.observed["examples"] == [f"id=t{index:02d}" for index in range(len(WRITTEN[script]))]


def test_ordinary_texts_pass(tmp_path: Path) -> None:
    assert result(tmp_path, texts(*ORDINARY), sought("unreadable", text="text")).observed["failing"] == 0


def test_texts_of_question_marks_alone_count_only_where_they_are_many(tmp_path: Path) -> None:
    rule = sought("unreadable", text="text")
    assert result(tmp_path, texts(*["hello"] * 40, "????"), rule).passed
    assert result(tmp_path, texts("????", "?????", "ok"), rule).observed["failing"] == 2
