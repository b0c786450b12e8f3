"""A checkout whose code is renamed, moved and edited after a run: what stays current, and what runs again."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.record_edits import edit_record
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.repositories import git

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]
JUDGED = Ref.parse("judgements/sg_safety[sft_r128]")
RENAMED = {
    "TransformersEngine": "LocalEngine",
    "judge_answers": "judge_all_answers",
    "make_trainer": "trainer_for",
    "clustered_means": "means_by_cluster",
    "_SAMPLE_RANK": "_RANK_MACRO",
    "_SUSPECT": "_WORTH_A_LOOK",
}
"""A class, functions and constants of steps of every kind."""
MOVED = {
    "training.job": "training.lora_job",
    "generation.chats": "generation.formats.chats",
    "judging.linear": "judging.fitted.linear",
    "demo.vocabulary": "demo.words",
    "statistics.rates": "statistics.estimates",
}


@dataclass(frozen=True)
class Checkout:
    """A copy of the project under git, and a home of its own."""

    folder: Path
    home: Path

    def sg_assets(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Its command line."""
        environment = {
            **os.environ,
            "SG_PROFILE": "tiny",
            "SG_HOME": str(self.home),
            "SG_PROJECT": str(self.folder),
            "PYTHONPATH": str(self.folder),
            "COLUMNS": "200",
        }
        command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=900, check=False
        )

    def commit(self, subject: str) -> None:
        """Everything as it is."""
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "--quiet", "-m", subject)

    def edit(self, pattern: str, replacement: str) -> int:
        """Replace a pattern in all of the package; returns the number of replacements."""
        count = 0
        for path in (self.folder / "sg_assets").rglob("*.py"):
            text, times = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
            if times:
                path.write_text(text, encoding="utf-8")
            count += times
        return count

    def states(self) -> dict[str, str]:
        """How every partition stands, by name."""
        ended = self.sg_assets("status", "--format", "json")
        assert ended.returncode == 0, ended.stderr
        return {partition["partition"]: partition["state"] for partition in json.loads(ended.stdout)["partitions"]}

    def head(self, ref: Ref) -> Manifest:
        return Store(self.home / "tiny" / "store", "tiny").required_head(ref)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A committed checkout in which the whole graph was run."""
    folder = tmp_path_factory.mktemp("checkout")
    skipped = shutil.ignore_patterns("__pycache__")
    for name in ("sg_assets", "models", "sql"):
        shutil.copytree(PROJECT / name, folder / name, ignore=skipped)
    checkout = Checkout(folder, tmp_path_factory.mktemp("home"))
    git(folder, "init", "--quiet")
    checkout.commit("As it is")
    ended = checkout.sg_assets("run")
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return checkout


@pytest.fixture(scope="module")
def renamed(checkout: Checkout) -> Checkout:
    """The same after two commits that only rename and move."""
    for old, new in RENAMED.items():
        assert checkout.edit(rf"\b{old}\b", new) > 1, old
    checkout.commit("Rename")
    for old, new in MOVED.items():
        source, target = (checkout.folder / f"sg_assets/{name.replace('.', '/')}.py" for name in (old, new))
        target.parent.mkdir(exist_ok=True)
        (target.parent / "__init__.py").touch()
        source.rename(target)
        assert checkout.edit(rf"\bsg_assets\.{re.escape(old)}\b", f"sg_assets.{new}"), old
    reordered = "from sg_assets.training import outputs, guards"
    assert checkout.edit("from sg_assets.training import guards, outputs", reordered)
    checkout.commit("Move")
    return checkout


def test_all_stays_current_after_renames_and_moves(renamed: Checkout) -> None:
    states = renamed.states()
    assert len(states) > 80
    assert {name for name, state in states.items() if state not in ("current", "failing checks")} == set()


def test_a_run_after_renames_and_moves_finds_nothing_to_do(renamed: Checkout) -> None:
    before = renamed.head(Ref.parse("adapters/sft[sft_r128]")).version
    ended = renamed.sg_assets("run")
    assert ended.returncode == 0, ended.stderr
    assert renamed.head(Ref.parse("adapters/sft[sft_r128]")).version == before


@pytest.mark.parametrize("name", ["adapters/sft[sft_r128]", str(JUDGED), "scores/sg_safety[sft_r128]"])
def test_a_version_of_before_the_move_is_made_again_equal(renamed: Checkout, name: str) -> None:
    ended = renamed.sg_assets("reproduce", renamed.head(Ref.parse(name)).version)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{name}: equal" in ended.stdout
    assert "the definitions are the installed ones" in ended.stdout


@pytest.fixture(scope="module")
def edited(renamed: Checkout) -> Checkout:
    """The same with a comparison edited in judgements, of our own judges and of other kinds, committed."""
    assert renamed.edit(r'_score"\) >= thresholds', '_score") > thresholds') == 2
    renamed.commit("Raise a flag only above the threshold")
    return renamed


def test_an_edited_comparison_puts_out_of_date_what_it_decides(edited: Checkout) -> None:
    outdated = {name for name, state in edited.states().items() if state == "out of date"}
    assert {name for name in outdated if name.startswith("judgements/")}
    assert not {name for name in outdated if name.startswith(("adapters/", "responses/", "models/", "judges/"))}


def test_the_version_of_before_runs_by_its_own_package(edited: Checkout) -> None:
    """The package of two commits ago, under its old names, because every file of it is of that commit."""
    ended = edited.sg_assets("reproduce", edited.head(JUDGED).version)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    module = "sg_assets.judging.judgements_step"
    assert f"changed since: {module}.judge_answers -> {module}.judge_all_answers" in (ended.stdout)
    assert "the stored package it belongs to runs" in ended.stdout
    assert f"{JUDGED}: equal" in ended.stdout


def test_stored_code_of_no_commit_here_is_not_run(edited: Checkout) -> None:
    version = edited.head(JUDGED)
    path = edited.home / "tiny/store/manifests" / JUDGED.folder / f"{version.version}.json"
    text = path.read_text(encoding="utf-8")
    assert version.git is not None
    commit = version.git.commit
    edit_record(path, lambda record: record.replace(commit, "0" * 40))
    try:
        refused = edited.sg_assets("reproduce", version.version)
        trusted = edited.sg_assets("reproduce", version.version, "--trust-stored-code")
    finally:
        path.write_text(text, encoding="utf-8")
    assert refused.returncode == 1
    assert "neither the installed code nor of a commit of this checkout" in refused.stderr
    assert trusted.returncode == 0, trusted.stdout + trusted.stderr
