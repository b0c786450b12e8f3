"""A manifest is the sum of its parts."""

from sg_assets.store.manifest_parts import Audit, Content, Production, made_together, new_version
from sg_assets.store.manifests import AcceptedAs, Manifest, Origin, Spend
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, step, writing


def _table(store: Store) -> Manifest:
    manifest = step(store, "raw/t", writing(ROWS)).manifest
    return manifest.model_copy(
        update={
            "spend": Spend(calls=3),
            "origin": Origin(store="gs://elsewhere", version="1", digest="d"),
            "accepted_as": (AcceptedAs(mark="m", version="v", recipe="r"),),
            "details": {"rows": 3},
        }
    )


def test_the_parts_of_a_version_make_the_same_record(store: Store) -> None:
    version = _table(store)

    again = new_version(
        version.ref,
        version.recipe,
        Content.of(version),
        Audit.of(version),
        Production.of(version),
        accepted_as=version.accepted_as,
    )

    assert again.version != version.version
    assert again.version.endswith(version.fingerprint[:8])
    assert again.model_copy(update={"version": version.version}).model_dump_json() == version.model_dump_json()


def test_versions_made_together_name_the_others(store: Store) -> None:
    first, second = made_together([_table(store), step(store, "raw/u", writing(ROWS)).manifest])

    assert [first.made_with, second.made_with] == [(second.pin(),), (first.pin(),)]
