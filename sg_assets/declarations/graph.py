"""The asset graph as plain data: which assets exist, their partitions, and which partitions each one reads.

One statement serves two readers: Dagster (partition mappings) and the store (the versions a step pins), so the
lineage drawn and the lineage recorded cannot differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.validate.variants import parent_adapter, root_chat_model
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.refs import Ref

METHODS = ("sft", "kto", "dpo")
BASE = "base"
"""The variant that others are compared with: the base model as it is."""
DIVERGENCE = "scores/divergence"
LEADERBOARD = "scores/leaderboard"
OBJECTIVES = "scores/objectives"
MODEL_CARD = "reports/model_card"
RELEASE = "reports/release"
GENERATED_ITEMS = "demo/leaderboard_items"
ITEMS = "_items"
"""Ends the name of the table of the values a score is estimated from, item by item."""
NAMED_ANYWAY = frozenset({
    DIVERGENCE, LEADERBOARD, OBJECTIVES, MODEL_CARD, RELEASE, f"{DIVERGENCE}{ITEMS}", f"{LEADERBOARD}{ITEMS}",
    "demo/corpus", "demo/pretraining", "demo/judge_texts", GENERATED_ITEMS, "raw/comment_files", "raw/toxigen_files",
})  # fmt: skip
"""Assets that only some profiles have; a declaration that is for all profiles may name them."""
EXAMPLES = {"sft": "training/sft_examples", "kto": "training/kto_examples", "dpo": "training/dpo_pairs"}
"""Training table by method."""


@dataclass(frozen=True)
class Edge:
    """An asset read by another, partition by partition."""

    upstream: str
    parts: Mapping[str | None, tuple[str | None, ...]]
    """Downstream partition (None if it has none) to the upstream partitions it reads."""


@dataclass(frozen=True)
class Node:
    """An asset: its partitions and what it reads."""

    asset: str
    space: tuple[str, ...] | None
    """Its partition keys; None where it has no partitions."""
    edges: tuple[Edge, ...] = ()
    made_with: str | None = None
    """The asset whose work makes this one as well; one is never made without the other."""

    @property
    def keys(self) -> tuple[str | None, ...]:
        """Its partitions as keys of `Edge.parts`."""
        return self.space if self.space is not None else (None,)


@dataclass(frozen=True)
class Graph:
    """Every asset of a profile."""

    nodes: Mapping[str, Node]
    """By ``schema/table``, upstream first."""

    def inputs(self, asset: str, partition: str | None) -> tuple[Ref, ...]:
        """The asset partitions that one partition of an asset reads, in a fixed order."""
        node = self.nodes[asset]
        return tuple(
            Ref.of(edge.upstream, upstream) for edge in node.edges for upstream in edge.parts.get(partition, ())
        )

    def together(self, asset: str) -> list[str]:
        """The assets that the same work makes, itself among them."""
        first = self.nodes[asset].made_with or asset
        return [name for name, node in self.nodes.items() if first in (name, node.made_with)]

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every partition of every asset, upstream first."""
        return tuple(Ref.of(node.asset, key) for node in self.nodes.values() for key in node.keys)


class _Builder:
    def __init__(self, declarations: Declarations, problems: Problems) -> None:
        self.declared = declarations
        self.problems = problems
        self.nodes: dict[str, Node] = {}
        self.by_sql: set[str] = set()

    def add(
        self,
        asset: str,
        space: Iterable[str] | None = None,
        reads: Iterable["str | Edge"] = (),
        where: str | None = None,
        made_with: str | None = None,
    ) -> None:
        node = Node(asset, None if space is None else tuple(space), made_with=made_with)
        edges = (self._edge(node, read, where or asset) for read in reads)
        self.nodes[asset] = replace(node, edges=tuple(edge for edge in edges if edge is not None))

    def add_sql(self, asset: str, space: Iterable[str] | None = None) -> None:
        declared = self.declared.sql.get(asset)
        if declared is None and asset not in self.declared.broken_sql:
            self.problems.add(SgAssetsError("the SQL file is missing", where=f"sql/{asset}.sql"))
        self.add(asset, space, declared.query.tables if declared else (), f"sql/{asset}.sql")
        self.by_sql.add(asset)

    def _edge(self, node: Node, read: "str | Edge", where: str) -> Edge | None:
        if isinstance(read, Edge):
            return read
        upstream = self.nodes.get(read)
        if upstream is None:
            if read not in self.declared.broken_sql:
                error = SgAssetsError(f"there is no asset '{read}'", where=where, remedy=nearest(read, self.nodes))
                self.problems.add(error)
            return None
        if upstream.space is None:
            return Edge(read, dict.fromkeys(node.keys, (None,)))
        if node.space is None:
            return Edge(read, {None: upstream.space})
        return Edge(read, {key: (key,) if key in upstream.space else () for key in node.space})


def build_graph(declarations: Declarations, *, generated_comments: bool) -> Graph:
    """The graph of a profile.

    Args:
        declarations: What is declared.
        generated_comments: Whether the comments are the generated ones (else they come from a folder).

    Raises:
        SgAssetsError: an SQL file reads an asset that does not exist.
    """
    problems = Problems()
    graph = graph_of(declarations, problems, generated_comments=generated_comments)
    problems.raise_any()
    return graph


def graph_of(declarations: Declarations, problems: Problems, *, generated_comments: bool) -> Graph:
    """As much of the graph as the declarations allow, with all that is wrong added to ``problems``."""
    graph = _Builder(declarations, problems)
    _sources(graph, generated_comments)
    _prompts(graph)
    _answers_to_learn_from(graph)
    _training(graph)
    _known_tables(graph)
    _benchmarks(graph)
    _divergence(graph)
    _leaderboard(graph)
    _objectives(graph)
    _further_tables(graph)
    graph.add("reports/results", reads=[name for name in graph.nodes if name.startswith("scores/")])
    _model_cards(graph)
    _releases(graph)
    for asset in declarations.sql:
        if asset in graph.nodes and asset not in graph.by_sql:
            problems.add(
                SgAssetsError(f"'{asset}' is made without SQL", where=f"sql/{asset}.sql", remedy="Rename the file")
            )
    return Graph(graph.nodes)


def items_of(score: str) -> str:
    """The table of a score's values item by item: ``scores/sg_safety`` to ``scores/sg_safety_items``."""
    return f"{score}{ITEMS}"


def mixes_of(declarations: Declarations, *methods: str) -> tuple[str, ...]:
    """The mixes that some variant of these methods uses."""
    return tuple(sorted({v.mix for v in declarations.variants.values() if v.method in methods and v.mix}))


def variants_of(declarations: Declarations, method: str) -> tuple[str, ...]:
    """The variants trained by a method."""
    return tuple(name for name, variant in declarations.variants.items() if variant.method == method)


def _sources(graph: _Builder, generated_comments: bool) -> None:
    graph.add("templated/templates")
    graph.add("synthesized/few_shots")
    graph.add("synthesized/lexicon")
    profile = graph.declared.profile
    if profile.samples.corpus_comments is not None:
        graph.add("demo/corpus")
    fitted = [judge for judge in graph.declared.judges if judge not in profile.judges]
    if fitted or profile.embedder is None:
        corpus = ["demo/corpus"] if profile.samples.corpus_comments is not None else []
        graph.add("demo/judge_texts", reads=["templated/templates", "synthesized/few_shots", *corpus])
    graph.add("models/chat", graph.declared.profile.chat_models, _pretraining(graph))
    graph.add("models/generator")
    graph.add("models/embedder", reads=["demo/judge_texts"] if profile.embedder is None else [])
    for judge in graph.declared.judges:
        graph.add(f"judges/{judge}", reads=["demo/judge_texts"] if judge in fitted else [])
    generated = generated_comments and profile.samples.corpus_comments is not None
    comments = ["demo/corpus"] if generated else []
    graph.add("raw/forum_comments", reads=comments)
    graph.add("raw/rejected_comments", reads=comments, made_with="raw/forum_comments")
    graph.add("raw/sg_toxicity_prompts", reads=["raw/forum_comments", "judges/toxicity"])
    graph.add("raw/toxigen_prompts")


def _pretraining(graph: _Builder) -> list[Edge]:
    """What the chat models that are trained here read; those of the hub read nothing."""
    seeded = graph.declared.profile.seeded_chat_models
    if not seeded:
        return []
    graph.add("demo/pretraining", reads=["templated/templates", "synthesized/few_shots"])
    return [Edge("demo/pretraining", dict.fromkeys(seeded, (None,)))]


def _prompts(graph: _Builder) -> None:
    graph.add_sql("templated/prompts")
    graph.add_sql("templated/splits")


def _answers_to_learn_from(graph: _Builder) -> None:
    prompts = ["templated/prompts", "templated/splits"]
    base = Edge("models/chat", {None: ("base",)})
    graph.add("synthesized/base_responses", reads=[*prompts, base, "judges/toxicity", "judges/rejection"])
    generator = ["models/generator", "synthesized/few_shots", "synthesized/lexicon"]
    graph.add("synthesized/safe_responses", reads=[*prompts, *generator])
    graph.add("synthesized/safe_prompt_rejections", reads=[*prompts, *generator])


def _training(graph: _Builder) -> None:
    variants = graph.declared.variants
    graph.add_sql("training/mix_prompts", mixes_of(graph.declared, *METHODS))
    for method in METHODS:
        keys = variants_of(graph.declared, method)
        if not keys:
            continue
        examples = EXAMPLES[method]
        graph.add_sql(examples, mixes_of(graph.declared, method))
        reads = [
            Edge("models/chat", {key: (root_chat_model(variants[key], variants),) for key in keys}),
            Edge(examples, {key: (variants[key].mix,) for key in keys}),
        ]
        parents = {key: parent_adapter(variants[key], variants) for key in keys}
        if any(parents.values()):
            reads.append(Edge("adapters/sft", {key: (parent,) if parent else () for key, parent in parents.items()}))
        graph.add(f"adapters/{method}", keys, reads)


def _models(graph: _Builder) -> list["str | Edge"]:
    """What answers as a variant: its chat model, and its adapter where it has one."""
    variants = graph.declared.variants
    chat = Edge("models/chat", {name: (root_chat_model(one, variants),) for name, one in variants.items()})
    return [chat, *(f"adapters/{method}" for method in METHODS if f"adapters/{method}" in graph.nodes)]


def _leaderboard(graph: _Builder) -> None:
    declared = graph.declared.profile.leaderboard
    if declared is None:
        return
    if LEADERBOARD in graph.nodes:
        where = f"sql/{LEADERBOARD}.sql"
        graph.problems.add(SgAssetsError(f"'{LEADERBOARD}' is what the profile's leaderboard makes", where=where))
    reads = _models(graph)
    if declared.source == "generated":
        graph.add(GENERATED_ITEMS, reads=["templated/templates", "synthesized/few_shots"])
        reads.append(GENERATED_ITEMS)
    variants = graph.declared.variants
    graph.add(LEADERBOARD, variants, reads)
    graph.add(items_of(LEADERBOARD), variants, reads, made_with=LEADERBOARD)


def _benchmarks(graph: _Builder) -> None:
    variants = graph.declared.variants
    models = _models(graph)
    for name, benchmark in graph.declared.benchmarks.items():
        items = graph.declared.items.get(name)
        where = f"models/benchmarks/{name}.yaml, items"
        graph.add(f"responses/{name}", variants, [*(items.tables if items else ()), *models], where)
        # A judge that is not declared is told where the benchmark is read.
        named = [judge for judge in dict.fromkeys(benchmark.judges.values()) if judge in graph.declared.judges]
        judges = [f"judges/{judge}" for judge in named]
        graph.add(f"judgements/{name}", variants, [f"responses/{name}", *judges])
        if f"scores/{name}" in graph.declared.sql:
            graph.add_sql(f"scores/{name}", variants)
            read = graph.declared.sql[f"scores/{name}"].query.tables
            made_with = f"scores/{name}"
            graph.add(items_of(made_with), variants, read, f"sql/{made_with}.sql", made_with=made_with)


def _divergence(graph: _Builder) -> None:
    """Each variant's answers beside base's, of the benchmarks that ask for it."""
    compared = [one for one in graph.declared.benchmarks.values() if one.divergence is not None]
    variants = graph.declared.variants
    if not compared or BASE not in variants:
        return
    beside_base = _beside_base(variants)
    reads: list[str | Edge] = [*(Edge(f"responses/{one.name}", beside_base) for one in compared), "models/embedder"]
    graph.add(DIVERGENCE, variants, reads)
    graph.add(items_of(DIVERGENCE), variants, reads, made_with=DIVERGENCE)


def _objectives(graph: _Builder) -> None:
    """Each variant's scores, of all its trainings, beside base's, of the benchmarks that some objective is about."""
    objectives, variants = graph.declared.profile.objectives, graph.declared.declared_variants
    known = [name.split("/")[1] for name in graph.nodes if name.startswith("scores/") and not name.endswith(ITEMS)]
    for one in objectives:
        if one.benchmark not in known:
            where = f"models/profiles/{graph.declared.profile.name}.yaml, objectives.{one.id}.benchmark"
            remedy = nearest(one.benchmark, known)
            graph.problems.add(SgAssetsError(f"there is no 'scores/{one.benchmark}'", where=where, remedy=remedy))
    named = [name for name in dict.fromkeys(one.benchmark for one in objectives) if name in known]
    if not named:
        return
    runs = graph.declared.replicates
    beside_base = {name: (*read, *runs.get(str(name), ())) for name, read in _beside_base(variants).items()}
    scores = [f"scores/{name}" for name in named]
    graph.add(OBJECTIVES, variants, [Edge(one, beside_base) for score in scores for one in (score, items_of(score))])


def _model_cards(graph: _Builder) -> None:
    """What each variant with an adapter was trained from, and its scores beside base's."""
    trained = [name for name, one in graph.declared.declared_variants.items() if one.method != "none"]
    if not trained:
        return
    adapters = [f"adapters/{method}" for method in METHODS if f"adapters/{method}" in graph.nodes]
    beside_base = _beside_base(graph.declared.variants, trained)
    scores = [Edge(name, beside_base) for name in graph.nodes if is_score_of_variants(name, graph.declared)]
    held_to = [OBJECTIVES] if OBJECTIVES in graph.nodes else []
    graph.add(MODEL_CARD, trained, [*adapters, *scores, *held_to])


def _releases(graph: _Builder) -> None:
    """What goes out of each variant that the profile releases, and what decides whether it does."""
    variants = graph.declared.variants
    released = [name for name in graph.declared.profile.release.variants if name in variants]
    if not released:
        return
    chat = Edge("models/chat", {name: (root_chat_model(variants[name], variants),) for name in released})
    adapters = [f"adapters/{method}" for method in METHODS if f"adapters/{method}" in graph.nodes]
    held_to = [OBJECTIVES] if OBJECTIVES in graph.nodes else []
    graph.add(RELEASE, released, [chat, *adapters, MODEL_CARD, *held_to])


def is_score_of_variants(asset: str, declarations: Declarations) -> bool:
    """Whether an asset holds scores of each variant: a benchmark's, the leaderboard's, or the likeness to base."""
    return asset in {LEADERBOARD, DIVERGENCE, *(f"scores/{name}" for name in declarations.benchmarks)}


def _beside_base(
    variants: Mapping[str, object], names: Iterable[str] | None = None
) -> dict[str | None, tuple[str | None, ...]]:
    """Each variant (or only those named) with base before it, where the profile runs base."""
    read = (BASE,) if BASE in variants else ()
    return {name: tuple(dict.fromkeys((*read, name))) for name in names or variants}


def _known_tables(graph: _Builder) -> None:
    """SQL files that nothing above asked for and that read what is there: a benchmark may take its items from them."""
    plain = {asset: one for asset, one in graph.declared.sql.items() if one.partitions is None}
    while ready := [
        asset
        for asset, one in plain.items()
        if asset not in graph.nodes and all(read in graph.nodes for read in one.query.tables)
    ]:
        for asset in ready:
            graph.add_sql(asset)


def _further_tables(graph: _Builder) -> None:
    """SQL files that nothing above asked for, of answers and scores: a new dataset is one file."""
    waiting = {asset: one for asset, one in graph.declared.sql.items() if asset not in graph.nodes}
    for asset, declared in waiting.items():
        # A training table whose method has no variant in this profile has no partition, so it is no asset here.
        if declared.partitions is not None and not asset.startswith("training/"):
            problem = SgAssetsError(f"nothing gives '{asset}' its partitions", where=f"{declared.file}, partitions")
            graph.problems.add(problem)
    plain = {asset: one for asset, one in waiting.items() if one.partitions is None}
    while plain:
        ready = [asset for asset, one in plain.items() if not plain.keys() & set(one.query.tables)]
        if not ready:
            graph.problems.add(SgAssetsError(f"these read each other in a circle: {', '.join(plain)}", where="sql/"))
            return
        for asset in ready:
            del plain[asset]
            graph.add_sql(asset)
