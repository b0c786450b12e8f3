"""Declared tables, the demo's generated corpora, and raw comments and prompts."""

from collections.abc import Callable, Mapping, Sequence

import dagster as dg

from sg_assets.declarations.asset_names import (
    COMMENT_FILES,
    CORPUS,
    FEW_SHOTS,
    FORUM_COMMENTS,
    GENERATED_ITEMS,
    JUDGE_TEXTS,
    LEXICON,
    PRETRAINING,
    REJECTED_COMMENTS,
    TEMPLATES,
    TOXIGEN_FILES,
    TOXIGEN_PROMPTS,
    TOXIGEN_SENTENCES,
)
from sg_assets.declarations.kinds.datasets import DATASET_TABLE, MIRROR, comment_columns
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.demo.generated_sources import (
    ingest_generated_comments,
    ingest_generated_prompts,
    ingest_generated_sentences,
)
from sg_assets.demo.generated_tables import (
    write_corpus,
    write_judge_texts,
    write_leaderboard_items,
    write_pretraining,
)
from sg_assets.ingest.forum_step import ingest_comments
from sg_assets.ingest.mirrored_sources import ingest_mirrored_comments, ingest_mirrored_prompts
from sg_assets.ingest.toxigen_sentences_step import ingest_sentences
from sg_assets.ingest.toxigen_step import ingest_prompts
from sg_assets.orchestration.asset_def import AssetDef, ExtraOutput
from sg_assets.orchestration.external_sources import external_sources
from sg_assets.orchestration.obstacles import missing_source
from sg_assets.orchestration.project import Project
from sg_assets.store.fingerprints import source_digest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.tables.declared import write_rows


def source_assets(project: Project) -> dict[str, AssetDef]:
    """Assets made from files and declarations alone, and the corpora that the demo generates."""
    return _declared_tables(project) | _demo_corpora(project) | _raw(project)


def external_source_specs(project: Project) -> list[dg.AssetSpec]:
    """The folders of raw files and of models as external assets."""
    return [
        dg.AssetSpec(source.key, description=source.description, group_name=source.key.path[0], kinds={"file"})
        for source in external_sources(project)
    ]


def _declared_tables(project: Project) -> dict[str, AssetDef]:
    declared = project.declared
    templates = [
        {"template_id": template.id, "template": template.text, "safe_ok": template.safe_ok}
        for template in declared.templates
    ]
    few_shots = [
        {"example_id": few_shot.id, "text": few_shot.text, "answer": few_shot.answer} for few_shot in declared.few_shots
    ]
    lexicon = [recipe_parameters(term) for term in declared.lexicon]
    return {
        TEMPLATES: _declared(
            project, "Instructions wrapped around raw texts, from models/templates.yaml.", templates, "template_id"
        ),
        FEW_SHOTS: _declared(
            project, "Examples shown to the generator, from models/few_shots.yaml.", few_shots, "example_id"
        ),
        LEXICON: _declared(
            project, "Harmful local terms given to the generator, from models/lexicon.yaml.", lexicon, "term"
        ),
    }


def _declared(project: Project, description: str, rows: Sequence[Mapping[str, object]], key: str) -> AssetDef:
    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        write_rows(workspace, rows)

    def recipe(_: str | None) -> Recipe:
        return project.recipe([write_rows], {"rows": rows}, key=(key,))

    return AssetDef(description, recipe, work, frozenset({"yaml"}))


def _demo_corpora(project: Project) -> dict[str, AssetDef]:
    seed, samples = project.declared.profile.seed, project.declared.profile.samples
    leaderboard = project.declared.profile.leaderboard

    def asset_def(description: str, write: Callable[[Workspace, int], None], n: int | None, *key: str) -> AssetDef:
        def recipe(_: str | None) -> Recipe:
            return project.recipe([write], {"seed": seed, "n": n}, key=key)

        def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
            write(workspace, seed)

        return AssetDef(description, recipe, work)

    return {
        CORPUS: asset_def(
            "Generated Singlish-like comments, safe and unsafe by construction.", write_corpus,
            samples.corpus_comments, "comment_id",
        ),
        PRETRAINING: asset_def(
            "Chats the demo's base models learn from: helpful, and compliant with unsafe prompts.", write_pretraining,
            samples.pretraining_rows, "row_id",
        ),
        JUDGE_TEXTS: asset_def(
            "Texts the demo's judges are fitted and checked on; none of them is a comment of the corpus.",
            write_judge_texts, samples.judge_texts, "judge", "row_id",
        ),
        GENERATED_ITEMS: asset_def(
            "Small tasks shaped like the Open LLM Leaderboard's, on content that the demo's base models were taught.",
            write_leaderboard_items, leaderboard.limit if leaderboard else None, "subtask", "item_id",
        ),
    }  # fmt: skip


def _raw(project: Project) -> dict[str, AssetDef]:
    sources = project.declared.profile.sources
    comments = _forum_comments(project) if sources.comments is None else _mirrored_comments(project, sources.comments)
    prompts = _toxigen_prompts(project) if sources.toxigen is None else _mirrored_prompts(project, sources.toxigen)
    taken = {TOXIGEN_SENTENCES: _toxigen_sentences(project)} if TOXIGEN_SENTENCES in project.graph.nodes else {}
    return {FORUM_COMMENTS: comments, TOXIGEN_PROMPTS: prompts, **taken}


def _mirrored_comments(project: Project, dataset: str) -> AssetDef:
    declared = project.declared
    raw = declared.profile.raw.model_copy(update={"columns": comment_columns(declared.datasets[dataset])})
    mirror = MIRROR.of(dataset)

    def recipe(_: str | None) -> Recipe:
        libraries = ["duckdb", "polars", "pyarrow"]
        return project.recipe([ingest_mirrored_comments], recipe_parameters(raw), libraries=libraries, key=("text_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        ingest_mirrored_comments(workspace, mirror, raw, REJECTED_COMMENTS, context.log.info)

    rejected = ExtraOutput("Rows dropped while reading comments: file, row, reason.", ("file", "row"))
    return AssetDef(
        "Comments to learn from: personal data masked, duplicates and empty texts dropped. From a dataset.",
        recipe, work, extra_outputs={REJECTED_COMMENTS: rejected},
    )  # fmt: skip


def _mirrored_prompts(project: Project, dataset: str) -> AssetDef:
    profile, table = project.declared.profile, DATASET_TABLE.of(dataset)
    seed, per_file = profile.seed, profile.samples.toxigen_per_file

    def recipe(_: str | None) -> Recipe:
        return project.recipe([ingest_mirrored_prompts], {"seed": seed, "per_file": per_file}, key=("prompt_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        ingest_mirrored_prompts(workspace, table, seed, per_file, context.log.info)

    return AssetDef(f"TOXIGEN prompts of the 13 groups, hate and neutral. From the dataset {dataset}.", recipe, work)


def _forum_comments(project: Project) -> AssetDef:
    folder = project.settings.raw
    profile = project.declared.profile
    raw = profile.raw

    def recipe(_: str | None) -> Recipe:
        from sg_assets.ingest.forum import data_files

        files = [] if folder is None else source_digest((file.name, file.path) for file in data_files(folder))
        parameters = {**recipe_parameters(raw), "files": files}
        entry = ingest_generated_comments if folder is None else ingest_comments
        return project.recipe([entry], parameters, libraries=["duckdb", "polars", "pyarrow"], key=("text_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        if folder is None:
            ingest_generated_comments(workspace, raw, REJECTED_COMMENTS, profile, context.log.info)
        else:
            ingest_comments(workspace, folder, raw, REJECTED_COMMENTS, context.log.info)

    rejected = ExtraOutput("Rows dropped while reading comments: file, row, reason.", ("file", "row"))
    return AssetDef(
        "Comments to learn from: personal data masked, duplicates and empty texts dropped. From SG_RAW, or generated.",
        recipe, work,
        extra_outputs={REJECTED_COMMENTS: rejected},
        external_sources=() if folder is None else (COMMENT_FILES,),
        obstacle=lambda _: missing_source(profile, folder, "comments", "SG_RAW", "a folder of comments"),
    )  # fmt: skip


def _toxigen_prompts(project: Project) -> AssetDef:
    folder = project.settings.toxigen
    profile = project.declared.profile
    seed, per_file = profile.seed, profile.samples.toxigen_per_file

    def recipe(_: str | None) -> Recipe:
        from sg_assets.ingest.toxigen import prompt_files

        files = [] if folder is None else source_digest((path.name, path) for path, _, _ in prompt_files(folder))
        parameters = {"seed": seed, "per_file": per_file, "files": files}
        entry = ingest_generated_prompts if folder is None else ingest_prompts
        return project.recipe([entry], parameters, key=("prompt_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        if folder is None:
            ingest_generated_prompts(workspace, seed, per_file, profile, context.log.info)
        else:
            ingest_prompts(workspace, folder, seed, per_file, context.log.info)

    return AssetDef(
        "TOXIGEN prompts of the 13 groups, hate and neutral. From SG_TOXIGEN_DIR, or generated in its layout.",
        recipe, work, external_sources=() if folder is None else (TOXIGEN_FILES,),
        obstacle=lambda _: missing_source(
            profile, folder, "TOXIGEN prompts", "SG_TOXIGEN_DIR", "the prompts folder of TOXIGEN"
        ),
    )  # fmt: skip


def _toxigen_sentences(project: Project) -> AssetDef:
    folder = project.settings.toxigen
    profile = project.declared.profile
    seed, per_file = profile.seed, profile.samples.toxigen_per_file

    def recipe(_: str | None) -> Recipe:
        from sg_assets.ingest.toxigen import prompt_files

        if folder is None:
            parameters = {"seed": seed, "per_file": per_file}
            return project.recipe([ingest_generated_sentences], parameters, key=("sentence_id",))
        files = source_digest((path.name, path) for path, _, _ in prompt_files(folder))
        return project.recipe([ingest_sentences], {"files": files}, key=("sentence_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        if folder is None:
            ingest_generated_sentences(workspace, seed, per_file, profile, context.log.info)
        else:
            ingest_sentences(workspace, folder, context.log.info)

    return AssetDef(
        "The sentences inside TOXIGEN's prompts, hate and neutral, to fit judges on; from SG_TOXIGEN_DIR, or made.",
        recipe, work, external_sources=() if folder is None else (TOXIGEN_FILES,),
        obstacle=lambda _: missing_source(
            profile, folder, "TOXIGEN sentences", "SG_TOXIGEN_DIR", "the prompts folder of TOXIGEN"
        ),
    )  # fmt: skip
