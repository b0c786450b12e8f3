"""Checked declarations are cached, and read again whenever anything that decides them has changed."""

import ast
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sg_assets.declarations import cache
from sg_assets.declarations.cache import FILE, SOURCES, cached_project
from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

PACKAGE = Path(cache.__file__).parents[1]
Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, with its cache in its home."""
    folder = tmp_path_factory.mktemp("cached")
    for name in ("models", "sql"):
        shutil.copytree(PROJECT / name, folder / "project" / name)
    (folder / "home").mkdir()
    load(folder)
    return folder


@pytest.fixture
def folder(before: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same; reading its declarations again is an error."""
    monkeypatch.setattr(cache, "read_project", read_again)
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
    cached, read = load(folder), read_project(folder / "project", "demo", generated_comments=True)
    assert cached == read
    for asset, sql in read.declared.sql.items():
        assert cached.declared.sql[asset].query.canonical == sql.query.canonical
        assert cached.declared.sql[asset].query.tree == sql.query.tree


@pytest.mark.parametrize(
    "options", [{"profile": "tiny"}, {"generated_comments": False}, {"seed": 5}], ids=lambda options: str(*options)
)
def test_asked_otherwise_it_is_read_again(folder: Path, options: dict[str, object]) -> None:
    with pytest.raises(ReadAgainError):
        load(folder, **options)  # type: ignore[arg-type]


def edited(path: str) -> Change:
    def edit(root: Path) -> None:
        with (root / path).open("a") as file:
            file.write("\n")

    return edit


def labelled(root: Path) -> None:
    (root / "data").mkdir()
    (root / "data/labelled_by_people.csv").write_text("text_id,label\n")


def linked(root: Path) -> None:
    """A folder that becomes a link, with another variant in it."""
    (root / "models/variants").rename(root / "elsewhere")
    (root / "models/variants").symlink_to(root / "elsewhere")
    edited("elsewhere/kto.yaml")(root)


CHANGES: dict[str, Change] = {
    "a variant": edited("models/variants/kto.yaml"),
    "an expectation": edited("models/expectations/raw/forum_comments.yaml"),
    "a SELECT": edited("sql/templated/prompts.sql"),
    "a new file": lambda root: (root / "sql/templated/new.sql").write_text("SELECT 1 AS number"),
    "a file less": lambda root: (root / "models/variants/kto.yaml").unlink(),
    "a renamed file": lambda root: (root / "models/variants/kto.yaml").rename(root / "models/variants/other.yaml"),
    "a sample that rules name": labelled,
    "a file that is not read": lambda root: (root / "models/variants/new.yml").touch(),
    "a pipe": lambda root: os.mkfifo(root / "sql/templated/new.sql"),
    "a variant in a linked folder": linked,
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


@pytest.mark.parametrize("source", ["declarations/validate/binding.py", "declarations/records/base.py", "errors.py"])
def test_other_code_reads_it_again(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str) -> None:
    own = tmp_path / "sg_assets"
    for name in SOURCES:
        path = PACKAGE / name
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        _ = shutil.copytree(path, own / name) if path.is_dir() else shutil.copy(path, own / name)
    monkeypatch.setattr(cache, "_PACKAGE", own)
    load(folder)
    edited(source)(own)
    with pytest.raises(ReadAgainError):
        load(folder)


def imported(file: Path) -> set[str]:
    """The modules of the package that a file imports, as files."""
    tree = ast.parse(file.read_text())
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    parts = [name.split(".")[1:] for name in names if name.startswith("sg_assets.")]
    return {"/".join(path) + ".py" for path in parts if path[0] != "declarations"}


def test_all_code_that_declarations_import_counts() -> None:
    waiting = list((PACKAGE / "declarations").rglob("*.py"))
    others: set[str] = set()
    while waiting:
        new = imported(waiting.pop()) - others
        others |= new
        waiting += [PACKAGE / name for name in new]
    assert sorted(SOURCES) == sorted({"declarations", *others})


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda file: file[:-1], lambda file: file.swapcase()])
def test_a_file_that_is_not_whole_is_read_again(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    file = folder / "home" / FILE
    whole = file.read_bytes()
    try:
        file.write_bytes(spoil(whole))
        with pytest.raises(ReadAgainError):
            load(folder)
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize("content", [b'["no", "project"]', b"cposix\nmkdir\n(Vharmed\ntR."], ids=["JSON", "pickle"])
def test_a_file_that_somebody_else_wrote_does_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    file = folder / "home" / FILE
    whole = file.read_bytes()
    label = cache._Label.model_validate_json(whole.split(b"\n")[0])
    forged = label.model_copy(update={"content": cache._digest([content])})
    try:
        file.write_bytes(forged.model_dump_json().encode() + b"\n" + content)
        with pytest.raises(ReadAgainError):
            load(folder)
    finally:
        file.write_bytes(whole)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [date(2024, 2, 29), float("inf")])
def test_what_json_does_not_hold_is_not_kept(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    project = load(before)
    rule = project.declared.expectations["raw/forum_comments"][0].model_copy(update={"kwargs": {"value_set": [value]}})
    declared = replace(project.declared, expectations={"raw/forum_comments": (rule,)})
    monkeypatch.setattr(cache, "read_project", lambda *_, **__: replace(project, declared=declared))
    shutil.copytree(before / "project", tmp_path / "project")
    (tmp_path / "home").mkdir()
    assert load(tmp_path).declared == declared
    assert list((tmp_path / "home").iterdir()) == []


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
