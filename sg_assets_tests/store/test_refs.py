"""Names of partitions are safe in paths and SQL."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref


@pytest.mark.parametrize(
    "name", ["../x", "raw/../t", "raw/T", "raw/t[a b]", "raw/t[a/b]", "raw/t; DROP", "raw", "raw/t[]"]
)
def test_names_that_could_leave_the_store_are_refused(name: str) -> None:
    with pytest.raises(SgAssetsError, match="is not the name of an asset"):
        Ref.parse(name)


def test_a_ref_comes_back_from_its_text_and_from_its_folder() -> None:
    for ref in (Ref.of("raw/t"), Ref.of("adapters/sft", "sft_r128")):
        assert Ref.parse(str(ref)) == ref
        assert Ref.of_folder(ref.folder) == ref
