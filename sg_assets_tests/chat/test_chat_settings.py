"""The declared chat of a model in its version."""

import datetime
from pathlib import Path

import pytest

from sg_assets.chat.chat_settings import FILE, ChatSettings, read_chat_settings
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.errors import SgAssetsError


def test_settings_are_read_as_written(tmp_path: Path) -> None:
    declared = ChatDeclaration(date=datetime.date(2026, 1, 2), template_arguments={"on": True, "n": 1, "x": "y"})
    settings = ChatSettings(declared=declared, template="{{ x }}\n")
    settings.write(tmp_path)
    assert read_chat_settings(tmp_path) == settings
    assert read_chat_settings(tmp_path).declared.template_arguments["on"] is True


def test_nothing_declared_is_no_file(tmp_path: Path) -> None:
    ChatSettings().write(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert read_chat_settings(tmp_path) == ChatSettings()


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"declared": {"stop": []}}')
    with pytest.raises(SgAssetsError, match="not the declared chat of a model"):
        read_chat_settings(tmp_path)
