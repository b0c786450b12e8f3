"""The step that pins a chat model which is not trained here: its files, and that chats with it can be written."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.hub.pin_step import pin_model

if TYPE_CHECKING:
    from sg_assets.chat.chat_settings import ChatSettings
    from sg_assets.declarations.records.model_files import ModelFiles
    from sg_assets.declarations.token_needs import TokenNeed
    from sg_assets.store.workspace import Workspace


def pin_chat_model(
    workspace: "Workspace", hub: "ModelFiles", root: Path, settings: "ChatSettings", needs: "Sequence[TokenNeed]"
) -> None:
    """Resolve a declared chat model to its current files, write their list, and see that its chats can be written.

    Args:
        workspace: Of the model.
        hub: The model's files.
        root: What relative paths lie below.
        settings: What is declared of its chats, written beside the list.
        needs: How many tokens the profile asks of it.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, there is no such folder or no model in safetensors, or
            chats with the model cannot be written, ended or padded, or are longer than it takes. Its weights are not
            fetched.
    """
    pin_model(workspace, hub, root)
    settings.write(workspace.result_folder)
    check_chat(workspace, hub.label, settings, needs)


def check_chat(workspace: "Workspace", where: str, settings: "ChatSettings", needs: "Sequence[TokenNeed]") -> None:
    """Refuse a pinned model with which no chat is possible, and note what was decided of its chats.

    Args:
        workspace: Of the model; its result names the files.
        where: The model, for errors.
        settings: What is declared of its chats.
        needs: How many tokens the profile asks of it.

    Raises:
        SgAssetsError: as :func:`pin_chat_model`.
    """
    from sg_assets.chat.chat_loading import load_chat, require_context
    from sg_assets.hub.fetch import chat_folder

    folder = chat_folder(workspace.result_folder)
    chat = load_chat(folder.path, settings, trust_remote_code=folder.trust_remote_code, where=where)
    for need in needs:
        require_context(chat.context, need.tokens, asked_by=need.where, where=where)
    workspace.details["chat"] = chat.facts()
