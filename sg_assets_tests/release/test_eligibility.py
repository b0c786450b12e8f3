"""What holds a release back."""

import pytest

from sg_assets.declarations.licences import Licensed
from sg_assets.errors import SgAssetsError
from sg_assets.release.eligibility import require_releasable
from sg_assets.reports.card import ObjectiveStatus
from sg_assets_tests.reports.cards import APACHE

DECLARED = Licensed("chat model base", "licences.chat_models.base", APACHE)
MISSING = Licensed("comments", "licences.sources.comments", None)


def held(outcome: str, *, blocks: bool = True) -> ObjectiveStatus:
    return ObjectiveStatus(
        "safe", "Safe prompts are answered.", "secondary", outcome, f"{outcome}: 9.0 % (7 to 11)", blocks
    )


def refused(
    *objectives: ObjectiveStatus, licences: tuple[Licensed, ...] = (DECLARED,), despite: tuple[str, ...] = ()
) -> str:
    with pytest.raises(SgAssetsError) as caught:
        require_releasable("sft_kto", objectives, despite, licences, profile="models/profiles/tiny.yaml")
    return str(caught.value)


@pytest.mark.parametrize("outcome", ["not met", "not enough data"])
def test_an_objective_that_is_not_met_is_named_with_its_finding(outcome: str) -> None:
    message = refused(held(outcome))
    assert message.startswith("reports/release[sft_kto]: sft_kto is not released. Objective safe is")
    assert f"Objective safe is {outcome}: 9.0 % (7 to 11)" in message
    assert message.endswith("name them under release.despite, in models/profiles/tiny.yaml.")


def test_a_licence_that_is_missing_is_named_with_its_key() -> None:
    message = refused(held("met"), licences=(DECLARED, MISSING))
    assert "No licence is declared for comments (licences.sources.comments)" in message
    assert message.endswith("Declare the licences, in models/profiles/tiny.yaml.")


def test_everything_is_told_at_once() -> None:
    message = refused(held("not met"), licences=(MISSING,))
    assert "Objective safe" in message
    assert "comments" in message


def test_a_licence_is_needed_whatever_is_gone_on_despite() -> None:
    assert "objective safe" not in refused(held("not met"), licences=(MISSING,), despite=("safe",)).lower()


@pytest.mark.parametrize(
    ("objective", "despite"),
    [(held("met"), ()), (held("not met"), ("safe",)), (held("not met", blocks=False), ())],
    ids=["met", "despite it", "it holds nothing back"],
)
def test_what_holds_nothing_back_lets_it_out(objective: ObjectiveStatus, despite: tuple[str, ...]) -> None:
    require_releasable("sft_kto", [objective], despite, [DECLARED], profile="models/profiles/tiny.yaml")
