"""The record of a version."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from sg_assets.store.manifests import MadeBy, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing


@pytest.fixture
def table(store: Store) -> Manifest:
    return step(store, "raw/t[a]", writing(ROWS), made_by=recipe()).manifest


def test_a_pin_names_the_exact_version(table: Manifest) -> None:
    pin = table.pin()
    assert (pin.ref, pin.version, pin.fingerprint) == (Ref.parse("raw/t[a]"), table.version, table.fingerprint)


def test_the_wall_time_runs_from_start_to_end(table: Manifest) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert table.model_copy(update={"started": start, "finished": start + timedelta(minutes=2)}).seconds == 120


def test_a_record_survives_being_written(table: Manifest) -> None:
    assert Manifest.model_validate_json(table.model_dump_json()) == table


def test_a_record_never_changes_and_has_no_further_fields(table: Manifest) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        table.version = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Manifest.model_validate({**table.model_dump(), "text": "secret"})


def test_who_made_it_reads_as_user_at_host() -> None:
    assert str(MadeBy(user="ada", host="box")) == "ada@box"
