"""The comparison of what was entered with what recipes cover, on made data."""

from sg_assets_tests.tracing.covering import never_entered, uncovered
from sg_assets_tests.tracing.records import Entered, Traced

READ, LOGGED = (
    Entered("package.reading", "read", "read.<locals>.<lambda>", 3),
    Entered("package.log", "tell", "tell", 1),
)
TRACED: Traced = {"": {Entered("package.cli", "main", "main", 1)}, "raw/a[one]": {READ, LOGGED}, "raw/b": {READ}}
BOTH = {("package.reading", "read"), ("package.log", "tell")}


def excluded(module: str, name: str) -> str | None:
    return "only observes" if (module, name) == ("package.log", "tell") else None


def test_nothing_is_said_where_closures_and_exclusions_know_all() -> None:
    closures = {"raw/a[one]": {("package.reading", "read")}, "raw/b": BOTH}
    assert uncovered(TRACED, closures, excluded) == []


def test_what_a_closure_lacks_is_named_with_the_steps_that_entered_it() -> None:
    closures: dict[str, set[tuple[str, str]]] = {"raw/a[one]": set(), "raw/b": set()}
    expected = "package.reading.read (read.<locals>.<lambda>): entered by raw/a[one], raw/b"
    assert uncovered(TRACED, closures, excluded) == [expected]


def test_another_steps_closure_does_not_help() -> None:
    closures = {"raw/a[one]": BOTH, "raw/b": {("package.log", "tell")}}
    assert uncovered(TRACED, closures, lambda module, name: None) == [
        "package.reading.read (read.<locals>.<lambda>): entered by raw/b"
    ]


def test_an_exclusion_is_by_definition_and_not_by_module() -> None:
    closures = {"raw/a[one]": {("package.reading", "read"), ("package.log", "other")}, "raw/b": BOTH}
    assert uncovered(TRACED, closures, lambda module, name: None) == ["package.log.tell (tell): entered by raw/a[one]"]


def test_a_step_without_a_closure_is_named() -> None:
    assert uncovered(TRACED, {"raw/a[one]": BOTH}, excluded) == ["raw/b: no closure is known"]


def test_an_asset_of_which_no_partition_worked_is_named() -> None:
    assert never_entered(["raw/a", "raw/b", "raw/c"], {**TRACED, "raw/b": set()}) == ["raw/b", "raw/c"]
