"""Bad chats: templates, tokens and lengths of chat models that are not trained here."""

import json
from pathlib import Path
from typing import Any

import pytest

from sg_assets.chat.chat_loading import require_context
from sg_assets.chat.chat_settings import read_chat_settings
from sg_assets.chat.decoding import greedy_changes, read_generation_config
from sg_assets.declarations.declared_files import declared_files, read_text
from sg_assets.declarations.record_reading import read_named
from sg_assets.declarations.records.profile import Profile
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of
from sg_assets_tests.paths import PROJECT

PROFILE = "models/profiles/tiny.yaml"
SHIPPED = (PROJECT / PROFILE).read_text()


def _declared(name: str, model: dict[str, Any], *says: str) -> BadInput:
    """A profile whose base is declared so."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / PROFILE
        path.parent.mkdir(parents=True)
        path.write_text(SHIPPED.replace("base: {seed: 0}", f"base: {json.dumps(model)}"))
        return error_of(lambda: read_named(path, Profile, root))

    return BadInput(name, act, (PROFILE, "chat_models.base", *says))


def _hub(**chat: Any) -> dict[str, Any]:
    return {"hub": {"repo": "sg/tiny", "revision": "main"}, "chat": chat}


def _config(name: str, content: str, *says: str) -> BadInput:
    """A model whose generation config is so."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        (root / "generation_config.json").write_text(content)
        return error_of(lambda: greedy_changes(read_generation_config(root), "sg/tiny@main"))

    return BadInput(name, act, says)


def _file(name: str, file: str, *says: str) -> BadInput:
    """A file that lies in the wrong folder."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        (root / file).parent.mkdir(parents=True)
        (root / file).touch()
        return str(declared_files(root).unread[file])

    return BadInput(name, act, (file, *says))


def _unreadable_template(root: Path, _: pytest.MonkeyPatch) -> str:
    (root / "x.jinja").write_bytes(b"{{ messages }}\xff")
    return error_of(lambda: read_text(root / "x.jinja", "models/chat_templates/x.jinja"))


def _damaged_settings(root: Path, _: pytest.MonkeyPatch) -> str:
    (root / "chat.json").write_text("{")
    return error_of(lambda: read_chat_settings(root))


def _too_long(_: Path, __: pytest.MonkeyPatch) -> str:
    return error_of(lambda: require_context(8192, 9000, asked_by="training.max_length", where="sg/tiny@main"))


CASES: list[BadInput] = [
    _declared("a template outside its folder", _hub(chat_template="../../x.jinja"), "chat.chat_template"),
    _declared("a chat of a model trained here", {"seed": 0, "chat": {"system": "x"}}, "trained here"),
    _declared("a misspelt key of a chat", _hub(sytem="x"), "unknown key", "sytem"),
    _declared("an argument that is given already", _hub(template_arguments={"messages": "x"}), "'messages'"),
    _declared("a date that is none", _hub(date="2026-13-01"), "chat.date"),
    _config("beams", '{"num_beams": 4}', "sg/tiny@main", "num_beams: 4", "generation_config: plain"),
    _config("a generation config that is a list", "[]", "generation_config.json", "not an object"),
    _file("a template among variants", "models/variants/x.jinja", "models/chat_templates/"),
    _file("a template in no folder", "models/x.jinja", "models/chat_templates/"),
    _file("a declaration among templates", "models/chat_templates/x.yaml", "Chat templates end in .jinja"),
    BadInput("a template that is no text", _unreadable_template, ("models/chat_templates/x.jinja", "not UTF-8")),
    BadInput("settings that are damaged", _damaged_settings, ("chat.json", "not the declared chat of a model")),
    BadInput("rows longer than the model takes", _too_long, ("sg/tiny@main", "9,000", "8,192", "at most 8,192")),
]
