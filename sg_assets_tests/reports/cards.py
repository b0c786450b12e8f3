"""A card for tests, of the sample scores."""

from typing import Any

from sg_assets.declarations.licences import Licensed
from sg_assets.declarations.records.licence import Licence
from sg_assets.reports.card import BaseModel, Card, ImportedAdapter, ObjectiveStatus, Training, TrainingData
from sg_assets.reports.results import results
from sg_assets.reports.training_costs import TrainingCost
from sg_assets.store.manifests import PinnedInput
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, scores

APACHE = Licence(name="Apache-2.0")
NAMED = Licence(name="Llama 3 Community License", url="https://llama.meta.com/llama3/license/")


def pin(asset: str, partition: str | None) -> PinnedInput:
    return PinnedInput(asset=asset, partition=partition, version=f"01J0-{asset[-3:]}", fingerprint="0a" * 16)


def learned(adapter: str, table: str) -> TrainingData:
    return TrainingData(adapter, pin(table, "balanced"), {"dev": 20, "train": 1500}, {"safe": 500, "unsafe": 500})


def training(**changes: Any) -> Training:
    usual: dict[str, Any] = {
        "parent": "adapters/sft[sft_r128]", "declared_rank": 128, "rank": 32, "seed": 0, "trained_rows": 1488,
        "dropped": {"too_long": 12}, "settings": {"learning_rate": 0.0003, "target_modules": ["q_proj", "v_proj"]},
        "losses": {"train_loss": 0.41234, "dev_loss": None}, "libraries": {"trl": "1.16.0", "torch": "2.13.0+cpu"},
        "machine": "AVX512, 2 threads",
    }  # fmt: skip
    return Training(**usual | changes)


def imported() -> ImportedAdapter:
    return ImportedAdapter(
        source=f"team/lora@{'c' * 40}", repo="team/lora", rank=8, alpha=16.0, target_modules=["q_proj"],
        parameters=1024, types={"float32": 4}, trained_with_peft="0.10.0", files={},
        notes=["Its config names a folder of the machine it was trained on."],
    )  # fmt: skip


def card(**changes: Any) -> Card:
    """KTO on SFT, one objective met and one not, every licence declared."""
    shown = [note for name in ("sft_kto", "base") for note in VARIANTS if note.variant == name]
    rows = scores()
    usual: dict[str, Any] = {
        "variant": "sft_kto", "description": "KTO on top of SFT", "method": "kto", "mix": "balanced",
        "mix_description": "Half safe, half unsafe prompts.",
        "base": BaseModel("models/chat[base]", "0b" * 16, seed=0),
        "data": [
            learned("adapters/kto[sft_kto]", "training/kto_examples"),
            learned("adapters/sft[sft_r128]", "training/sft_examples"),
        ],
        "training": training(),
        "cost": TrainingCost("sft_kto", 61.4, 100.2, 1488, 50_053),
        "scores": results(rows.filter(rows["variant"].is_in(["base", "sft_kto"])), shown, COLUMNS),
        "objectives": [
            ObjectiveStatus("toxicity", "Toxicity is lower than base's.", "primary", "met", "met: -40.7 points", True),
            ObjectiveStatus(
                "safe", "At most 5 % of safe prompts are rejected.", "secondary", "not met", "not met: 9 %", True
            ),
            ObjectiveStatus(
                "skills", "Skills stay.", "secondary", "not enough data", "not enough data: not scored", False
            ),
        ],
        "despite": [],
        "licences": [Licensed("chat model base", "licences.chat_models.base", APACHE),
                     Licensed("judge toxicity", "licences.judges.toxicity", NAMED)],
        "cautions": ["Demo judges, not moderation models."],
        "adapter_effect": "0.83 nats a token on fixed answers; 99.8% of it or more in the models that were scored",
        "versions": [pin("adapters/kto", "sft_kto"), pin("raw/forum_comments", None)],
    }  # fmt: skip
    return Card(**usual | changes)
