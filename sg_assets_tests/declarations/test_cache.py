"""What was declared is kept, and read again whenever anything that decides it has changed."""

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.declarations import cache as kept
from sg_assets.declarations.cache import FILE, cached_project
from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, with what is kept of it in its home."""
    folder = tmp_path_factory.mktemp("kept")
    for name in ("models", "sql"):
        shutil.copytree(PROJECT / name, folder / "project" / name)
    (folder / "home").mkdir()
    load(folder)
    return folder


@pytest.fixture
def folder(before: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, in its place; what changes is put back after the test."""
    monkeypatch.setattr(kept, "read_project", read_again)
    return before


class ReadAgainError(Exception):
    """The declarations were read."""


def read_again(*_: object, **__: object) -> ProjectDeclarations:
    raise ReadAgainError


def load(
    folder: Path, profile: str = "demo", *, generated_comments: bool = True, seed: int | None = None
) -> ProjectDeclarations:
    root, home = folder / "project", folder / "home"
    return cached_project(root, profile, home, generated_comments=generated_comments, seed=seed)


def test_it_is_what_reading_gives(folder: Path) -> None:
    found, read = load(folder), read_project(folder / "project", "demo", generated_comments=True)
    assert found == read
    for asset, one in read.declared.sql.items():
        assert found.declared.sql[asset].query.canonical == one.query.canonical
        assert found.declared.sql[asset].query.tree == one.query.tree


@pytest.mark.parametrize(
    "otherwise", [{"profile": "tiny"}, {"generated_comments": False}, {"seed": 5}], ids=lambda one: str(*one)
)
def test_asked_otherwise_it_is_read_again(folder: Path, otherwise: dict[str, object]) -> None:
    with pytest.raises(ReadAgainError):
        load(folder, **otherwise)  # type: ignore[arg-type]


def edited(path: str) -> Change:
    def edit(root: Path) -> None:
        with (root / path).open("a") as file:
            file.write("\n")

    return edit


def labelled(root: Path) -> None:
    (root / "data").mkdir()
    (root / "data/labelled_by_people.csv").write_text("text_id,label\n")


CHANGES: dict[str, Change] = {
    "a variant": edited("models/variants/kto.yaml"),
    "an expectation": edited("models/expectations/raw/forum_comments.yaml"),
    "a SELECT": edited("sql/templated/prompts.sql"),
    "a new file": lambda root: (root / "sql/templated/new.sql").write_text("SELECT 1 AS one"),
    "a file less": lambda root: (root / "models/variants/kto.yaml").unlink(),
    "a renamed file": lambda root: (root / "models/variants/kto.yaml").rename(root / "models/variants/other.yaml"),
    "a sample that rules name": labelled,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_it_is_read_again(folder: Path, tmp_path: Path, change: Change) -> None:
    root, aside = folder / "project", tmp_path / "aside"
    shutil.copytree(root, aside)
    try:
        change(root)
        with pytest.raises(ReadAgainError):
            load(folder)
    finally:
        shutil.rmtree(root)
        aside.rename(root)
    load(folder)


def test_other_code_reads_it_again(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "declarations"
    shutil.copytree(Path(kept.__file__).parent, own, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kept, "__file__", str(own / "kept.py"))
    load(folder)
    edited("binding.py")(own)
    with pytest.raises(ReadAgainError):
        load(folder)


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda one: one[:-1], lambda one: one.swapcase()])
def test_a_file_that_is_not_whole_is_read_again(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    file = folder / "home" / FILE
    whole = file.read_bytes()
    try:
        file.write_bytes(spoil(whole))
        with pytest.raises(ReadAgainError):
            load(folder)
    finally:
        file.write_bytes(whole)


class Harmful:
    """Does something where it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, ("harmed",)


def test_a_file_that_somebody_else_wrote_does_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    file = folder / "home" / FILE
    whole = file.read_bytes()
    content = pickle.dumps((Harmful(), None, None))
    label = kept._Label.model_validate_json(whole.split(b"\n")[0])
    forged = label.model_copy(update={"content": kept._digest([content])})
    try:
        file.write_bytes(forged.model_dump_json().encode() + b"\n" + content)
        with pytest.raises(ReadAgainError):
            load(folder)
    finally:
        file.write_bytes(whole)
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_told_each_time_and_not_kept(before: Path, tmp_path: Path) -> None:
    shutil.copytree(before / "project", tmp_path / "project")
    (tmp_path / "home").mkdir()
    (tmp_path / "project/models/variants/kto.yaml").write_text("method: sft\n")
    for _ in range(2):
        with pytest.raises(SgAssetsError, match=r"models/variants/kto\.yaml"):
            load(tmp_path)
    assert list((tmp_path / "home").iterdir()) == []


def test_without_a_home_nothing_is_kept(before: Path, tmp_path: Path) -> None:
    (tmp_path / "project").symlink_to(before / "project")
    load(tmp_path)
    assert not (tmp_path / "home").exists()


def test_where_nothing_can_be_written_it_is_read_each_time(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    (tmp_path / "project").symlink_to(before / "project")
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(Path, "write_bytes", full)
    assert load(tmp_path).graph == load(before).graph
