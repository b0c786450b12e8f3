"""Declared tables, the demo's generated corpora, and raw comments and prompts."""

import dataclasses
from collections.abc import Mapping, Sequence

import dagster as dg

from sg_assets.assets.building import Beside, Making, Run
from sg_assets.assets.observed import COMMENT_FILES, TOXIGEN_FILES
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.errors import SgAssetsError
from sg_assets.store.fingerprints import source_digest
from sg_assets.store.step import Recipe, Workspace

_REJECTED = "raw/rejected_comments"
_GENERATED_PER_FILE = 20
"""Generated TOXIGEN-like prompts per file, where a profile that takes all of them does not say."""


def source_assets(project: Project) -> dict[str, Making]:
    """Everything that has no upstream but files and declarations, and what the demo generates."""
    return _declared_tables(project) | _demo_corpora(project) | _raw(project)


def _declared_tables(project: Project) -> dict[str, Making]:
    declared = project.declared
    templates = [{"template_id": one.id, "template": one.text, "safe_ok": one.safe_ok} for one in declared.templates]
    few_shots = [{"example_id": one.id, "text": one.text, "answer": one.answer} for one in declared.few_shots]
    lexicon = [one.model_dump() for one in declared.lexicon]
    return {
        "templated/templates": _declared(
            project, "Instructions wrapped around raw texts, from models/templates.yaml.", templates, "template_id"
        ),
        "synthesized/few_shots": _declared(
            project, "Examples shown to the generator, from models/few_shots.yaml.", few_shots, "example_id"
        ),
        "synthesized/lexicon": _declared(
            project, "Harmful local terms the generator is told, from models/lexicon.yaml.", lexicon, "term"
        ),
    }


def _declared(project: Project, description: str, rows: Sequence[Mapping[str, object]], key: str) -> Making:
    def run(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        import polars as pl

        workspace.write_table(pl.DataFrame(rows))

    def recipe(_: str | None) -> Recipe:
        return project.recipe([], {"rows": rows}, key=(key,))

    return Making(description, recipe, run, frozenset({"yaml"}))


def _demo_corpora(project: Project) -> dict[str, Making]:
    seed, samples = project.declared.profile.seed, project.declared.profile.samples
    leaderboard = project.declared.profile.leaderboard

    def corpus(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        from sg_assets.demo.corpus import comments

        workspace.write_table(comments(seed, int(workspace.parameters["n"])))

    def pretraining(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        from sg_assets.demo.pretraining import rows

        templates = workspace.table("templated/templates").sort("template_id")
        workspace.write_table(rows(seed, int(workspace.parameters["n"]), templates, _refusals(workspace)))

    def judge_texts(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        from sg_assets.demo.judge_texts import texts

        templates = workspace.table("templated/templates").sort("template_id")
        avoid = set(workspace.table("demo/corpus")["text"]) if "demo/corpus" in workspace.inputs else set()
        n = int(workspace.parameters["n"])
        workspace.write_table(texts(seed, n, templates, _refusals(workspace), avoid=avoid))

    def leaderboard_items(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        from sg_assets.demo.leaderboard import items

        templates = workspace.table("templated/templates").sort("template_id")
        workspace.write_table(items(seed, int(workspace.parameters["n"]), templates, _refusals(workspace)))

    def making(description: str, run: Run, module: str, n: int | None, *key: str) -> Making:
        def recipe(_: str | None) -> Recipe:
            return project.recipe([f"demo.{module}"], {"seed": seed, "n": n}, key=key)

        return Making(description, recipe, run)

    return {
        "demo/corpus": making(
            "Generated Singlish-like comments, safe and unsafe by construction.", corpus, "corpus",
            samples.corpus_comments, "comment_id",
        ),
        "demo/pretraining": making(
            "Chats the demo's base models learn from: helpful, and compliant with unsafe prompts.", pretraining,
            "pretraining", samples.pretraining_rows, "row_id",
        ),
        "demo/judge_texts": making(
            "Texts the demo's judges are fitted and checked on; none of them is a comment of the corpus.", judge_texts,
            "judge_texts", samples.judge_texts, "judge", "row_id",
        ),
        "demo/leaderboard_items": making(
            "Small tasks in the shapes of the Open LLM Leaderboard's, on what the demo's base models were taught.",
            leaderboard_items, "leaderboard", leaderboard.limit if leaderboard else None, "subtask", "item_id",
        ),
    }  # fmt: skip


def _refusals(workspace: Workspace) -> list[str]:
    return workspace.table("synthesized/few_shots").sort("example_id")["answer"].to_list()


def _raw(project: Project) -> dict[str, Making]:
    return {"raw/forum_comments": _forum_comments(project), "raw/toxigen_prompts": _toxigen_prompts(project)}


def _forum_comments(project: Project) -> Making:
    folder = project.settings.raw
    raw = project.declared.profile.raw
    columns = raw.columns

    def recipe(_: str | None) -> Recipe:
        from sg_assets.ingest.forum import data_files

        files = [] if folder is None else source_digest((file.name, file.path) for file in data_files(folder))
        parameters = {**recipe_parameters(raw), "files": files}
        return project.recipe(["ingest.forum"], parameters, libraries=["duckdb", "polars", "pyarrow"], key=("text_id",))

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.ingest.forum import ColumnNames, read_comments

        names = ColumnNames(text=columns.text, source=columns.source, split=columns.split)
        source = folder
        if source is None:
            _require_generated(project, "comments", "SG_RAW", "a folder of comments")
            source = workspace.folder / "generated"
            source.mkdir()
            generated = workspace.table("demo/corpus").select("text", given_split="part", source=pl.lit("generated"))
            generated.write_parquet(source / "comments.parquet")
        counts = read_comments(
            source,
            names,
            workspace.table_file,
            workspace.table_file_of(_REJECTED),
            mask_personal_data=raw.mask_personal_data,
            keep_rejected_texts=raw.keep_rejected_texts,
        )
        workspace.details.update(dataclasses.asdict(counts))
        context.log.info(f"{counts}")

    return Making(
        "Comments to learn from: personal data masked, duplicates and empty texts dropped. From SG_RAW, or generated.",
        recipe, run,
        beside={_REJECTED: Beside("Every row that was dropped on reading comments: where, and why.", ("file", "row"))},
        observed=() if folder is None else (COMMENT_FILES,),
    )  # fmt: skip


def _toxigen_prompts(project: Project) -> Making:
    folder = project.settings.toxigen
    seed, per_file = project.declared.profile.seed, project.declared.profile.samples.toxigen_per_file

    def recipe(_: str | None) -> Recipe:
        from sg_assets.ingest.toxigen import prompt_files

        files = [] if folder is None else source_digest((path.name, path) for path, _, _ in prompt_files(folder))
        modules = ["ingest.toxigen", "store.sampling", *([] if folder else ["demo.toxigen"])]
        return project.recipe(modules, {"seed": seed, "per_file": per_file, "files": files}, key=("prompt_id",))

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        from sg_assets.demo.toxigen import write_prompt_files
        from sg_assets.ingest.toxigen import read_prompts
        from sg_assets.store.sampling import lowest

        source = folder
        if source is None:
            _require_generated(project, "TOXIGEN prompts", "SG_TOXIGEN_DIR", "the prompts folder of TOXIGEN")
            source = workspace.folder / "generated"
            source.mkdir()
            write_prompt_files(source, seed, per_file or _GENERATED_PER_FILE)
        prompts = read_prompts(source)
        most = prompts.height if per_file is None else per_file
        taken = lowest(prompts, most, purpose="toxigen", seed=seed, key="prompt_id", within=("label", "group"))
        workspace.details.update({"distinct_prompts": prompts.height, "taken": taken.height})
        context.log.info(f"{prompts.height} distinct prompts, {taken.height} taken")
        workspace.write_table(taken)

    return Making(
        "TOXIGEN prompts of the 13 groups, hate and neutral. From SG_TOXIGEN_DIR, or generated in its layout.",
        recipe, run, observed=() if folder is None else (TOXIGEN_FILES,),
    )  # fmt: skip


def _require_generated(project: Project, what: str, variable: str, folder: str) -> None:
    profile = project.declared.profile
    if profile.samples.corpus_comments is None:
        raise SgAssetsError(
            f"profile '{profile.name}' has no {what}", where=variable, remedy=f"Set {variable} to {folder}"
        )
