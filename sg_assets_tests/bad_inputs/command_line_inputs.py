"""Bad arguments of ``sg-assets``: of every command, and of every option that takes a value."""

from pathlib import Path

import pytest

from sg_assets_tests.bad_inputs.bad_input import BadInput, command

LONG = "a" * 5000


def _says(arguments: str, *says: str) -> BadInput:
    """The case of these arguments in an empty home; ``{home}`` in them is its folder, ``LONG`` 5,000 letters."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        environment.setenv("SG_HOME", str(home / "home"))
        environment.setenv("SG_PROFILE", "tiny")
        given = [part.replace("{home}", str(home)).replace("LONG", LONG) for part in arguments.split(" ")]
        return " ".join(command(*given).split())

    return BadInput(arguments, act, says)


_SCORE = "scores/toxigen[base]"
_NO_NAME = "is not the name of an asset. Write schema/table"
_UNKNOWN = "List versions with `sg-assets versions"
CASES = [
    _says("run raw/forum_coments", "raw/forum_coments", "raw/forum_comments"),
    _says("run /", "'/'", _NO_NAME),
    _says("run ../../etc/passwd", "'../../etc/passwd'", _NO_NAME),
    _says("run raw/caf\udce9", _NO_NAME),
    _says("run raw/LONG", "raw/aaa"),
    _says("run --nope", "No such option: --nope"),
    _says("nope", "No such command 'nope'"),
    _says("status --format xml", "'--format'", "'text', 'json'"),
    _says("status nope", "'nope' is not a variant, schema or asset", "raw"),
    _says("plan nope", "'nope' is not a variant, schema or asset", "raw"),
    _says("backfill", "Missing argument"),
    _says("backfill raw --server nope", "--server", "'nope' is not an address", "http://127.0.0.1:3000"),
    _says("backfill raw --server http://[::1", "--server", "is not an address", "http://127.0.0.1:3000"),
    _says("backfill raw --server ftp://a", "--server", "is not an address", "http://127.0.0.1:3000"),
    _says("backfill raw --server http://a:99999", "--server", "is not an address", "http://127.0.0.1:3000"),
    _says("clean --hours inf", "--hours", "87600"),
    _says("clean --hours nan", "--hours"),
    _says("clean --hours -1", "--hours", "1"),
    _says("clean --hours 1e308", "--hours", "87600"),
    _says("clean --hours x", "--hours", "number"),
    _says(f"history {_SCORE} --last 0", "--last", "1"),
    _says(f"history {_SCORE} --last 1.5", "--last", "integer"),
    _says(f"history {_SCORE} --out {{home}}/nope/a.md", "--out", "there is no folder", "Make it first"),
    _says(f"history {_SCORE} --out {{home}}", "--out", "is a folder", "Name a file"),
    _says(f"history {_SCORE} --out LONG", "--out", "cannot be written"),
    _says(f"history {_SCORE}", f"{_SCORE} has no version"),
    _says(f"why {_SCORE} --format pdf", "--format", "'html'"),
    _says(f"why {_SCORE} --out {{home}}/nope/a.md", "--out", "there is no folder", "Make it first"),
    _says("why x", "'x'", _NO_NAME),
    _says("why raw/x[y", "'raw/x[y'", _NO_NAME),
    _says("versions raw/LONG", "raw/aaa"),
    _says("versions raw/[red]x[/]", "'raw/[red]x[/]'", _NO_NAME),
    _says("show ../../../etc/passwd", "unknown version '../../../etc/passwd'", _UNKNOWN),
    _says("show --code a/b/c", "'a/b/c'", _NO_NAME),
    _says("publish x", "unknown version 'x'", _UNKNOWN),
    _says("revert raw/x", "raw/x has no version"),
    _says("verify raw/nope", "raw/nope has no version"),
    _says("reproduce x", "unknown version 'x'", _UNKNOWN),
    _says("accept raw", "Missing option '--why'"),
    _says("release x", "no target is given", "Name a FOLDER"),
    _says("release x {home}/copy", "'x' is not declared for release", "sft_kto"),
    _says("alerts --format xml", "'--format'", "'text', 'json'"),
    _says("migrate x", "unexpected extra argument"),
    _says("ui --port 0", "--port", "1"),
    _says("ui --port -1", "--port", "1"),
    _says("ui --port 65536", "--port", "65535"),
    _says("ui --port x", "--port", "integer"),
]
