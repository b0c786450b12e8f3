"""How the demands of a contract ended, as manifests record them."""

from typing import Any

from sg_assets.store.records import Record


class AuditResult(Record):
    """How one demand of a contract ended."""

    name: str
    """``columns``, ``key``, or the check's."""
    passed: bool
    blocking: bool
    description: str
    """What holds where it passed."""
    observed: dict[str, Any]
    """Counts, names and at most 20 keys; never item texts."""

    @property
    def stops(self) -> bool:
        """Whether the version may not be published."""
        return self.blocking and not self.passed

    def __str__(self) -> str:
        observed = "; ".join(f"{name} {_as_text(value)}" for name, value in self.observed.items())
        return f"{self.name} ({self.description.rstrip('.')}): {'passed' if self.passed else observed}"


def _as_text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
