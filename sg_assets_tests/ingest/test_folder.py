"""What lies under a folder: read, skipped with a reason, or refused, and never opened to find out."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.folder import SkippedFile, kind_of_file, list_folder, report_skipped, shown


def names(folder: Path) -> list[str]:
    return [name for name, _ in list_folder(folder).files]


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")


def test_files_of_linked_folders_are_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "deep" / "b.csv")
    write(tmp_path / "in" / "a.csv")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "file.csv").symlink_to(tmp_path / "elsewhere" / "deep" / "b.csv")
    assert names(tmp_path / "in") == ["a.csv", "file.csv", "link/deep/b.csv"]


@pytest.mark.parametrize("target", [".", "sub", "sub/deep"])
def test_a_folder_that_is_linked_again_is_read_once_and_named(tmp_path: Path, target: str) -> None:
    write(tmp_path / "sub" / "deep" / "a.csv")
    (tmp_path / "again").symlink_to(tmp_path / target)
    listing = list_folder(tmp_path)
    assert [name for name, _ in listing.files] == ["sub/deep/a.csv"]
    assert listing.skipped == [SkippedFile("again/", f"the same folder as {target}")]


def test_folders_that_link_to_each_other_end(tmp_path: Path) -> None:
    for number in range(9):
        write(tmp_path / "in" / f"{number}" / "a.csv")
        for other in range(9):
            (tmp_path / "in" / f"{number}" / f"to{other}").symlink_to(tmp_path / "in" / f"{other}")
    assert len(names(tmp_path / "in")) == 9


def test_hidden_files_and_folders_are_named_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / ".git" / "a.csv")
    write(tmp_path / "sub" / ".a.csv")
    os.mkfifo(tmp_path / ".pipe")
    assert [skipped.name for skipped in list_folder(tmp_path).skipped] == [".git", ".pipe", "sub/.a.csv"]


def dangling(path: Path) -> None:
    path.symlink_to("/nowhere/x.jsonl")


def looped(path: Path) -> None:
    path.symlink_to(path)


def to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))


ODD = [
    ("a link to nothing", dangling),
    ("a link to nothing", looped),
    ("a named pipe", os.mkfifo),
    ("a device", to_zeros),
    ("a socket", bound),
]


@pytest.mark.parametrize(("kind", "make"), ODD)
@pytest.mark.parametrize("name", ["x.jsonl", "sub/y.csv.gz", "README.md", "z"])
def test_what_is_no_file_is_refused_by_name(tmp_path: Path, kind: str, make: Any, name: str) -> None:
    (tmp_path / "sub").mkdir()
    path = tmp_path / name
    make(path)
    assert kind_of_file(path) == kind
    with pytest.raises(SgAssetsError, match=f"{name}: this is {kind}, not a file"):
        list_folder(tmp_path)


@pytest.mark.parametrize("name", [b"a\xe9.csv", b"a\x1b[31m.csv", b"a\n.csv", b"sub\xff/a.csv"])
def test_a_name_that_cannot_be_printed_is_refused_and_escaped(tmp_path: Path, name: bytes) -> None:
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)))
    with pytest.raises(SgAssetsError, match="its name is not printable UTF-8") as caught:
        list_folder(tmp_path)
    assert str(caught.value).isprintable()


def test_an_endless_folder_ends_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sg_assets.ingest.folder.MOST_ENTRIES", 20)
    for number in range(21):
        write(tmp_path / f"{number}.csv")
    with pytest.raises(SgAssetsError, match="more than 20 files"):
        list_folder(tmp_path)


def test_what_is_not_read_is_in_the_log_and_the_details() -> None:
    lines: list[str] = []
    details: dict[str, Any] = {}
    report_skipped([SkippedFile("README.md", "a text")], details, lines.append)
    assert lines == ["not read: README.md (a text)"]
    assert details == {"files_not_read": 1, "not_read": [{"name": "README.md", "reason": "a text"}]}


def test_paths_are_shown_without_control_characters() -> None:
    assert shown("a\x1b[0m/b\udce9 c") == "a\\x1b[0m/b\\xe9 c"
