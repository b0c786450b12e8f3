"""A release of the tiny graph: refused, gone on with by name, copied out, loaded."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import Finished, sg_assets
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
RELEASE = Ref.parse("reports/release[sft_kto]")


class Releasing:
    """The finished run in a folder of its own, with a profile that releases a variant."""

    def __init__(self, finished: Finished, folder: Path) -> None:
        self.home, self.project, self.folder = folder / "home", folder / "project", folder
        shutil.copytree(finished.home, self.home)
        for part in ("models", "sql"):
            shutil.copytree(PROJECT / part, self.project / part)
        self.profile = (self.project / "models/profiles/tiny.yaml").read_text()

    def declare(self, release: str) -> None:
        (self.project / "models/profiles/tiny.yaml").write_text(f"{self.profile}release: {release}\n")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return sg_assets(self.home, *arguments, SG_PROJECT=str(self.project))

    @property
    def store(self) -> Store:
        return Store(self.home / "tiny" / "store", "tiny")


@pytest.fixture(scope="module")
def releasing(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Releasing:
    return Releasing(finished, tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def refused(releasing: Releasing) -> subprocess.CompletedProcess[str]:
    releasing.declare("{variants: [sft_kto]}")
    return releasing.run("run", str(RELEASE))


@pytest.fixture(scope="module")
def released(releasing: Releasing, refused: subprocess.CompletedProcess[str]) -> Path:
    """Gone on with despite the objectives, and copied to a plain folder."""
    releasing.declare("{variants: [sft_kto], despite: [local_toxicity, safe_prompts_answered], merged: true}")
    for arguments in (("run", str(RELEASE)), ("release", "sft_kto", str(releasing.folder / "out"))):
        ended = releasing.run(*arguments)
        assert ended.returncode == 0, ended.stderr
    return releasing.folder / "out"


def test_what_is_not_met_or_lacks_data_holds_it_back(refused: subprocess.CompletedProcess[str]) -> None:
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    message = " ".join(refused.stderr.split())
    assert "sft_kto is not released. Objective local_toxicity is not met: " in message
    assert "objective safe_prompts_answered is not enough data: " in message
    assert "release.despite" in message


def test_what_was_refused_is_not_there(releasing: Releasing, refused: subprocess.CompletedProcess[str]) -> None:
    releasing.declare("{variants: [sft_kto]}")
    ended = releasing.run("release", "sft_kto", str(releasing.folder / "early"))
    assert ended.returncode == 1
    assert "reports/release[sft_kto] has no version yet" in ended.stderr
    assert releasing.store.head(RELEASE) is None


def test_a_variant_that_is_not_declared_says_how(releasing: Releasing) -> None:
    ended = releasing.run("release", "sft_dpo", str(releasing.folder / "none"))
    assert ended.returncode == 1
    assert "'sft_dpo' is not declared for release" in ended.stderr


def test_the_card_says_what_it_went_on_despite(released: Path) -> None:
    assert (released / "README.md").read_text().count("goes on despite it, as declared") == 2


def test_the_copy_is_what_its_digests_say(releasing: Releasing, released: Path) -> None:
    command = [str(shutil.which("sha256sum")), "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=released, capture_output=True, text=True, check=False).returncode == 0
    again = releasing.run("release", "sft_kto", str(released))
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_every_manifest_behind_it_is_there_and_names_no_machine_path(releasing: Releasing, released: Path) -> None:
    head = releasing.store.required_head(RELEASE)
    manifests = {path.stem: path.read_text() for path in (released / "manifests").rglob("*.json")}
    assert {pin.version for pin in head.inputs} < manifests.keys()
    assert len(manifests) > 40
    assert not [name for name, text in manifests.items() if str(releasing.folder) in text]


def test_peft_loads_it_and_the_merged_model_is_the_same(releasing: Releasing, released: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = releasing.store.path(releasing.store.required_head(Ref.parse("models/chat[base]")))
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        tuned = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), str(released))(ids).logits
        merged = AutoModelForCausalLM.from_pretrained(released / "merged")(ids).logits
    assert (tuned - merged).abs().max() < 1e-4
