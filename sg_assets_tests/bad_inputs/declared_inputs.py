"""Bad declarations: YAML that reads in two ways or explodes, values that cannot be used, files that lie wrong."""

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sg_assets.declarations.declared_files import declared_files
from sg_assets.declarations.loading import load_declarations
from sg_assets.declarations.record_reading import read_named
from sg_assets.declarations.records.profile import Replicates
from sg_assets.declarations.records.variant import Variant
from sg_assets_tests.bad_inputs.bad_input import BadInput, command, error_of

FILE = "models/variants/x.yaml"
VARIANT = "description: x\nmethod: sft\nparent: base\nmix: balanced\nrank: 16\n"

LAUGHS = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdefg")
)
"""Ten million values in a few lines."""


def _yaml(name: str, added: str | bytes, *says: str) -> BadInput:
    """A variant's file that goes on with ``added``, from line 6."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / FILE
        path.parent.mkdir(parents=True)
        path.write_bytes(VARIANT.encode() + (added.encode() if isinstance(added, str) else added))
        return error_of(lambda: read_named(path, Variant, root))

    return BadInput(name, act, (FILE, *says))


def _file(name: str, make: Callable[[Path], object], *says: str) -> BadInput:
    """Something that lies under models/ or sql/."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        (root / name).parent.mkdir(parents=True)
        make(root / name)
        files = declared_files(root)
        assert files.read == ()
        return str(files.unread[name])

    return BadInput(f"{make.__name__} {name}", act, (name, *says))


def file(path: Path) -> None:
    """An empty file."""
    path.touch()


def pipe(path: Path) -> None:
    """Reading it would wait for ever."""
    os.mkfifo(path)


def dangling_link(path: Path) -> None:
    """Of a file that was moved away."""
    path.symlink_to("/nonexistent")


def endless_link(path: Path) -> None:
    """Reading it would fill the memory."""
    path.symlink_to("/dev/zero")


def _unknown_profile(root: Path, environment: pytest.MonkeyPatch) -> str:
    environment.setenv("SG_PROFILE", "tinny")
    environment.setenv("SG_HOME", str(root / "home"))
    answer = command("versions", "raw/forum_comments")
    assert not (root / "home").exists()
    return answer


def _empty_project(root: Path, _: pytest.MonkeyPatch) -> str:
    (root / "models/profiles").mkdir(parents=True)
    (root / "models/profiles/tiny.yml").touch()
    return error_of(lambda: load_declarations(root, "tiny"))


def _seeds(root: Path, _: pytest.MonkeyPatch) -> str:
    (root / "x.yaml").write_text("seeds: [1, 010]\n")
    return error_of(lambda: read_named(root / "x.yaml", Replicates, root))


CASES = [
    _yaml("a key twice", "rank: 8\n", "line 6", "'rank' stands there twice", "line 5", "Keep one"),
    _yaml("a group twice", "training: {epochs: 2}\ntraining: {beta: 1}\n", "line 7", "'training'", "line 6"),
    _yaml("an octal number", "seed: 010\n", "line 6", "the number 8", "the number 10", "quotes"),
    _yaml("a time", "training:\n  epochs: 1:30\n", "line 7", "the number 90", "a text"),
    _yaml("a word for true", "training:\n  gradient_checkpointing: yes\n", "line 7", "Write true"),
    _yaml("an infinite rate", "training: {learning_rate: .inf}\n", "line 6", "not a finite number"),
    _yaml("a rate that is no number", "training: {learning_rate: 'nan'}\n", "line 6", "training.learning_rate"),
    _yaml("a rate of nothing", "training: {learning_rate: 0}\n", "line 6", "greater than 0"),
    _yaml("a seed of 30 digits", f"seed: {'7' * 30}\n", "line 6", "is too large", "9223372036854775807"),
    _yaml("a number of 6,000 digits", f"seed: {'7' * 6000}\n", "line 6", "6000 characters"),
    _yaml("a number with underscores", "training: {max_length: 1_000}\n", "line 6", "Write 1000"),
    _yaml("a seed that is a switch", "seed: true\n", "seed", "integer", "line 6"),
    _yaml("a share of 5", "training: {warmup_ratio: 5}\n", "training.warmup_ratio", "less than 1"),
    _yaml("aliases that multiply", LAUGHS, "line 10", "100,000 values"),
    _yaml("100,000 maps", "training: " + "{a: " * 100_000, "line 6", "more than 100 deep"),
    _yaml("an object of Python", "training: !!python/object/apply:os.getcwd []\n", "line 6", "YAML tag"),
    _yaml("a tab", "training:\n\tepochs: 1\n", "line 7", "not tabs"),
    _yaml("NUL", "auto: \0\n", "line 6", "U+0000"),
    _yaml("another coding", "description: é\n".encode("latin-1"), "line 6", "Save it as UTF-8"),
    _file("models/expectations/raw/forum_comments.yml", file, "Rename it to forum_comments.yaml"),
    _file("sql/a/b/x.sql", file, "sql/<schema>/<table>.sql"),
    _file("sql/a/x.SQL", file, "Rename it to x.sql"),
    _file("models/variant/x.yaml", file, "Did you mean 'variants'?"),
    _file("models/variants/x.yaml", dangling_link, "leads to no file"),
    _file("sql/a/x.sql", pipe, "not a regular file"),
    _file("models/judges/x.yaml", endless_link, "not a regular file"),
    BadInput("an unknown profile", _unknown_profile, ("SG_PROFILE", "'tinny'", "Did you mean 'tiny'?")),
    BadInput("a profile that ends in .yml", _empty_project, ("unknown profile 'tiny'", "tiny.yml is not read")),
    BadInput("a seed among others", _seeds, ("x.yaml, line 1", "'010' differently")),
]  # fmt: skip
