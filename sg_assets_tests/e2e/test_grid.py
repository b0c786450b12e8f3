"""A grid on the tiny profile: its members are trained and scored, and another value makes only new ones."""

import json
from pathlib import Path

import pytest

from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import sg_assets
from sg_assets_tests.e2e.test_new_variant import asked, declare, states, versions

pytestmark = pytest.mark.e2e

GRID = "description: Losses\nmethod: dpo\nparent: sft_r128\nmix: unsafe_only\nrank: 128\ngrid: {loss: [LOSSES]}\n"
MEMBERS = ("losses_loss_ipo", "losses_loss_sft_sigmoid")


def write(project: Path, losses: str) -> None:
    (project / "models/variants/losses.yaml").write_text(GRID.replace("LOSSES", losses))


def test_members_are_trained_and_shown_together_and_another_value_makes_only_new_ones(
    home: Path, project: Path
) -> None:
    write(project, "ipo, [sigmoid, sft]")
    declare(project, "base", "sft_r128", "sft_kto", "sft_dpo", "losses")
    ended = sg_assets(home, "backfill", "losses", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    assert {name for name in states(home, project)("missing") if "losses" in name} == set()
    store = Store(home / "tiny/store", "tiny")
    trained = {name: store.required_head(Ref.of("adapters/dpo", name)) for name in MEMBERS}
    assert [version.parameters["loss"] for version in trained.values()] == [{"ipo": 1.0}, {"sft": 1.0, "sigmoid": 1.0}]
    assert trained[MEMBERS[0]].fingerprint != trained[MEMBERS[1]].fingerprint
    shown = sg_assets(home, "results", SG_PROJECT=str(project), COLUMNS="200").stdout
    assert all(name in shown.replace("\n", "") for name in ("losses_loss_ipo", "losses_loss_sft_sig"))

    before = versions(home)
    write(project, "[sigmoid, sft], hinge, ipo")
    planned = {step["partition"] for run in asked(home, project, "plan", "losses")["runs"] for step in run}
    assert {Ref.parse(name).partition for name in planned} == {"losses_loss_hinge", None}
    assert versions(home) == before


def test_why_names_the_loss(home: Path, project: Path) -> None:
    write(project, "ipo, hinge")
    declare(project, "base", "sft_r128", "sft_kto", "sft_dpo", "losses")
    for member in ("losses_loss_ipo", "losses_loss_hinge"):
        made = sg_assets(home, "run", f"adapters/dpo[{member}]", SG_PROJECT=str(project))
        assert made.returncode == 0, made.stderr
    compared = sg_assets(
        home, "why", "adapters/dpo[losses_loss_hinge]", "--against", "adapters/dpo[losses_loss_ipo]",
        "--format", "json", SG_PROJECT=str(project),
    )  # fmt: skip
    assert compared.returncode == 0, compared.stderr
    causes = json.dumps(json.loads(compared.stdout))
    assert "loss" in causes
    assert "hinge" in causes
