"""What options of several commands mean."""

from pathlib import Path

import pytest

from sg_assets.cli.options import Format, TextOrJson, open_store


def test_the_store_is_that_of_the_profile_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.delenv("SG_STORE", raising=False)
    store = open_store()
    assert (store.profile, Path(store.root.path)) == ("tiny", tmp_path / "tiny/store")


def test_a_list_has_only_formats_that_documents_have() -> None:
    assert {str(name) for name in TextOrJson} < {str(name) for name in Format}
