"""Source texts are read from the store by digest, as far as they are asked for."""

import pytest

from sg_assets.code.package import package_of
from sg_assets.code.stored_listing import as_stored, text_digest
from sg_assets.errors import DamagedStoreError
from sg_assets.store.store import Store
from sg_assets.store.stored_sources import StoredTexts, stored_files, stored_package, stored_text

FILES = {"sg_assets/__init__.py": "", "sg_assets/work.py": "def work(): ...\n"}


def test_a_package_is_read_back_by_the_digest_of_its_listing(store: Store) -> None:
    stored = as_stored(package_of(FILES))
    store.keep_code(stored.texts)
    package = stored_package(store, stored.digest)
    assert package is not None
    assert dict(package.texts) == {"sg_assets": "", "sg_assets.work": "def work(): ...\n"}


def test_what_was_not_kept_is_none(store: Store) -> None:
    assert stored_text(store, "0" * 32) is None
    assert stored_text(store, "../heads") is None
    assert stored_package(store, "0" * 32) is None


def test_a_text_that_is_not_what_its_digest_says_is_refused(store: Store) -> None:
    stored = as_stored(package_of(FILES))
    changed = {digest: text.replace("def work", "def evil") for digest, text in stored.texts.items()}
    store.keep_code(changed)
    files = stored_files(store, stored.digest)
    assert files is not None
    assert files["sg_assets/work.py"].digest == text_digest(FILES["sg_assets/work.py"])
    with pytest.raises(DamagedStoreError, match="damaged"):
        StoredTexts(store, files)["sg_assets/work.py"]
