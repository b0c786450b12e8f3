"""The store that tests of lineage have."""

from sg_assets_tests.lineage.conftest import before, built, store

__all__ = ["before", "built", "store"]
