"""What options of several commands mean."""

from pathlib import Path

import pytest

from sg_assets.cli.options import Format, TextOrJson, checked_address, checked_file, open_store, require_plain
from sg_assets.errors import SgAssetsError


def test_the_store_is_that_of_the_profile_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.delenv("SG_STORE", raising=False)
    store = open_store()
    assert (store.profile, Path(store.root.path)) == ("tiny", tmp_path / "tiny/store")


def test_a_list_has_only_formats_that_documents_have() -> None:
    assert {str(name) for name in TextOrJson} < {str(name) for name in Format}


@pytest.mark.parametrize(
    "address",
    ["nope", "", "http://", "http://[::1", "ftp://a", "file:///x", "http://a:99999", "http://a:x", "http://a:0"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SgAssetsError, match=r"is not an address. Give it like"):
        checked_address(address)


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:3000", "https://ui.example.org/", "http://[::1]:3000"])
def test_an_address_stays(address: str | None) -> None:
    assert checked_address(address) == address


def test_a_file_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, why in {
        tmp_path: "is a folder",
        tmp_path / "missing" / "a.md": "there is no folder",
        tmp_path / "file" / "a.md": "there is no folder",
        tmp_path / ("a" * 5000): "cannot be written",
        tmp_path / ("a" * 5000) / "b": "cannot be written|no folder",
    }.items():
        with pytest.raises(SgAssetsError, match=why):
            checked_file(path)
    for usable in (None, tmp_path / "new.md", tmp_path / "file"):
        assert checked_file(usable) == usable


@pytest.mark.parametrize("argument", ["\x1b[31m", "a\x00b", "\r", "\x07", "\x9b31m", "\x7f"])
def test_control_characters_of_an_argument_are_refused(argument: str) -> None:
    with pytest.raises(SgAssetsError, match=r"argument 2 has control characters: '.*\\u00"):
        require_plain(["show", argument])


def test_other_arguments_are_taken() -> None:
    require_plain(["accept", "a", "--why", "two\nlines, ஐ \u200f and a name of other bytes \udce9"])
