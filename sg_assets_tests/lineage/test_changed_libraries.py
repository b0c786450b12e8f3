"""Libraries of two versions compared."""

from typing import Any

from sg_assets.lineage.changed_libraries import library_causes
from sg_assets.store.manifests import Code, Manifest

BY_DEFINITIONS = Code(fingerprint="a", texts={}, definitions="a", listing="b", python="3.11")
BY_MODULES = Code(fingerprint="a", texts={})


def version(libraries: dict[str, str], code: Code = BY_DEFINITIONS) -> Manifest:
    fields: dict[str, Any] = {"libraries": libraries, "code": code, "details": {}}
    return Manifest.model_construct(**fields)


def names(before: Manifest, after: Manifest) -> list[tuple[str, str | None, str | None]]:
    return [(cause.name, cause.old, cause.new) for cause in library_causes("x/y", before, after)]


def test_another_version_is_a_cause() -> None:
    assert names(version({"trl": "1"}), version({"trl": "2"})) == [("trl", "1", "2")]


def test_a_library_that_joins_is_a_cause() -> None:
    assert names(version({}), version({"trl": "2"})) == [("trl", None, "2")]


def test_a_library_that_was_not_looked_at_is_none() -> None:
    assert names(version({"trl": "1"}, BY_MODULES), version({"trl": "1", "polars": "2"})) == []


def test_another_minor_of_python_is_a_cause() -> None:
    later = BY_DEFINITIONS.model_copy(update={"python": "3.13"})
    assert names(version({}), version({}, later)) == [("python", "3.11", "3.13")]


def test_a_python_that_was_not_recorded_is_none() -> None:
    assert names(version({}, BY_MODULES), version({})) == []
