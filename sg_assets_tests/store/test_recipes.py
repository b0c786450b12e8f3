"""A recipe's digest moves with all that decides a result, and with nothing else."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Code
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref

T = Ref.parse("raw/t")


def _recipe(libraries: tuple[str, ...] = (), contract: Contract | None = None) -> Recipe:
    return Recipe(Code(fingerprint="code", texts={}), {}, {"seed": 1}, libraries, contract or Contract())


def test_the_contract_is_no_part_of_the_digest() -> None:
    assert _recipe().digest(T, []) == _recipe(contract=Contract(("id",))).digest(T, [])


def test_the_partition_and_the_versions_of_libraries_are_part_of_the_digest() -> None:
    digests = {_recipe().digest(T, []), _recipe().digest(Ref.parse("raw/u"), []), _recipe(("duckdb",)).digest(T, [])}
    assert len(digests) == 3


def test_a_library_that_is_not_installed_is_named() -> None:
    with pytest.raises(SgAssetsError, match="'no-such-package' is not installed"):
        _recipe(("no-such-package",)).digest(T, [])
