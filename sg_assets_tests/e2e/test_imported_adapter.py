"""A profile that trains nothing: an adapter from elsewhere is imported, measured, and scored by the command line."""

from pathlib import Path

import pytest

from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import sg_assets
from sg_assets_tests.training.adapters import write_trained

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
VARIANT = """
description: Trained elsewhere
method: imported
parent: base
adapter: {path: theirs}
"""


def test_an_adapter_from_elsewhere_is_scored_without_any_training(project: Path, tmp_path: Path) -> None:
    (project / "models/variants/theirs.yaml").write_text(VARIANT)
    profile = project / "models/profiles/tiny.yaml"
    lines = profile.read_text().splitlines()
    profile.write_text(
        "\n".join("variants: [base, theirs]" if line.startswith("variants:") else line for line in lines)
    )
    home, weights = tmp_path / "home", tmp_path / "weights"
    weights.mkdir()
    variables = {"SG_PROJECT": str(project), "SG_WEIGHTS": str(weights)}

    def run(*assets: str) -> None:
        ended = sg_assets(home, "run", *assets, **variables)
        assert ended.returncode == 0, ended.stderr + ended.stdout

    run("models/chat[base]")
    store = Store(home / "tiny" / "store", "tiny")
    chat = store.required_head(Ref.parse("models/chat[base]"))
    written = write_trained(weights / "theirs", Path(store.path(chat)), f"models/chat[base]@{chat.fingerprint}")
    run("scores/toxigen[theirs]")
    adapter = store.required_head(Ref.parse("adapters/imported[theirs]"))
    content = Path(store.path(adapter))
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        assert (content / name).read_bytes() == (written / name).read_bytes()
    assert adapter.details["probe"]
    assert store.required_head(Ref.parse("scores/toxigen[theirs]")).rows
