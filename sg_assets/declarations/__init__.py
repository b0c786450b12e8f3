"""What people declare (YAML under ``models/``, SELECTs under ``sql/``), read and validated."""

from sg_assets.declarations.loading import Declarations, load_declarations
from sg_assets.declarations.records import (
    Benchmark,
    FewShot,
    JudgeDeclaration,
    LexiconEntry,
    Mix,
    Profile,
    Template,
    Variant,
)
from sg_assets.declarations.sql import SqlAsset

__all__ = [
    "Benchmark",
    "Declarations",
    "FewShot",
    "JudgeDeclaration",
    "LexiconEntry",
    "Mix",
    "Profile",
    "SqlAsset",
    "Template",
    "Variant",
    "load_declarations",
]
