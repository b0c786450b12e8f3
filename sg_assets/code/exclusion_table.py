"""The table of definitions that decide no result, each with the reason.

A definition that is not in the table and that a step reaches is part of the step's code. A test follows every kind of
step and demands of each function entered that the step's closure or this table has it; another holds what observes to
returning nothing that is used.
"""

from typing import Final

from sg_assets.code.exclusions import Excluded, Exclusions, Why
from sg_assets.code.modules import Definition

_ENGINE: Final = "sg_assets.store.engine"
_WORKSPACE: Final = "sg_assets.store.workspace"
_RECORDS: Final = "sg_assets.declarations.records"
_DECLARED: Final[dict[str, tuple[str, ...]]] = {
    "adapter": ("AdapterSource",),
    "base": ("Record",),
    "benchmark": ("Benchmark", "Comparison", "Divergence", "ShownScore"),
    "chat": ("ChatDeclaration",),
    "data": ("Answers", "Labelling", "Raw", "RawColumns", "RawCsv", "Samples", "Side", "Splits"),
    "dataset": ("Dataset", "DatasetColumn", "DatasetSources"),
    "embedder": ("SentenceTransformers", "TorchOptions"),
    "judge": ("JudgeDeclaration",),
    "judge_model": (
        "EmbeddingHead",
        "HeadFile",
        "HeadFit",
        "LinearJudge",
        "ScoreFilter",
        "ScoringModel",
        "SequenceClassification",
    ),
    "leaderboard": ("Leaderboard",),
    "licence": ("Licence", "Licences", "SourceLicences"),
    "mix": ("Mix",),
    "model": ("ChatModel", "EndpointModel", "Generation", "Pretraining", "Probe", "Sampling"),
    "model_files": ("FileSource", "ModelFiles"),
    "objective": ("Objective",),
    "people_labels": ("AlignmentBound", "PeopleLabels"),
    "profile": ("Prices", "Profile", "Replicates"),
    "release": ("HubTarget", "Release"),
    "template": ("FewShot", "LexiconEntry", "Template"),
    "training": ("Training", "TrainingOptions"),
    "variant": ("Variant",),
}
"""Records of declarations by module."""
_DECIDING_METHODS: Final = {"judge": {"JudgeDeclaration": ("cut",)}, "licence": {"Licence": ("spdx",)}}
"""Methods of these records that decide: by module and class."""

_PROBING: Final[dict[str, tuple[str, ...]]] = {
    "applied_adapter": ("adapter_effect",),
    "effect": ("require_effect", "_cause", "ModelCheck", "AT_LEAST", "IN_FLOAT32"),
    "log_probabilities": ("answer_log_probabilities", "_of_item"),
    "probe": ("AdapterProbe", "make_probe", "probe_of", "_measured", "_root_mean_square"),
    "probe_job": ("ProbeSpec", "main", "read_spec", "_run_spec"),
    "probe_step": ("probe_spec", "collect_probe"),
    "probe_chats": ("probe_items", "measured_tokens", "ProbeItem", "_item", "_tokens"),
}
"""What measures the effect of adapters, by module."""


def _methods(module: str, **methods: tuple[str, ...]) -> dict[str, tuple[Definition, ...]]:
    """Methods of excluded classes that decide, as what a use of them brings: by class, their names."""
    return {name: (Definition(module, f"{owner}.{name}"),) for owner, names in methods.items() for name in names}


TABLE: Final[tuple[Excluded, ...]] = (
    Excluded(
        "sg_assets.errors",
        (
            "SgAssetsError", "InvalidSettingError", "InvalidDeclarationError", "NotDeclaredError", "NotPublishedError",
            "UnknownVersionError", "ContentMissingError", "DamagedStoreError", "DamagedRecordsError",
            "DamagedContentError", "IncompatibleStoreError", "nearest",
        ),
        Why.ERRORS, "the texts of errors",
    ),
    Excluded(
        _WORKSPACE, ("Workspace",), Why.PINNED,
        "hands out inputs that are pinned by content, and takes results; the methods that decide rows count",
        brings=_methods(
            _WORKSPACE,
            Workspace=("query", "write_query", "connection", "_database", "table", "write_table"),
        ),
    ),
    Excluded(_WORKSPACE, ("_failed",), Why.ERRORS, "words what DuckDB refuses"),
    Excluded("sg_assets.ingest.files", ("_accepted_formats",), Why.ERRORS, "words which files are looked for"),
    Excluded(
        "sg_assets.store.store", ("Store", "_manifest_name"), Why.PINNED,
        "finds versions and contents by names that the recipe pins: in a folder, a bucket or a cache, all the same",
    ),
    Excluded(
        "sg_assets.store.manifests", ("Manifest", "PinnedInput", "Code", "MadeBy"), Why.PINNED,
        "records of versions that the recipe pins",
    ),
    Excluded(
        "sg_assets.store.backends.local", ("LocalFiles",), Why.PINNED,
        "reads and writes by names that the recipe pins",
    ),
    Excluded("sg_assets.store.backends.interface", ("sha256_of",), Why.PINNED, "compares with digests that are pinned"),
    Excluded(
        "sg_assets.store.content_checks",
        ("ContentChecks", "ContentCheck", "byte_differences", "_other_bytes", "_identities", "_inside", "_identity"),
        Why.PINNED, "compares contents with the manifests that the recipe pins; what differs is not read",
    ),
    Excluded(
        "sg_assets.store.file_seals",
        (
            "FileSeal", "FileCheck", "read_seal", "checked_file", "_difference", "_legible", "_digest", "_is_table",
            "intact_lines", "seal_file", "_has_grown", "_whole_size", "_write_seal", "was_checked",
            "seal_of", "whole_lines", "line_digest", "is_object",
        ),
        Why.PINNED, "compares stored outputs with what was written before a step reads them; what differs is not read",
    ),
    Excluded(
        "sg_assets.generation.kept_outputs",
        (
            "DamagedOutputs", "MendedOutputs", "intact", "damaged_outputs", "mend_outputs",
            "_mended_in", "_seal_changed", "_seal", "_seal_anew", "_mended", "_set_aside", "_aside",
            "_no_writer", "_files", "_identity",
        ),
        Why.PINNED, "compares stored outputs with what was written before a step reads them; what differs is not read",
    ),
    Excluded(
        "sg_assets.store.sealed_records",
        ("read_record", "read_bytes", "sealed", "unsealed", "is_sealed", "_digest"), Why.PINNED,
        "compares records with the digests that they end with",
    ),
    Excluded(
        "sg_assets.store.format_upgrades", ("read_manifest", "upgraded", "_damaged"), Why.PINNED,
        "reads records that the recipe pins",
    ),
    Excluded(
        "sg_assets.store.marks", ("Marks", "acceptances", "read_mark"), Why.PINNED,
        "reads what people said of versions; cards and releases show it as of their day",
    ),
    Excluded(
        "sg_assets.store.fingerprints", ("json_digest", "_digest"), Why.PINNED,
        "digests of plain data, by which folders, keys and recipes themselves are named",
    ),
    Excluded("sg_assets.store.refs", ("Ref",), Why.PINNED, "names of partitions: the recipe pins them as they are"),
    Excluded(
        _ENGINE, ("PARQUET", "PARQUET_LEVEL", "THREADS", "bound_memory"), Why.PINNED,
        "how rows are packed and in how much memory; a table is known by its rows",
    ),
    Excluded(
        _ENGINE, ("confine",), Why.OBSERVES, "refuses files that are not pinned; it changes no row",
        returns="nothing",
    ),
    Excluded(
        _WORKSPACE, ("ConfinedWorkspace",), Why.OBSERVES, "refuses files that are not pinned; it changes no row",
        returns="the database of the workspace, confined",
    ),
    Excluded("sg_assets.settings", ("Settings",), Why.PINNED, "folders of this machine; inputs are pinned"),
    Excluded(
        "sg_assets.hub.fetch", (
            "model_folder", "chat_folder", "ModelFolder", "hub_token", "folder_of_list", "pickles_folder",
        ),
        Why.PINNED, "finds the files of a model that is pinned by commit and digests, and compares them with these",
    ),
    Excluded(
        "sg_assets.hub.file_digests", ("file_digests",), Why.PINNED,
        "digests of files, remembered or read: by whatever way, they are of the same content",
    ),
    Excluded(
        "sg_assets.hub.local_records", ("files_root", "record_name", "read_record", "write_record"), Why.PINNED,
        "where this machine has files that are pinned by digests",
    ),
    Excluded(
        "sg_assets.chat.pinned_chat", ("check_chat",), Why.OBSERVES,
        "refuses a model that no chat can be had with; its files are pinned as they are", returns="nothing",
    ),
    Excluded(
        "sg_assets.training.checkpoints",
        (
            "locked_folder", "JobFolder", "is_complete", "seal", "journal", "discard_unused", "_acquire", "_digests",
            "_files", "journal_file", "_lock", "journal_lines", "_entry", "SEAL",
        ),
        Why.PINNED,
        "keeps a job's progress; a training that goes on from there ends in the same bytes, which tests hold",
        known_as={"locked_folder": "held", "JobFolder": "Kept", "is_complete": "is_whole"},
    ),
    Excluded(
        "sg_assets.training.callbacks", ("checkpoint_callback",), Why.OBSERVES,
        "keeps checkpoints while a training runs", returns="a callback of the trainer that only keeps checkpoints",
    ),
    Excluded(
        "sg_assets.training.progress",
        ("reporter", "progress_callback", "is_due", "progress_line"), Why.OBSERVES, "reports how a training gets on",
        returns="a function that takes a line, and a callback that only reports",
    ),
    Excluded(
        "sg_assets.training.outputs", ("run_history",), Why.OBSERVES, "reports what a run took",
        returns="facts of the run that stand beside the result in its manifest",
    ),
    Excluded(
        "sg_assets.processes.job_process",
        ("run_payload", "_leave_reason", "quiet_offline_environment", "reason_file"), Why.OBSERVES,
        "the outside of a job: its arguments, exit status, reason of failure, and an environment without network",
        returns="the exit status, or where a reason is left",
    ),
    Excluded(
        "sg_assets.declarations.judge_kinds", ("all_torch_options",), Why.OBSERVES,
        "device, threads and batches of judges: facts of a run", returns="where and in what batches models run",
    ),
    Excluded(
        "sg_assets.processes.bar_locks", ("lock_bars_between_threads",), Why.OBSERVES,
        "how progress bars take turns", returns="nothing",
    ),
    Excluded(
        "sg_assets.processes.endings",
        ("MemoryKills", "memory_kills", "_in_group", "_nearest", "_count"), Why.OBSERVES,
        "counts what the system killed for want of memory, to say how a job ended",
        returns="counts for the error of a job that was killed",
    ),
    Excluded(
        "sg_assets.processes.parent",
        ("end_job_with_parent", "_watch", "_end_after", "_wait_until_adopted"), Why.OBSERVES,
        "ends a job with the process that started it",
        returns="nothing",
    ),
    Excluded(
        "sg_assets.generation.leases", ("Leases", "wait_for_leases", "_write_lease"), Why.OBSERVES,
        "settles which process asks for an answer; the answer is the same",
        returns="which keys this process asks for",
    ),
    *(
        Excluded(
            f"{_RECORDS}.{module}", names, Why.PINNED,
            "declared values: what a step reads of them stands among the parameters of its recipe; what reports and "
            "cards make of them counts",
            brings=_methods(f"{_RECORDS}.{module}", **_DECIDING_METHODS.get(module, {})),
        )
        for module, names in _DECLARED.items()
    ),
    Excluded(
        "sg_assets.declarations.loading", ("Declarations",), Why.PINNED,
        "declared values: what a step reads of them stands among the parameters of its recipe",
    ),
    Excluded(
        "sg_assets.declarations.records.figures",
        ("FigureScore", "DeclaredFigure", "PublishedNumber", "Published"), Why.PINNED,
        "declared values: what a step reads of them stands among the parameters of its recipe",
    ),
    Excluded(
        "sg_assets.declarations.licences", ("Licensed",), Why.PINNED,
        "declared terms: they stand among the parameters of the recipes that print them",
    ),
    Excluded(
        "sg_assets.declarations.recipe_parameters",
        ("recipe_parameters", "application_parameters", "facts_of", "_deciding"), Why.PINNED,
        "says which values stand in a recipe: other values are another recipe",
    ),
    Excluded(
        "sg_assets.declarations.neutral_values", ("neutrals", "is_neutral", "_fields", "_written"), Why.PINNED,
        "says which values stand in a recipe: other values are another recipe",
    ),
    Excluded(
        "sg_assets.store.step_code", ("code_of",), Why.PINNED,
        "says what the code of a step is: other code is another recipe",
    ),
    Excluded(
        "sg_assets.code.closure", ("definition_of",), Why.PINNED,
        "says what the code of a step is: other code is another recipe",
    ),
    Excluded("sg_assets.store.contracts", ("Contract",), Why.PINNED, "what a result is held to, not what it is"),
    Excluded(
        "sg_assets.training.spec", ("TrainingSettings", "TrainingSpec"), Why.PARAMETERS,
        "the settings are the recipe's parameters; the rest are pinned inputs and folders",
    ),
    Excluded(
        "sg_assets.demo.chat_model_spec", ("ChatModelSpec",), Why.PARAMETERS,
        "the settings are the recipe's parameters; the rest are pinned inputs and folders",
    ),
    Excluded(
        "sg_assets.leaderboard.spec", ("LeaderboardSpec",), Why.PARAMETERS,
        "the settings are the recipe's parameters; the rest are pinned inputs and folders",
    ),
    Excluded("sg_assets.release.merge_spec", ("MergeSpec",), Why.PARAMETERS, "pinned inputs and folders"),
    Excluded(
        "sg_assets.generation.progress_log", ("Progress", "Cadence"), Why.OBSERVES, "reports the progress of answers",
    ),
    Excluded(
        "sg_assets.generation.generate", ("_wait_for_others", "_engine_description"), Why.OBSERVES,
        "waits for another process's answers, and describes an engine in the log",
    ),
    Excluded(
        "sg_assets.training.checkpoints", ("machines_of_result", "write_machines", "read_machines", "_process_runs"),
        Why.OBSERVES,
        "records where a job ran", returns="machines, which stand beside the result in its manifest",
    ),
    Excluded(
        "sg_assets.processes.job_process", ("machines_file",), Why.OBSERVES, "where a job leaves them",
        returns="a path",
    ),
    Excluded(
        "sg_assets.machine",
        (
            "this_machine", "_of_numpy", "_of_torch", "_gpu", "_limits", "_plain", "_blas_pools", "_kernels",
            "_numpy_instructions", "_about", "_cpu",
        ),
        Why.OBSERVES, "measures the machine",
        returns="a machine, which stands beside the result in its manifest",
    ),
    Excluded(
        "sg_assets.store.machine_record", ("Machine", "MachineKind"), Why.OBSERVES, "records of machines",
        returns="a machine, which stands beside the result in its manifest",
    ),
    Excluded(
        "sg_assets.adapters.applied_adapter", ("AppliedAdapter",), Why.PARAMETERS,
        "how it is applied stands among the recipe's parameters; the rest is pinned, or says what is refused",
    ),
    Excluded(
        "sg_assets.adapters.adapted_model", ("with_adapter",), Why.PINNED,
        "reads an adapter that is pinned by content, and refuses one that lacks weights; what is made of it counts",
    ),
    *(
        Excluded(
            f"sg_assets.adapters.{module}", names, Why.OBSERVES,
            "measures an adapter's effect and refuses a model that lacks it; no answer changes",
            returns="figures that stand beside the result in its manifest",
        )
        for module, names in _PROBING.items()
    ),
    Excluded(
        "sg_assets.training.probed_job", ("main", "_probe"), Why.OBSERVES,
        "measures what was trained, after the training that the recipe names", returns="the exit status",
    ),
    Excluded("sg_assets.leaderboard.job", ("_error_text",), Why.ERRORS, "words the failure of a task"),
)  # fmt: skip
EXCLUSIONS: Final = Exclusions(TABLE)


def reason(module: str, name: str) -> str | None:
    """Why a definition is left out of the code of steps; None where it counts."""
    entry = EXCLUSIONS.get(Definition(module, name))
    return None if entry is None else f"{entry.why}: {entry.reason}"
