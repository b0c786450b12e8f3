"""The whole programme as one plain script: the same calls in the same order, files in a folder, nothing else.

It follows the declarations (judges, mixes, variants, benchmarks, SQL) and calls the same work functions, the same SQL
and the same training jobs, as many at a time as the profile has lanes. It has no Dagster, versions, manifests, checks,
fingerprints, answer cache, pictures or report: it is what one writes for one result. It loads each model once for all
benchmarks. Trainings keep checkpoints, for the job is the same.

Run: ``python benchmarks/plain.py PROFILE FOLDER``; the scores are FOLDER/scores.parquet. `demo.py` compares.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
from pydantic import BaseModel

from sg_assets.declarations.asset_names import (
    BASE,
    DIVERGENCE,
    EXAMPLES,
    GENERATED_ITEMS,
    ITEMS,
    LEADERBOARD,
    METHODS,
    MIX_PROMPTS,
    OBJECTIVES,
)  # fmt: skip
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.parameters import bound_parameters
from sg_assets.declarations.project_declarations import read_project
from sg_assets.declarations.sql import Query, parse_query
from sg_assets.declarations.validate.variants import parent_adapter, root_chat_model
from sg_assets.store.engine import PARQUET, add_views, connect, literal, query

NUMBERS = ("benchmark", "variant", "metric", "slice", "value", "n", "clusters", "se", "low", "high")
_TO_ANSWER = """
SELECT prompts.prompt_id, prompts.prompt, prompts.label
FROM templated.prompts AS prompts JOIN templated.splits AS splits USING (prompt_id)
WHERE splits.split IN ('train', 'dev') ORDER BY prompts.prompt_id
"""


@dataclass(frozen=True)
class Script:
    """The declarations, and the folder everything is written to."""

    folder: Path
    declared: Declarations
    graph: Graph

    def file(self, asset: str, key: str | None = None) -> Path:
        name = asset.replace("/", ".") + (f".{key}" if key else "")
        return self.folder / f"{name}.parquet"

    def read(self, asset: str, key: str | None = None) -> pl.DataFrame:
        return pl.read_parquet(self.file(asset, key))

    def write(self, frame: pl.DataFrame, asset: str, key: str | None = None) -> None:
        frame.write_parquet(self.file(asset, key), compression="zstd")

    def models(self, *parts: str) -> Path:
        return self.folder.joinpath("models", *parts)

    # Sources and judges

    def declared_tables(self) -> None:
        templates = [(template.id, template.text, template.safe_ok) for template in self.declared.templates]
        few_shots = [example.model_dump() for example in self.declared.few_shots]
        names = ["template_id", "template", "safe_ok"]
        self.write(pl.DataFrame(templates, schema=names, orient="row"), "templated/templates")
        self.write(pl.DataFrame(few_shots).rename({"id": "example_id"}), "synthesized/few_shots")

    @property
    def refusals(self) -> list[str]:
        return self.read("synthesized/few_shots").sort("example_id")["answer"].to_list()

    def pretraining(self) -> None:
        from sg_assets.demo.pretraining import rows

        profile = self.declared.profile
        templates = self.read("templated/templates").sort("template_id")
        made = rows(profile.seed, profile.samples.pretraining_rows or 0, templates, self.refusals)
        self.write(made, "demo/pretraining")
        if profile.leaderboard is not None:
            from sg_assets.demo.leaderboard_items import items

            drawn = items(profile.seed, profile.leaderboard.limit or 0, templates, self.refusals)
            self.write(drawn, GENERATED_ITEMS)

    def prepare(self) -> None:
        """All that needs no chat model."""
        from sg_assets.demo.corpus import comments

        profile = self.declared.profile
        corpus = comments(profile.seed, profile.samples.corpus_comments or 0)
        self.judges(set(corpus["text"]))
        self.forum_comments(corpus)
        self.label()
        self.toxigen()
        for asset in self.graph.nodes:
            if asset in self.declared.sql and self.declared.sql[asset].partitions is None:
                self.sql(asset)
        for key in self.graph.nodes[MIX_PROMPTS].keys:
            self.sql(MIX_PROMPTS, key)
        self.written_answers()

    def judges(self, avoid: set[str]) -> None:
        from sg_assets.demo.judge_texts import texts
        from sg_assets.demo.paraphrases import pairs
        from sg_assets.embedding import embedder
        from sg_assets.judging import linear

        seed = self.declared.profile.seed
        templates = self.read("templated/templates").sort("template_id")
        made = texts(seed, self.declared.profile.samples.judge_texts or 0, templates, self.refusals, avoid=avoid)
        for name, judge in self.declared.judges.items():
            own = made.filter(judge=name).sort("row_id")
            fitted, unseen = own.filter(use="fit"), own.filter(use="check")
            folder = self.models(name)
            folder.mkdir(parents=True)
            linear.fit(fitted["text"].to_list(), fitted["label"].to_list(), folder, seed=seed, looks_at=judge.looks_at)
            asked = (linear.LinearJudge.load(folder), unseen["text"].to_list(), unseen["label"].to_list())
            linear.evaluate(*asked)
            linear.accuracy_by(*asked, unseen["kind"].to_list())
        fitted_on = made.filter(use="fit")["text"].unique().sort().to_list()
        embedder.fit(fitted_on, self.models("embedder"), seed=seed)
        checked = pairs(seed, 200)
        columns = [checked[name].to_list() for name in ("left", "right", "related", "kind")]
        embedder.evaluate(embedder.Embedder.load(self.models("embedder")), *columns)

    def forum_comments(self, corpus: pl.DataFrame) -> None:
        from sg_assets.ingest.forum import ColumnNames, read_comments

        source = self.folder / "comments"
        source.mkdir()
        generated = corpus.select("text", given_split="part", source=pl.lit("generated"))
        generated.write_parquet(source / "comments.parquet")
        raw = self.declared.profile.raw
        names = ColumnNames(text=raw.columns.text, source=raw.columns.source, split=raw.columns.split)
        read_comments(source, names, self.file("raw/forum_comments"), self.file("raw/rejected_comments"))

    def label(self) -> None:
        comments = self.read("raw/forum_comments").sort("text_id")
        bounds = self.declared.profile.labelling
        score = pl.col("score")
        label = pl.when(score <= bounds.safe_at_most).then(pl.lit("safe"))
        label = label.when(score >= bounds.unsafe_at_least).then(pl.lit("unsafe"))
        scored = comments.with_columns(self.score("toxicity", comments["text"]).alias("score"))
        self.write(scored.with_columns(label=label).drop_nulls("label"), "raw/sg_toxicity_prompts")

    def toxigen(self) -> None:
        from sg_assets.demo.toxigen_files import write_prompt_files
        from sg_assets.ingest.toxigen import read_prompts
        from sg_assets.store.sampling import lowest

        profile, source = self.declared.profile, self.folder / "toxigen"
        source.mkdir()
        per_file = profile.samples.toxigen_per_file or 20
        write_prompt_files(source, profile.seed, per_file)
        drawn = {"purpose": "toxigen", "seed": profile.seed, "key": "prompt_id", "within": ("label", "group")}
        self.write(lowest(read_prompts(source), per_file, **drawn), "raw/toxigen_prompts")

    # Tables

    def database(self, sql: Query, key: str | None) -> Any:  # noqa: ANN401
        """DuckDB with what a SELECT reads; of a table with partitions, this one."""
        files = {asset: self.file(asset, key) for asset in sql.tables}
        connection = connect()
        add_views(connection, {asset: [file if file.exists() else self.file(asset)] for asset, file in files.items()})
        return connection

    def sql(self, asset: str, key: str | None = None) -> None:
        declared = self.declared.sql[asset]
        bound = bound_parameters(self.declared, declared, key)
        with self.database(declared.query, key) as connection:
            connection.execute(f"COPY ({declared.query.text}\n) TO {literal(self.file(asset, key))} ({PARQUET})", bound)

    def training_tables(self) -> None:
        for method in METHODS:
            for key in self.graph.nodes[EXAMPLES[method]].keys:
                self.sql(EXAMPLES[method], key)

    # Answers

    def written_answers(self) -> None:
        from sg_assets.demo.responder import few_shot_answer
        from sg_assets.generation.few_shot import REFUSE_ANYWAY, SAFE_ANSWER, generator_chats

        few_shots = self.read("synthesized/few_shots").sort("example_id").to_dicts()
        lexicon = sorted((entry.model_dump() for entry in self.declared.lexicon), key=lambda entry: entry["term"])
        asked = {"safe_responses": ("unsafe", SAFE_ANSWER), "safe_prompt_rejections": ("safe", REFUSE_ANYWAY)}
        for name, (label, instruction) in asked.items():
            prompts = self.to_answer().filter(label=label)
            chats = generator_chats(prompts["prompt"].to_list(), few_shots, lexicon, instruction)
            answers = [{"response": few_shot_answer(chat), "outcome": "ok", "finish": "stop"} for chat in chats]
            self.write(
                pl.concat([prompts.select("prompt_id"), pl.DataFrame(answers)], how="horizontal"), f"synthesized/{name}"
            )

    def to_answer(self) -> pl.DataFrame:
        with self.database(parse_query(_TO_ANSWER, where="plain.py"), None) as connection:
            return query(connection, _TO_ANSWER)

    def base_responses(self) -> None:
        prompts = self.to_answer()
        answered = pl.concat(
            [prompts.select("prompt_id"), self.answers(self.engine("base"), prompts)], how="horizontal"
        )
        self.write(self.judged(answered, ["toxicity", "rejection"]), "synthesized/base_responses")

    def engine(self, variant: str) -> Any:  # noqa: ANN401
        from sg_assets.generation.transformers_engine import TransformersEngine

        declared_variant = self.declared.variants[variant]
        model = (
            SimpleNamespace(fingerprint=""),
            self.models("chat", root_chat_model(declared_variant, self.declared.variants)),
        )
        adapter = (SimpleNamespace(fingerprint=""), self.models("adapters", variant, "adapter"))
        return TransformersEngine(
            self.declared.profile.generation, model, None if declared_variant.method == "none" else adapter
        )

    def answers(self, engine: Any, prompts: pl.DataFrame) -> pl.DataFrame:  # noqa: ANN401
        asked = list(dict.fromkeys(prompts["prompt"]))
        chats = [[{"role": "user", "content": prompt}] for prompt in asked]
        answers_by_prompt = {asked[index]: answer for index, answer in engine.answer(chats)}
        answers = [answers_by_prompt[prompt] for prompt in prompts["prompt"]]
        rows = [(answer.response, answer.outcome, answer.finish) for answer in answers]
        return pl.DataFrame(rows, schema=dict.fromkeys(("response", "outcome", "finish"), pl.String), orient="row")

    def score(self, judge: str, texts: pl.Series) -> pl.Series:
        from sg_assets.judging.linear import LinearJudge

        return pl.Series(LinearJudge.load(self.models(judge)).score(texts.to_list()), dtype=pl.Float64)

    def judged(self, answers: pl.DataFrame, judges: Sequence[str]) -> pl.DataFrame:
        numbered = answers.with_row_index("row")
        answered = numbered.filter(pl.col("response").is_not_null())
        columns = [self.score(judge, answered["response"]).alias(f"{judge}_score") for judge in judges]
        scored = answered.select("row").with_columns(columns)
        return numbered.join(scored, on="row", how="left", maintain_order="left").drop("row")

    # Trainings, as jobs

    def job(self, module: str, spec: BaseModel, name: str) -> None:
        path = self.folder / f"{name}.json"
        path.write_text(spec.model_dump_json())
        with (self.folder / f"{name}.log").open("w") as log:
            subprocess.run([sys.executable, "-m", module, str(path)], check=True, stdout=log, stderr=log)

    def chat(self, name: str) -> None:
        from sg_assets.demo.chat_model_spec import ChatModelSpec

        profile = self.declared.profile
        if profile.pretraining is None:
            raise SystemExit("the profile trains no chat model")
        seed = profile.seed * 1000 + (profile.chat_models[name].seed or 0)
        spec = ChatModelSpec(
            rows=self.file("demo/pretraining"), output_dir=self.models("chat", name), kept=self.folder / "kept" / name,
            seed=seed, **profile.pretraining.model_dump(),
        )  # fmt: skip
        self.job("sg_assets.demo.chat_model", spec, f"chat-{name}")

    def adapter(self, name: str) -> None:
        from sg_assets.training.spec import TrainingSettings, TrainingSpec

        variants, profile = self.declared.variants, self.declared.profile
        variant = variants[name]
        options = variant.training.over(getattr(profile.training, variant.method).over(profile.training.defaults))
        own = options.model_dump(exclude_none=True, exclude={"save_steps"})
        rank = max(1, round((variant.rank or 1) * profile.rank_scale))
        parent = parent_adapter(variant, variants)
        base = root_chat_model(variant, variants)
        spec = TrainingSpec(
            method=variant.method, variant=name, base_model=self.models("chat", base), base_id=base,
            parent_adapter=self.models("adapters", parent, "adapter") if parent else None, parent_id=parent,
            examples=self.file(EXAMPLES[variant.method], variant.mix), output_dir=self.models("adapters", name),
            kept=self.folder / "kept" / name, save_steps=options.save_steps or 50,
            settings=TrainingSettings(rank=rank, seed=profile.seed, **own),
        )  # fmt: skip
        self.job("sg_assets.training.job", spec, f"adapter-{name}")

    # Benchmarks

    def evaluate(self, variant: str) -> None:
        from sg_assets.statistics.rates import estimate

        engine = self.engine(variant)
        for name, benchmark in self.declared.benchmarks.items():
            asked = self.declared.items[name]
            with self.database(asked, None) as connection:
                items = query(connection, asked.text).sort("item_id")
            answered = pl.concat([items, self.answers(engine, items)], how="horizontal")
            self.write(answered, f"responses/{name}", variant)
            scored = self.judged(answered, list(dict.fromkeys(benchmark.judges.values())))
            cuts = {flag: (judge, self.declared.judges[judge].cut) for flag, judge in benchmark.judges.items()}
            flags = [(pl.col(f"{judge}_score") >= cut).alias(flag) for flag, (judge, cut) in cuts.items()]
            self.write(scored.drop("prompt", "response").with_columns(flags), f"judgements/{name}", variant)
            metrics = self.declared.sql[f"scores/{name}"]
            with self.database(metrics.query, variant) as connection:
                values = query(connection, metrics.query.text, bound_parameters(self.declared, metrics, variant))
            self.publish(estimate(values), f"scores/{name}", variant)

    def leaderboard(self, variant: str) -> None:
        from sg_assets.leaderboard.finished_tasks import finished_items, leaderboard_tasks
        from sg_assets.leaderboard.scores import score_rows
        from sg_assets.leaderboard.spec import LeaderboardSpec

        declared, declared_variant = self.declared.profile.leaderboard, self.declared.variants[variant]
        items, kept = self.file(GENERATED_ITEMS), self.folder / "kept" / f"leaderboard-{variant}"
        spec = LeaderboardSpec(
            variant=variant, base_model=self.models("chat", root_chat_model(declared_variant, self.declared.variants)),
            adapter=None if declared_variant.method == "none" else self.models("adapters", variant, "adapter"),
            items=items, kept=kept, **declared.model_dump(exclude={"source", "moved_by"}),
        )  # fmt: skip
        self.job("sg_assets.leaderboard.job", spec, f"leaderboard-{variant}")
        scores = score_rows(finished_items(kept, declared.tasks), leaderboard_tasks(declared.tasks, items))
        self.publish(scores, LEADERBOARD, variant)

    def divergence(self, variant: str) -> None:
        from sg_assets.embedding.divergence import similarities
        from sg_assets.statistics.rates import estimate

        asked = (benchmark for benchmark in self.declared.benchmarks.values() if benchmark.divergence is not None)
        answers = pl.concat(
            self.both_answers(benchmark.name, benchmark.divergence.items, variant) for benchmark in asked
        )
        memory = self.folder / "embedded"
        items = similarities(answers.sort("slice", "item_id"), self.models("embedder"), memory)
        self.publish(estimate(items), DIVERGENCE, variant)

    def both_answers(self, benchmark: str, most: int | None, variant: str) -> pl.DataFrame:
        """What base and the variant answered, up to a sample of the items."""
        base, other = (literal(self.file(f"responses/{benchmark}", side)) for side in (BASE, variant))
        with connect() as connection:
            sql = f"""
                SELECT {benchmark!r} || '_' || base.label AS slice, item_id, base.cluster_id, base.response AS before,
                  other.response AS after
                FROM {base} AS base JOIN {other} AS other USING (item_id)
                WHERE base.outcome = 'ok' AND other.outcome = 'ok'
                QUALIFY $most IS NULL OR row_number() OVER (
                  PARTITION BY base.label ORDER BY sample_rank('divergence', $seed, item_id)
                ) <= $most
            """
            return query(connection, sql, {"most": most, "seed": self.declared.profile.seed})

    def publish(self, scores: pl.DataFrame, asset: str, variant: str) -> None:
        labels = {"variant": pl.lit(variant), "benchmark": pl.lit(asset.removeprefix("scores/"))}
        self.write(scores.with_columns(**labels), asset, variant)

    def run(self) -> pl.DataFrame:
        """Everything; longest first, as ours."""
        variants = self.declared.variants
        parents = {name: parent_adapter(variant, variants) for name, variant in variants.items()}
        roots = {name: root_chat_model(variant, variants) for name, variant in variants.items()}
        adapters = [name for name, variant in variants.items() if variant.method != "none"]
        with ProcessPoolExecutor(self.declared.profile.lane_count, get_context("forkserver")) as pool:
            self.declared_tables()
            self.pretraining()
            chats = {"base": pool.submit(self.chat, "base")}
            prepared = pool.submit(self.prepare)
            chats |= {
                name: pool.submit(self.chat, name) for name in self.declared.profile.chat_models if name != "base"
            }
            prepared.result()
            chats["base"].result()
            pool.submit(self.base_responses).result()
            self.training_tables()
            trained: dict[str, Future[None]] = {}
            for name in sorted(adapters, key=lambda name: (name not in parents.values(), parents[name] is not None)):
                (trained[parents[name]] if parents[name] else chats[roots[name]]).result()
                trained[name] = pool.submit(self.adapter, name)
            evaluated = []
            for name in sorted(variants, key=lambda name: name not in adapters):
                (trained[name] if name in trained else chats[roots[name]]).result()
                evaluated.append(pool.submit(self.evaluate, name))
                if LEADERBOARD in self.graph.nodes:
                    evaluated.append(pool.submit(self.leaderboard, name))
            for future in evaluated:
                future.result()
            if DIVERGENCE in self.graph.nodes:
                list(pool.map(self.divergence, variants))
        named = (name for name in self.graph.nodes if name.startswith("scores/") and name != OBJECTIVES)
        scored = [name for name in named if not name.endswith(ITEMS)]
        files = [self.file(name, variant) for name in scored for variant in variants]
        return pl.concat([pl.read_parquet(file).select(NUMBERS) for file in files]).sort(
            "benchmark", "variant", "metric", "slice"
        )


def main(profile: str, folder: Path) -> None:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    whole = read_project(Path(__file__).parents[1], profile, generated_comments=True)
    folder.mkdir(parents=True)
    scores = Script(folder, whole.declared, whole.graph).run()
    scores.write_parquet(folder / "scores.parquet")
    print(json.dumps({"scores": scores.height}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
