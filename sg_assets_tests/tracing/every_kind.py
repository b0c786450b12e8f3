"""The tiny graph with what only larger profiles declare, so that every kind of step is there to be traced."""

import shutil
from pathlib import Path

from sg_assets_tests.paths import PROJECT

_MORE = """\
leaderboard:
  source: generated
  limit: 2
  moved_by: 0.02
  apply_chat_template: true
  fewshot_as_multiturn: true
  batch_size: 32
  dtype: float32
  device: cpu
  threads: 1
release: {variants: [sft_kto], despite: [local_toxicity, safe_prompts_answered], merged: true}
"""


def declare_every_kind(folder: Path) -> Path:
    """Write the declarations to a folder: the tiny profile's, with a leaderboard and a merged release."""
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, folder / part)
    profile = folder / "models/profiles/tiny.yaml"
    profile.write_text(profile.read_text(encoding="utf-8") + _MORE, encoding="utf-8")
    return folder
