"""The code record of a step."""

from sg_assets.code.modules import Definition
from sg_assets.code.stored_listing import read_bundle, read_listing, read_package_listing
from sg_assets.statistics.rates import estimate
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.step_code import PYTHON, code_of

QUERY = ("sql/scores/sg_safety.sql", "SELECT 1")


def test_the_listing_names_the_definitions_reached() -> None:
    record, texts, _ = code_of([estimate])
    listing = read_listing(texts[str(record.listing)], "here")
    assert listing.entries == (Definition("sg_assets.statistics.rates", "estimate"),)
    assert Definition("sg_assets.statistics.clusters", "wilson") in listing.digests or len(listing.digests) > 1


def test_the_whole_package_is_kept() -> None:
    record, texts, _ = code_of([estimate])
    package = read_package_listing(texts[read_listing(texts[str(record.listing)], "here").package], "here")
    assert {
        "sg_assets/cli/app.py",
        "sg_assets/store/step_code.py",
        "sg_assets/reports/render/page.html.j2",
    } <= package.keys()
    assert all(path in read_bundle(texts[kept.bundle], "here") for path, kept in package.items())


def test_a_query_counts_by_its_text_and_not_by_its_file() -> None:
    record, texts, _ = code_of([estimate], [QUERY])
    moved = code_of([estimate], [("sql/scores/moved.sql", QUERY[1])]).record
    edited = code_of([estimate], [(QUERY[0], "SELECT 2")]).record
    assert texts[record.texts[QUERY[0]]] == QUERY[1]
    assert record.fingerprint == moved.fingerprint
    assert record.fingerprint != edited.fingerprint


def test_the_package_around_the_definitions_is_no_part_of_the_fingerprint() -> None:
    record = code_of([estimate]).record
    assert record.fingerprint == json_digest({"definitions": record.definitions, "texts": []})


def test_the_minor_version_of_python_is_recorded() -> None:
    assert code_of([estimate]).record.python == PYTHON


def test_the_libraries_that_the_definitions_use_are_given() -> None:
    assert set(code_of([estimate]).libraries) == {"polars", "scipy"}
