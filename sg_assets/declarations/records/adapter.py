"""Where an adapter that was trained elsewhere comes from."""

from pydantic import Field

from sg_assets.declarations.records.model_files import FileSource


class AdapterSource(FileSource):
    """A LoRA adapter as PEFT writes it: ``adapter_config.json`` and ``adapter_model.safetensors``."""

    trained_on: str | None = Field(default=None, min_length=1)
    """The base model that the adapter's own config names, where that is another name of the parent's weights."""
