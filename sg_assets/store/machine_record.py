"""The machine that numeric work ran on: its kind, which moves results, and facts that are only recorded."""

from sg_assets.store.fingerprints import json_digest
from sg_assets.store.records import Record


class MachineKind(Record):
    """The properties of a machine that move the results of numeric work. Equal kinds should give equal results."""

    instruction_set: str
    """The vector instructions that were in use, such as ``AVX512``."""
    limits: dict[str, str]
    """Environment settings that restrict instruction sets, by name."""
    threads: int | None
    """Threads of one operation; None where it was not known."""
    blas: tuple[str, ...]
    """The kernels of linear algebra in use."""
    gpu: str | None
    """Name of the accelerator; None where none was used."""
    compute_capability: str | None
    """Of the accelerator."""
    cuda: str | None
    """Version of CUDA that was used."""
    cudnn: str | None
    """Version of cuDNN that was used."""
    deterministic: dict[str, str]
    """Flags that ask for repeatable results, by name."""

    @property
    def digest(self) -> str:
        """Equal for equal kinds."""
        return json_digest(self.model_dump(mode="json"))


class Machine(Record):
    """A machine that work ran on."""

    kind: MachineKind
    about: dict[str, str]
    """Facts that are only recorded, and no part of the kind: CPU model, driver."""
