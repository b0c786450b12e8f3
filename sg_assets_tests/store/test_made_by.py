"""Who made a version is recorded with it."""

import getpass
import platform

import pytest

from sg_assets.store.made_by import maker, this_maker
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, step, writing


def test_a_version_tells_who_made_it_and_where(store: Store) -> None:
    maker = step(store, "raw/t", writing(ROWS)).manifest.made_by
    assert maker is not None
    assert (maker.user, maker.host) == (getpass.getuser(), platform.node())


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    this_maker.cache_clear()
    try:
        assert this_maker().user.isdigit()
    finally:
        this_maker.cache_clear()


def test_a_person_can_be_named_who_acts_through_this_process() -> None:
    assert (maker(" Ada  Lovelace").user, maker("Ada").host) == ("Ada Lovelace", platform.node())
    assert maker(" ") == this_maker()
