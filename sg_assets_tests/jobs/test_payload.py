"""Payloads: written, read, and refused where they are not what they should be."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.jobs.payload import contents_of, read_payload
from sg_assets_tests.jobs.payloads import payload, written


def edited(file: Path, **values: Any) -> Path:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))
    return file


def test_a_payload_is_read_as_it_was_written(tmp_path: Path) -> None:
    version: Any = SimpleNamespace(ref="models/chat[base]", version="v", fingerprint="f" * 32)
    reads = contents_of([version], lambda _: tmp_path)
    file = written(tmp_path / "job", spec={"rank": 8}, reads=reads, base="f" * 32)
    assert read_payload(file) == payload(spec={"rank": 8}, reads=reads, base="f" * 32)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"contract": 2}, "contract"),
        ({"work": "os"}, "work"),
        ({"device": "tpu"}, "device"),
        ({"token": "secret"}, "token"),
    ],
)
def test_another_contract_and_other_values_are_refused_by_name(
    tmp_path: Path, values: dict[str, Any], named: str
) -> None:
    file = edited(written(tmp_path / "job"), **values)
    with pytest.raises(SgAssetsError, match=named) as error:
        read_payload(file)
    assert "secret" not in str(error.value)


def test_a_content_that_is_not_there_is_named(tmp_path: Path) -> None:
    content = {"ref": "training/sft_examples", "version": "v", "fingerprint": "f", "path": str(tmp_path / "gone")}
    with pytest.raises(SgAssetsError, match="the content of training/sft_examples is not there"):
        read_payload(written(tmp_path / "job", reads=[content]))


def test_no_payload_is_said(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no such payload"):
        read_payload(tmp_path / "payload.json")
