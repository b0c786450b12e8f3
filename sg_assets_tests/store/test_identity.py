"""A store belongs to one profile."""

import pytest

from sg_assets.errors import IncompatibleStoreError
from sg_assets.store.store import Store


def test_the_store_of_another_profile_is_refused(store: Store) -> None:
    with pytest.raises(IncompatibleStoreError, match="belongs to profile 'demo', not 'tiny'"):
        Store(store.root, "tiny", store.home)
