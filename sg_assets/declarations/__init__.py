"""What people declare (YAML under ``models/``, SELECTs under ``sql/``), read and validated."""

from sg_assets.declarations.loading import Declarations, load_declarations
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.records.judge import JudgeDeclaration
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.template import FewShot, LexiconEntry, Template
from sg_assets.declarations.records.variant import Variant
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
