"""A package is stored file by file in bundles, and read back as it was."""

import pytest

from sg_assets.code.package import package_of
from sg_assets.code.stored_listing import as_stored, read_bundle, read_listing, read_package_listing, text_digest
from sg_assets.errors import DamagedStoreError

FILES = {"sg_assets/__init__.py": "", "sg_assets/work.py": "def work(): ...\n", "sg_assets/reports/page.j2": "{{ x }}"}


def test_a_package_comes_back_from_its_listing_and_its_bundles() -> None:
    stored = as_stored(package_of(FILES))
    files = read_package_listing(stored.texts[stored.digest], "here")
    assert {path: read_bundle(stored.texts[file.bundle], "here")[path] for path, file in files.items()} == FILES
    assert all(text_digest(FILES[path]) == file.digest for path, file in files.items())


def test_an_edit_takes_one_new_bundle() -> None:
    before, after = (
        as_stored(package_of(files)) for files in (FILES, FILES | {"sg_assets/reports/page.j2": "{{ y }}"})
    )
    assert len(after.texts.keys() - before.texts.keys()) == 2, "the bundle of the folder, and the listing"


@pytest.mark.parametrize("path", ["../evil.py", "/etc/evil.py", "os.py", "sg_assets/../evil.py"])
def test_a_listing_that_names_a_file_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(DamagedStoreError, match="names"):
        read_package_listing(f'{{"{path}": ["a", "b"]}}', "here")


def test_what_is_no_listing_is_refused() -> None:
    with pytest.raises(DamagedStoreError, match="cannot be read"):
        read_listing("[]", "here")
