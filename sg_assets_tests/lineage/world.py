"""A small project in a real store, from comments to a score; everything that an edit can change is a field."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import md5, sha256
from typing import Any

import polars as pl

from sg_assets.code.module_forms import normal_form
from sg_assets.declarations.sql import parse_query
from sg_assets.statistics.rates import estimate
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, Recipe, Workspace, run_step
from sg_assets.store.store import Store
from sg_assets_tests.code.records import code_of_texts

PROMPTS = """
SELECT c.text_id || ':' || t.template_id AS prompt_id, c.text_id, t.template_id, c.label,
  replace(t.template, '{text}', c.text) AS prompt
FROM raw.forum_comments AS c CROSS JOIN templated.templates AS t
"""
METRICS = """
SELECT 'toxicity_rate' AS metric, label AS slice, item_id, cluster_id, is_toxic::DOUBLE AS value
FROM judgements.sg_safety WHERE outcome = 'ok' AND label = 'unsafe'
UNION ALL
SELECT 'rejection_rate' AS metric, label AS slice, item_id, cluster_id, is_refusal::DOUBLE AS value
FROM judgements.sg_safety WHERE outcome = 'ok'
"""
JUDGE_MODULE = "def score(text):\n    # by its words\n    return len(text) % 10 / 10\n"


@dataclass(frozen=True)
class World:
    """The declared values, queries and code of the project. ``build`` brings a store up to date with them."""

    comments: int = 40
    templates: Mapping[str, str] = field(
        default_factory=lambda: {"reply_to": "Reply to this: {text}", "summarise": "Summarise this: {text}"}
    )
    thresholds: Mapping[str, float] = field(default_factory=lambda: {"is_toxic": 0.5, "is_refusal": 0.5})
    seed: int = 0
    rank: int = 128
    learning_rate: float = 0.001
    parent: str | None = None
    torch: str = "2.13.0"
    max_new_tokens: int = 48
    judge_module: str = JUDGE_MODULE
    prompts_sql: str = PROMPTS
    metrics_sql: str = METRICS
    variant: str = "sft_r128"
    rewritten: int = 0
    """How often the file of comments was rewritten with equal rows."""
    items_table: bool = True
    """Whether the values item by item are published with the scores."""

    def build(self, store: Store, run_id: str = "run") -> Manifest:
        """Run every step in order; gives the score."""
        self.build_until_judgements(store, run_id)
        extra_outputs = {"scores/sg_safety_items": ("metric", "slice", "item_id")} if self.items_table else {}
        return step(store, run_id, f"scores/sg_safety[{self.variant}]", self.score, {},
                    [f"judgements/sg_safety[{self.variant}]"], key=("metric", "slice"),
                    code=_code(queries={"sql/scores/sg_safety.sql": self.metrics_sql}),
                    extra_outputs=extra_outputs)  # fmt: skip

    def build_until_judgements(self, store: Store, run_id: str = "run") -> None:
        """Run every step but that of the score."""
        make = partial(step, store, run_id)
        make("raw/forum_comments", self._comments, {"files": self._files}, key=("text_id",))
        rows = [{"template_id": name, "template": text} for name, text in self.templates.items()]
        make(
            "templated/templates",
            lambda space: space.write_table(pl.DataFrame(rows)),
            {"rows": rows},
            key=("template_id",),
        )
        make("templated/prompts", _query(self.prompts_sql), {}, ["raw/forum_comments", "templated/templates"],
             code=_code(queries={"sql/templated/prompts.sql": self.prompts_sql}), key=("prompt_id",))  # fmt: skip
        make("models/chat[base]", _folder(f"chat {self.seed}"), {"seed": self.seed, "steps": 60})
        make("judges/toxicity", _folder(normal_form(self.judge_module)), {"judge": "toxicity", "seed": 0},
             code=_code({"sg_assets.judging.linear": self.judge_module}))  # fmt: skip
        make("training/sft_examples[balanced]", _query("SELECT prompt_id AS example_id, prompt FROM templated.prompts"),
             {"unsafe_prompts": 10}, ["templated/prompts"], key=("example_id",))  # fmt: skip
        self._train(make)
        answering = ["templated/prompts", "models/chat[base]", f"adapters/sft[{self.variant}]"]
        make(f"responses/sg_safety[{self.variant}]", self.answer,
             {"variant": self.variant, "max_new_tokens": self.max_new_tokens}, answering,
             versions={"torch": self.torch}, key=("item_id",))  # fmt: skip
        make(f"judgements/sg_safety[{self.variant}]", self.judge,
             {"judges": {"is_toxic": "toxicity", "is_refusal": "toxicity"}, "thresholds": dict(self.thresholds)},
             [f"responses/sg_safety[{self.variant}]", "judges/toxicity"], key=("item_id",))  # fmt: skip

    def _train(self, make: Callable[..., Manifest]) -> None:
        inputs = ["models/chat[base]", "training/sft_examples[balanced]"]
        if self.parent:
            make(f"adapters/sft[{self.parent}]", _folder("parent"), {"rank": 8, "seed": 0}, inputs)
            inputs.append(f"adapters/sft[{self.parent}]")
        settings = {"declared_rank": self.rank, "rank_scale": 0.25, "rank": self.rank // 4,
                    "learning_rate": self.learning_rate, "seed": 7}  # fmt: skip
        make(f"adapters/sft[{self.variant}]", _folder(json.dumps([settings, self.torch, self.seed, self.parent])),
             settings, inputs, versions={"torch": self.torch})  # fmt: skip

    @property
    def _files(self) -> list[dict[str, Any]]:
        content = b"%d %d" % (self.comments, self.rewritten)
        return [{"name": "forum.jsonl", "bytes": self.comments, "sha256": sha256(content).hexdigest()}]

    def _comments(self, space: Workspace) -> None:
        numbers = pl.int_range(self.comments, eager=True)
        rows = pl.DataFrame({"text_id": [f"t{n:04d}" for n in numbers], "text": [f"comment {n}" for n in numbers]})
        label = pl.when(numbers % 4 == 0).then(pl.lit("safe")).otherwise(pl.lit("unsafe"))
        space.write_table(rows.with_columns(label.alias("label"), source=pl.lit("forum.jsonl")))

    def answer(self, space: Workspace) -> None:
        """Answer every prompt."""
        model = "".join(space.inputs[name][0].fingerprint for name in ("models/chat", "adapters/sft"))
        prompts = space.table("templated/prompts").sort("prompt_id")
        # A tenth of the answers depends on the adapter, the others on the prompt alone.
        answers = [_answer(prompt, model if _draw(prompt) % 10 == 0 else "") for prompt in prompts["prompt"]]
        items = prompts.rename({"prompt_id": "item_id", "text_id": "cluster_id"})
        space.write_table(
            items.with_columns(response=pl.Series(answers), outcome=pl.lit("ok"), variant=pl.lit(self.variant))
        )
        libraries = {"torch": self.torch}
        space.details["sessions"] = [{"run_id": "1", "libraries": libraries, "answers": prompts.height}]

    def judge(self, space: Workspace) -> None:
        """Score every answer."""
        judge = space.inputs["judges/toxicity"][0].fingerprint
        answers = space.table("responses/sg_safety")
        scores = pl.Series([_draw(f"{judge}{text}") % 100 / 100 for text in answers["response"]])
        flags = [(pl.col("toxicity_score") >= cut).alias(flag) for flag, cut in self.thresholds.items()]
        scored = answers.drop("prompt", "response").with_columns(toxicity_score=scores)
        space.write_table(scored.with_columns(flags))

    def score(self, space: Workspace) -> None:
        """Values item by item, and their means."""
        items = space.query(self.metrics_sql)
        variant = pl.lit(self.variant).alias("variant")
        space.write_table(estimate(items).with_columns(variant))
        if self.items_table:
            space.write_table(items.with_columns(variant), "scores/sg_safety_items")


def draw_of(text: str) -> int:
    """A number that depends on a text alone."""
    return int(md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


_draw = draw_of


def _answer(prompt: str, model: str) -> str:
    return f"answer {_draw(prompt + model) % 1000}"


def _folder(text: str) -> Callable[[Workspace], None]:
    def work(space: Workspace) -> None:
        space.result_folder.mkdir()
        (space.result_folder / "weights").write_text(text)

    return work


def _query(sql: str) -> Callable[[Workspace], None]:
    return lambda space: space.write_query(sql, {})


def _code(
    modules: Mapping[str, str] | None = None, queries: Mapping[str, str] | None = None
) -> tuple[Code, dict[str, str]]:
    """The code of modules and queries given as texts."""
    canonical = {name: parse_query(text, where=name).canonical for name, text in (queries or {}).items()}
    code = code_of_texts(modules or {}, canonical)
    return code.record, dict(code.texts)


@dataclass(frozen=True)
class _Recipe(Recipe):
    versions: Mapping[str, str] = field(default_factory=dict)

    def library_versions(self) -> dict[str, str]:
        return dict(self.versions)


def step(
    store: Store,
    run_id: str,
    name: str,
    work: Callable[[Workspace], None],
    parameters: Mapping[str, Any],
    inputs: Sequence[str] = (),
    *,
    code: tuple[Code, dict[str, str]] | None = None,
    versions: Mapping[str, str] | None = None,
    key: tuple[str, ...] = (),
    extra_outputs: Mapping[str, tuple[str, ...]] | None = None,
    log: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Publish the result of a step's work."""
    record, texts = code or _code()
    recipe = _Recipe(record, texts, parameters, (), Contract(key), versions or {})
    ref = Ref.parse(name)
    extra = [Output(Ref.of(asset, ref.partition), Contract(its)) for asset, its in (extra_outputs or {}).items()]
    pinned = [Ref.parse(asset) for asset in inputs]
    return run_step(store, ref, pinned, recipe, work, extra_outputs=extra, run_id=run_id, log=log).manifest
