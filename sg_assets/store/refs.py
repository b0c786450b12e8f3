"""Naming one partition of one asset."""

import re
from dataclasses import dataclass

from sg_assets.errors import SgAssetsError

_NAME = r"[a-z][a-z0-9_]{0,62}"
_REF = re.compile(rf"(?P<schema>{_NAME})/(?P<table>{_NAME})(\[(?P<partition>{_NAME})\])?")


@dataclass(frozen=True, order=True)
class Ref:
    """One partition of an asset, or an asset without partitions: ``schema/table[partition]``."""

    schema: str
    table: str
    partition: str | None = None

    @classmethod
    def of(cls, asset: str, partition: str | None = None) -> "Ref":
        """From ``schema/table`` and a partition key.

        Raises:
            SgAssetsError: a name that is not safe in a path or an SQL identifier.
        """
        return cls.parse(asset if partition is None else f"{asset}[{partition}]")

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """From ``schema/table`` or ``schema/table[partition]``.

        Raises:
            SgAssetsError: a name that is not safe in a path or an SQL identifier.
        """
        match = _REF.fullmatch(text)
        if match is None:
            raise SgAssetsError(
                f"'{text}' is not the name of an asset", remedy="Write schema/table or schema/table[partition]"
            )
        return cls(match["schema"], match["table"], match["partition"])

    @classmethod
    def of_folder(cls, folder: str) -> "Ref":
        """From the folder of a partition, ``schema/table/partition``; ``-`` where there are no partitions.

        Raises:
            SgAssetsError: a name that is not safe in a path or an SQL identifier.
        """
        asset, _, partition = folder.rpartition("/")
        return cls.of(asset, None if partition == "-" else partition)

    @property
    def asset(self) -> str:
        """``schema/table``."""
        return f"{self.schema}/{self.table}"

    @property
    def folder(self) -> str:
        """Where what concerns this partition lies, relative to a section of the store."""
        return f"{self.asset}/{self.partition or '-'}"

    def __str__(self) -> str:
        return self.asset if self.partition is None else f"{self.asset}[{self.partition}]"
