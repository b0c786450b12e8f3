"""Values of the environment, and files and folders of the home, that cannot be used."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sg_assets_tests.bad_inputs.bad_input import BadInput, command

LONG = "a" * 5000
COMMAND = ("versions", "raw/forum_comments")
"""Reads the settings and opens the store, and nothing more."""
Prepare = Callable[[Path], object]


def _set(name: str, variable: str, value: str, *says: str, arguments: tuple[str, ...] = COMMAND) -> BadInput:
    """A variable with a value; ``{home}`` in it is the empty folder of the case."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        (home / "file").touch()
        environment.setenv("SG_HOME", str(home / "home"))
        environment.setenv("SG_PROFILE", "tiny")
        environment.setenv(variable, value.replace("{home}", str(home)))
        answer = command(*arguments)
        assert not (home / "home").exists(), "something was made"
        return answer

    return BadInput(f"{variable} {name}", act, (variable, *says))


def _home(name: str, prepare: Prepare, *says: str, arguments: tuple[str, ...] = COMMAND) -> BadInput:
    """A home that is prepared so."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        profile = home / "tiny"
        profile.mkdir()
        prepare(profile)
        environment.setenv("SG_HOME", str(home))
        environment.setenv("SG_PROFILE", "tiny")
        before = sorted(home.rglob("*"))
        answer = command(*arguments)
        made = set(home.rglob("*")) - set(before)
        assert [path for path in made if path.suffix in (".parquet", ".json") or path.parent.name == "heads"] == []
        return answer

    return BadInput(name, act, says)


def _file(path: str, content: bytes = b"") -> Prepare:
    def prepare(profile: Path) -> None:
        (profile / path).parent.mkdir(parents=True, exist_ok=True)
        (profile / path).write_bytes(content)

    return prepare


def _folder(path: str) -> Prepare:
    return lambda profile: (profile / path).mkdir(parents=True)


def _link(path: str, target: str) -> Prepare:
    def prepare(profile: Path) -> None:
        (profile / path).parent.mkdir(parents=True, exist_ok=True)
        (profile / path).symlink_to(target)

    return prepare


def _pipe(path: str) -> Prepare:
    def prepare(profile: Path) -> None:
        (profile / path).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(profile / path)

    return prepare


_run = partial(_home, arguments=("repair-runs",))
_PATHS = ("SG_PROJECT", "SG_HOME", "SG_STORE", "SG_RAW", "SG_TOXIGEN_DIR")
_UI = ("ui", "--port", "3000")
CASES = [
    *(_set("of 5,000 letters", variable, f"/{LONG}", "too long for a path", "(5,001") for variable in _PATHS),
    *(_set("of no user", variable, "~nouser/x", "'~nouser' names no user's folder", "from /") for variable in _PATHS),
    *(_set("with an escape sequence", variable, "/x\x1b[31m", r"\u001b[31m' has control") for variable in _PATHS),
    *(_set("not UTF-8", variable, "/caf\udce9", r"'/caf\udce9' is not UTF-8", "Rename") for variable in _PATHS),
    *(_set("blank", variable, "  ", "the value is blank", "unset it") for variable in _PATHS),
    *(
        _set("below a file", variable, "{home}/file/x", "/file' is no folder", "move away")
        for variable in ("SG_HOME", "SG_STORE")
    ),
    *(
        _set("a file", variable, "{home}/file", "/file' is no folder", "move away")
        for variable in ("SG_HOME", "SG_STORE", "SG_TOXIGEN_DIR")
    ),
    _set("missing", "SG_RAW", "{home}/nope", "/nope' does not exist"),
    _set("missing", "SG_TOXIGEN_DIR", "{home}/nope", "/nope' does not exist"),
    _set("without declarations", "SG_PROJECT", "{home}", "there is no folder models/profiles", "Set SG_PROJECT"),
    _set("a file", "SG_PROJECT", "{home}/file", "there is no folder models/profiles"),
    _set("with markup", "SG_HOME", "{home}/[red]", "/[red]' has the letters [ ]", "Set SG_HOME"),
    _set("with a star", "SG_HOME", "{home}/*", "/*' has the letters *", "Set SG_HOME"),
    _set("of a kind that is not known", "SG_STORE", "nope://x", "'nope://x' is not a folder or URL"),
    _set("of 5,000 letters, as a URL", "SG_STORE", f"gs://{LONG}", "too long for a URL"),
    _set("of 5,000 letters", "SG_PROFILE", LONG, "(5,000 letters) is not a profile name"),
    _set("with an escape sequence", "SG_PROFILE", "\x1b[31m", r"'\u001b[31m' has control characters"),
    _set("with a path", "SG_PROFILE", "../x", "'../x' is not a profile name"),
    _set("misspelt", "SG_PROFILE", "tinny", "unknown profile 'tinny'", "tiny"),
    _set("of 6,000 digits", "SG_SEED", "9" * 6000, "(6,000 letters) is not a seed", "from 0 to 4294967295"),
    _set("negative", "SG_SEED", "-1", "'-1' is not a seed", "whole number"),
    _set("infinite", "SG_SEED", "inf", "'inf' is not a seed", "whole number"),
    _set("a page", "SG_UI_HOSTS", "https://a", "'https://a' is not a host", "Set it like", arguments=_UI),
    _set("a pattern", "SG_UI_HOSTS", "*", "'*' is not a host", "Set it like", arguments=_UI),
    _home("the store is a file", _file("store"), "store", "Not a directory"),
    _home("store.json is a folder", _folder("store/store.json"), "store.json", "Is a directory"),
    _run("dagster is a file", _file("dagster"), "dagster' is no folder", "move away"),
    _run("the history is a file", _file("dagster/history"), "history' is no folder", "move away"),
    _run("the history is a link that leads nowhere", _link("dagster/history", "nowhere"), "a link that leads nowhere"),
    _run("dagster.yaml is a folder", _folder("dagster/dagster.yaml"), "dagster.yaml", "no regular file", "Move away"),
    _run("dagster.yaml is a pipe", _pipe("dagster/dagster.yaml"), "dagster.yaml", "no regular file", "Move away"),
    _run("dagster.yaml is endless", _link("dagster/dagster.yaml", "/dev/zero"), "no regular file", "Move away"),
    _run("dagster.yaml is no YAML", _file("dagster/dagster.yaml", b"a: ["), "dagster.yaml", "ine 1", "Correct it"),
    _run("dagster.yaml is no UTF-8", _file("dagster/dagster.yaml", b"\xff\xfe"), "dagster.yaml", "UTF-8", "Correct it"),
    _run("dagster.yaml is a list", _file("dagster/dagster.yaml", b"- a"), "dagster.yaml", "no mapping", "Correct it"),
    _run("dagster.yaml has a key of no use", _file("dagster/dagster.yaml", b"a: 1"), 'entry "a"', "Correct it"),
    _run("dagster.yaml runs code by a tag", _file("dagster/dagster.yaml", b"a: !!python/name:os.x"), "ine 1"),
    _run(
        "dagster.yaml names code",
        _file("dagster/dagster.yaml", b"run_launcher: {module: evil, class: Launcher}"),
        "'evil.Launcher' is not a class of Dagster", "Move the file away",
    ),
]  # fmt: skip
