"""Every file under models/ and sql/ is read, or named with the reason that it is not."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.declarations.declared_files import LARGEST_FILE, declared_files, printable, read_bytes
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("models/variants/a.yaml", "models/templates.yaml", "models/expectations/raw.yaml", "sql/x/y.sql"):
        write(tmp_path, name)
    return tmp_path


def write(root: Path, name: str, text: str = "") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_shipped_files_are_all_read() -> None:
    files = declared_files(PROJECT)
    assert files.unread == {}
    named = [*PROJECT.glob("models/**/*.yaml"), *PROJECT.glob("sql/**/*.sql")]
    assert sorted(files.read) == sorted(named)


MISPLACED = {
    "models/expectations/raw/forum_comments.yml": "Rename it to forum_comments.yaml",
    "models/variants/b.yml": "Rename it to b.yaml",
    "models/variants/b.YAML": "Rename it to b.yaml",
    "models/benchmarks/b.Yml": "Rename it to b.yaml",
    "models/profiles/big.yml": "Rename it to big.yaml",
    "models/alerts.yml": "Rename it to alerts.yaml",
    "models/variants/b.json": "Files of models/ end in .yaml",
    "models/variants/b": "Files of models/ end in .yaml",
    "models/variants/b.yaml.bak": "Files of models/ end in .yaml",
    "models/variants/b.yaml.orig": "Files of models/ end in .yaml",
    "models/variants/.b.yaml": "Its name begins with a dot",
    "models/variants/old/b.yaml": "Move it to models/variants/<name>.yaml",
    "models/variant/b.yaml": "Did you mean 'variants'?",
    "models/forum_comments.yaml": "It lies in models/",
    "models/template.yaml": "Did you mean 'templates'?",
    "models/expectations/raw/forum/comments.yaml": "Move it to models/expectations/<schema>.yaml",
    "models/expectation/raw.yaml": "Did you mean 'expectations'?",
    "models/variants/b.jinja": "Chat templates end in .jinja and lie in models/chat_templates/",
    "models/b.jinja": "Chat templates end in .jinja",
    "models/chat_templates/b.yaml": "Chat templates end in .jinja",
    "models/chat_templates/old/b.jinja": "Chat templates end in .jinja",
    "models/variants/b.sql": ".sql files belong below sql/",
    "sql/b.sql": "Move it to sql/<schema>/<table>.sql",
    "sql/a/b/x.sql": "Move it to sql/<schema>/<table>.sql",
    "sql/a/b/c/d/x.sql": "Move it to sql/<schema>/<table>.sql",
    "sql/x/y.SQL": "Rename it to y.sql",
    "sql/x/rules.yaml": ".yaml files belong below models/",
    "sql/x/y.psql": "Files of sql/ end in .sql",
    "sql/x/data.csv": "Files of sql/ end in .sql",
}


@pytest.mark.parametrize("name", MISPLACED)
def test_a_file_that_lies_wrong_is_named_with_the_remedy(root: Path, name: str) -> None:
    path = write(root, name)
    files = declared_files(root)
    assert path not in files.read
    assert set(files.unread) == {name}
    assert str(files.unread[name]).startswith(f"{name}: is not read.")
    assert MISPLACED[name] in str(files.unread[name])


def linked_nowhere(path: Path) -> None:
    path.symlink_to("/nonexistent/x.yaml")


def linked_to_itself(path: Path) -> None:
    path.symlink_to(path)


def served(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path has at most 108 letters
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def enlarged(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)


NO_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a dangling link": (linked_nowhere, "is a link that leads to no file"),
    "a link to itself": (linked_to_itself, "is a link that leads to no file"),
    "a pipe": (os.mkfifo, "is not a regular file"),
    "a socket": (served, "is not a regular file"),
    "an endless device": (lambda path: path.symlink_to("/dev/zero"), "is not a regular file"),
    "a folder": (lambda path: path.mkdir(), "is a folder named like a file"),
    "a huge file": (enlarged, "has 1,000,001 bytes"),
}


@pytest.mark.parametrize("name", ["models/variants/b.yaml", "models/lexicon.yaml", "sql/x/z.sql"])
@pytest.mark.parametrize("case", NO_FILES)
def test_what_is_no_file_is_named_and_never_opened(root: Path, name: str, case: str) -> None:
    make, expected = NO_FILES[case]
    make(root / name)
    files = declared_files(root)
    assert root / name not in files.read
    assert str(files.unread[name]).startswith(f"{name}: {expected}")


LEFT_ALONE = [
    "models/README.md", "sql/x/notes.txt", "models/.gitkeep", "models/.git/x.yaml", "models/variants/a.yaml~",
    "models/variants/.a.yaml.swp", "models/variants/.#a.yaml",
]  # fmt: skip


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_notes_and_copies_of_editors_may_lie_there(root: Path, name: str) -> None:
    write(root, name)
    assert declared_files(root).unread == {}


def test_a_linked_folder_is_read_like_any_other(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("shared")
    write(elsewhere, "m.yaml")
    (root / "models/mixes").symlink_to(elsewhere)
    assert [path.name for path in declared_files(root).in_folder("mixes")] == ["m.yaml"]


def test_a_folder_that_leads_back_to_itself_is_named(root: Path) -> None:
    (root / "models/variants/again").symlink_to(root / "models")
    files = declared_files(root)
    assert "is a folder that cannot be followed" in str(files.unread["models/variants/again"])


@pytest.mark.parametrize("name", ["\x1b[31mred.yaml", "a\nb.yaml", "a\u202eb.yaml", os.fsdecode(b"caf\xe9.yaml")])
def test_a_name_that_cannot_be_shown_is_escaped(root: Path, name: str) -> None:
    write(root, f"models/variants/{name}")
    (error,) = declared_files(root).unread.values()
    assert "has a name with letters that cannot be shown" in str(error)
    assert str(error).isprintable()
    assert printable(name).isprintable()


def test_a_project_may_be_without_sql(tmp_path: Path) -> None:
    write(tmp_path, "models/variants/a.yaml")
    assert len(declared_files(tmp_path).read) == 1


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"^models/x.yaml: the file is missing"):
        read_bytes(tmp_path / "x.yaml", "models/x.yaml")
    with pytest.raises(SgAssetsError, match=r"^models/x: cannot be read"):
        read_bytes(tmp_path, "models/x")
