"""Facts of a model card: read from the manifest of an adapter and those of its inputs."""

from collections.abc import Iterable, Mapping

import polars as pl

from sg_assets.adapters.seen_effects import effect_text
from sg_assets.hub.file_list import FILE_LIST, read_file_list
from sg_assets.reports.card import BaseModel, ImportedAdapter, Training, TrainingData
from sg_assets.reports.machine_marks import machine_kinds_text
from sg_assets.reports.training_costs import TrainingCost, cost
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.pinned_inputs import lineage
from sg_assets.store.store import Store

_LOSSES = ("train_loss", "final_train_loss", "dev_loss", "train_dev_gap")
_SHOWN_APART = ("declared_rank", "rank", "seed")
"""Parameters with a line of their own."""


def ancestry(store: Store, versions: Iterable[Manifest]) -> list[PinnedInput]:
    """Versions and all their inputs, each once, by name."""
    pins = {(pin.ref, pin.version): pin for version in versions for pin in lineage(store, version)}
    return [pins[key] for key in sorted(pins, key=lambda key: (str(key[0]), key[1]))]


def version_notes(store: Store, versions: Iterable[PinnedInput]) -> dict[str, str]:
    """Notes on versions: acceptances that hold, and why a table is not reproducible."""
    notes: dict[str, str] = {}
    for pin in versions:
        version = _manifest(store, pin)
        remarks = [str(named.mark) for named in store.acceptances(version)]
        if version.not_reproducible:
            remarks.append(f"not reproducible: {version.not_reproducible}")
        if remarks:
            notes[pin.version] = "; ".join(remarks)
    return notes


def base_model(store: Store, adapter: Manifest) -> BaseModel:
    """The chat model an adapter was trained on."""
    chat = _input(store, adapter, "models/chat")
    name, hub = str(chat.ref), store.path(chat) / FILE_LIST
    if not hub.is_file():
        return BaseModel(name, chat.fingerprint, seed=chat.parameters["seed"])
    listed = read_file_list(hub)
    return BaseModel(name, chat.fingerprint, repo=listed.repo, revision=listed.commit)


def training_data(store: Store, adapter: Manifest) -> list[TrainingData]:
    """The counted training rows of an adapter and of those it continues; its own first."""
    trained = [_manifest(store, pin) for pin in lineage(store, adapter) if pin.ref.schema == "adapters"]
    return [_training_data(store, manifest) for manifest in trained]


def training(adapter: Manifest) -> Training:
    """How an adapter was trained."""
    parameters, details = adapter.parameters, adapter.details
    parent = next((str(pin.ref) for pin in adapter.inputs if pin.ref.schema == "adapters"), None)
    return Training(
        parent=parent,
        declared_rank=parameters["declared_rank"],
        rank=parameters["rank"],
        seed=parameters["seed"],
        trained_rows=details["train_rows"],
        dropped=details["dropped"],
        settings={name: value for name, value in parameters.items() if name not in _SHOWN_APART},
        losses={name: details[name] for name in _LOSSES},
        libraries=adapter.libraries,
        machine=machine_kinds_text(adapter),
    )


def imported_adapter(adapter: Manifest) -> ImportedAdapter:
    """What is known of an adapter that was trained elsewhere."""
    details, source = adapter.details, adapter.parameters["adapter"]
    return ImportedAdapter(
        source=f"{source['repo']}@{details['commit']}" if "repo" in source else "a folder of this machine",
        repo=source.get("repo"),
        rank=details["rank"],
        alpha=details["alpha"],
        target_modules=details["target_modules"],
        parameters=details["parameters"],
        types=details["types"],
        trained_with_peft=details["trained_with_peft"],
        files={file["name"]: file["sha256"] for file in adapter.parameters["files"]},
        notes=details["notes"],
    )


def adapter_effect(store: Store, adapter: Manifest, versions: Iterable[PinnedInput]) -> str:
    """The adapter's effect in a few words: its size, and the share of it in the models that were scored.

    Args:
        store: Of the versions.
        adapter: The version.
        versions: Those that the card rests on; the adapter's own answers and leaderboard scores are among them.
    """
    made = (pin for pin in versions if pin.ref.partition == adapter.partition and pin.ref.schema != "adapters")
    return effect_text(adapter.details, [_manifest(store, pin).details for pin in made])


def training_cost(store: Store, adapter: Manifest) -> TrainingCost:
    """The cost of training an adapter and those it continues."""
    pins = [pin for pin in lineage(store, adapter) if pin.ref.schema == "adapters"]
    return cost(str(adapter.partition), [_manifest(store, pin) for pin in pins])


def _training_data(store: Store, adapter: Manifest) -> TrainingData:
    table = next(_manifest(store, pin) for pin in adapter.inputs if pin.ref.schema == "training")
    prompts = pl.read_parquet(store.path(_input(store, table, "training/mix_prompts")), columns=["split", "label"])
    rows = pl.read_parquet(store.path(table), columns=["split"])
    train = prompts.filter(pl.col("split") == "train")
    return TrainingData(str(adapter.ref), table.pin(), _counted(rows["split"]), _counted(train["label"]))


def _input(store: Store, manifest: Manifest, asset: str) -> Manifest:
    return next(_manifest(store, pin) for pin in manifest.inputs if pin.asset == asset)


def _manifest(store: Store, pin: PinnedInput) -> Manifest:
    return store.manifest(pin.ref, pin.version)


def _counted(column: pl.Series) -> Mapping[str, int]:
    return dict(sorted(column.value_counts().iter_rows()))
