"""Paths of the environment, refused before anything is made below them."""

from pathlib import Path

import pytest

from sg_assets.errors import InvalidSettingError
from sg_assets.processes.environment_paths import named_path, quoted, readable_value, require_folder

UNUSABLE = {
    "long name": ("a" * 5000, "too long for a path"),
    "long path": ("/" + "/".join(["a" * 200] * 30), "too long for a path"),
    "name of 256 bytes": ("/x/" + "a" * 256, "too long for a path"),
    "letters of several bytes": ("/x/" + "ஐ" * 100, "too long for a path"),
    "no user": ("~nouser/x", "'~nouser' names no user's folder"),
    "long user": ("~" + "a" * 5000, "names no user's folder"),
    "blank": ("  ", "the value is blank"),
    "line end": ("/x/a\nb", r"'/x/a\nb' has control characters"),
    "escape sequence": ("/x/\x1b[31m", r"'/x/\u001b[31m' has control characters"),
    "delete": ("/x/\x7f", "has control characters"),
    "tab": ("/x/\t", "has control characters"),
    "not UTF-8": ("/x/caf\udce9", r"'/x/caf\udce9' is not UTF-8"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_value_that_no_file_can_have_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, reason = UNUSABLE[name]
    monkeypatch.setenv("SG_HOME", value)
    with pytest.raises(InvalidSettingError) as refused:
        named_path("SG_HOME")
    text = str(refused.value)
    assert text.startswith("SG_HOME: ")
    assert reason in text
    assert len(text) < 500
    assert text.isprintable()


def test_a_variable_that_is_not_set_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_HOME", "")
    assert named_path("SG_HOME") is None
    monkeypatch.delenv("SG_HOME")
    assert named_path("SG_HOME") is None
    assert readable_value("SG_HOME") == ""


@pytest.mark.parametrize("value", ["/x/[red]x[/]", "/x/ஐ", "/x/a b", "/x/" + "a" * 255, "relative", "~/x"])
def test_other_paths_are_absolute(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_RAW", value)
    path = named_path("SG_RAW")
    assert path is not None
    assert path.is_absolute()
    assert path.name == Path(value).name


def test_a_relative_path_needs_a_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setenv("SG_HOME", "relative")
    with pytest.raises(InvalidSettingError, match="SG_HOME: 'relative' has no beginning"):
        named_path("SG_HOME")


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to(tmp_path / "nowhere")
    for path in (file, file / "a", file / "a" / "b"):
        with pytest.raises(InvalidSettingError, match=f"SG_HOME: '{file}' is no folder.*Set SG_HOME to"):
            require_folder("SG_HOME", path)
    with pytest.raises(InvalidSettingError, match="is a link that leads nowhere"):
        require_folder("SG_HOME", link / "a")
    require_folder("SG_HOME", tmp_path)
    require_folder("SG_HOME", tmp_path / "new" / "newer")


def test_a_quote_is_short_and_one_line() -> None:
    assert quoted("a\nb") == r"'a\nb'"
    assert quoted("a" * 5000) == f"'{'a' * 200}...' (5,000 letters)"
