"""A variant nobody has seen before: one file, and a backfill of exactly what is missing for it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sg_assets.store.refs import Ref
from sg_assets_tests.e2e.conftest import sg_assets

pytestmark = pytest.mark.e2e
VARIANT = """\
description: KTO on the SFT model at half the learning rate
method: kto
parent: sft_r128
mix: balanced
rank: 128
training: {learning_rate: 0.00025}
"""
VARIANTS = "variants: [base, sft_r128, sft_kto, sft_dpo]"


def declare(project: Path, *variants: str) -> None:
    profile = project / "models/profiles/tiny.yaml"
    profile.write_text(profile.read_text().replace(VARIANTS, f"variants: [{', '.join(variants)}]"))


def asked(home: Path, project: Path, *arguments: str) -> Any:
    ended = sg_assets(home, *arguments, "--format", "json", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def versions(home: Path) -> set[tuple[str, str]]:
    """Every version that work made: a record that was only renewed counts under the version of its content."""
    manifests = (json.loads(path.read_text()) for path in (home / "tiny/store/manifests").rglob("*.json"))
    return {(str(Ref.of(manifest["asset"], manifest["partition"])), manifest["recipe"]) for manifest in manifests}


def states(home: Path, project: Path) -> Callable[[str], set[str]]:
    partitions = asked(home, project, "status")["partitions"]
    return lambda state: {partition["partition"] for partition in partitions if partition["state"] == state}


def test_a_backfill_of_a_new_variant_makes_exactly_what_its_plan_says(home: Path, project: Path) -> None:
    (project / "models/variants/kto_gentle.yaml").write_text(VARIANT)
    declare(project, "base", "sft_r128", "sft_kto", "sft_dpo", "kto_gentle")
    plan = asked(home, project, "plan", "kto_gentle")
    planned = [step["partition"] for run in plan["runs"] for step in run]
    assert planned[0] == "adapters/kto[kto_gentle]"
    assert {Ref.parse(name).partition for name in planned} == {"kto_gentle", None}
    assert plan["cost"]["pool_seconds"] > 0
    before = versions(home)
    ended = sg_assets(home, "backfill", "kto_gentle", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    made = versions(home) - before
    assert {name for name, _ in made} == set(planned)
    assert len(made) == len(planned)
    assert sum(name.startswith("adapters/") for name, _ in made) == 1
    assert states(home, project)("missing") == states(home, project)("out of date") == set()
    again = sg_assets(home, "backfill", "kto_gentle", SG_PROJECT=str(project))
    assert again.stdout.strip() == "Everything is up to date: nothing to do."


def test_a_removed_variant_leaves_the_report_and_keeps_its_history(home: Path, project: Path) -> None:
    declare(project, "base", "sft_r128", "sft_kto")
    assert states(home, project)("out of date") == {"reports/results"}
    assert "scores/sg_safety[sft_dpo]" in asked(home, project, "status")["undeclared"]
    assert sg_assets(home, "backfill", "reports/results", SG_PROJECT=str(project)).returncode == 0
    shown = sg_assets(home, "results", SG_PROJECT=str(project)).stdout
    assert "sft_kto" in shown
    assert "sft_dpo" not in shown
    history = sg_assets(home, "versions", "scores/sg_safety[sft_dpo]", SG_PROJECT=str(project))
    assert history.returncode == 0


def test_a_renamed_variant_is_a_new_one_and_trains_once_more_under_its_name(home: Path, project: Path) -> None:
    folder = project / "models/variants"
    (folder / "sft_dpo.yaml").rename(folder / "sft_then_dpo.yaml")
    for path in (project / "models").glob("*.yaml"):  # questions and figures name it, and would say that it is unknown
        path.write_text(re.sub(r"\bsft_dpo\b", "sft_then_dpo", path.read_text()))
    declare(project, "base", "sft_r128", "sft_kto", "sft_then_dpo")
    in_state = states(home, project)
    assert "adapters/dpo[sft_then_dpo]" in in_state("missing")
    assert in_state("out of date") == {"reports/results"}
    assert "adapters/dpo[sft_dpo]" in asked(home, project, "status")["undeclared"]
