"""The declared chat of a model, beside the list of its files in the version of ``models/chat``."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.errors import SgAssetsError

FILE: Final = "chat.json"
"""Name of the file in an artifact's folder; absent where nothing is declared."""


class ChatSettings(BaseModel):
    """What is declared of a model's chats, with the text of the template."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    declared: ChatDeclaration = ChatDeclaration()
    template: str | None = None
    """The text of the declared template."""

    def write(self, folder: Path) -> None:
        """Write it into a folder, where anything is declared: the same settings give the same bytes."""
        if self != ChatSettings():
            text = self.model_dump_json(indent=1, exclude_defaults=True)
            (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_chat_settings(artifact: Path) -> ChatSettings:
    """The settings in the folder of a version of ``models/chat``.

    Raises:
        SgAssetsError: the file is not of that kind.
    """
    file = artifact / FILE
    if not file.is_file():
        return ChatSettings()
    try:
        return ChatSettings.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise SgAssetsError("not the declared chat of a model", where=str(file), why=str(error)) from error
