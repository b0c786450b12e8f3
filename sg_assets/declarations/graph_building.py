"""Building the asset graph of a profile from its declarations."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sg_assets.declarations.asset_names import (
    ADAPTER_METHODS,
    ANNOTATOR_AGREEMENT,
    ANSWER_LABELS,
    BASE,
    BASE_RESPONSES,
    CHAT_MODEL,
    CORPUS,
    DIVERGENCE,
    EMBEDDER,
    EXAMPLES,
    FEW_SHOTS,
    FORUM_COMMENTS,
    GENERATED_ITEMS,
    GENERATOR,
    IMPORTED_ADAPTERS,
    JUDGE_ALIGNMENT,
    JUDGE_TEXTS,
    JUDGED_LABELS,
    LEADERBOARD,
    LEXICON,
    METHODS,
    MIX_PROMPTS,
    MODEL_CARD,
    OBJECTIVES,
    PRETRAINING,
    PROMPTS,
    REJECTED_COMMENTS,
    RELEASE,
    RESULTS,
    SAFE_PROMPT_REJECTIONS,
    SAFE_RESPONSES,
    SPLITS,
    TEMPLATES,
    TOXICITY_PROMPTS,
    TOXIGEN_PROMPTS,
    TOXIGEN_SENTENCES,
    is_score_of_variants,
    items_of,
)
from sg_assets.declarations.graph import Edge, Graph, Node
from sg_assets.declarations.judge_kinds import head_fit, judge_inputs
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, SCORES, benchmark_file
from sg_assets.declarations.kinds.datasets import DATASET_TABLE, MIRROR
from sg_assets.declarations.kinds.models import JUDGE
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER, TRAINING_TABLE
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.validate.variants import parent_adapter, root_chat_model
from sg_assets.errors import SgAssetsError, nearest

Read = str | Edge
"""What an asset reads: another whole asset, partition by partition where both have them, or an edge."""


class _Builder:
    def __init__(self, declarations: Declarations, problems: Problems) -> None:
        self.declared = declarations
        self.problems = problems
        self.nodes: dict[str, Node] = {}
        self.by_sql: set[str] = set()

    def add(
        self,
        asset: str,
        partitions: Iterable[str] | None = None,
        reads: Iterable[Read] = (),
        where: str | None = None,
        output_of: str | None = None,
    ) -> None:
        node = Node(asset, None if partitions is None else tuple(partitions), output_of=output_of)
        edges = (self._edge(node, read, where or asset) for read in reads)
        self.nodes[asset] = replace(node, edges=tuple(edge for edge in edges if edge is not None))

    def add_sql(self, asset: str, partitions: Iterable[str] | None = None) -> None:
        declared = self.declared.sql.get(asset)
        if declared is None and asset not in self.declared.broken_assets:
            self.problems.add(SgAssetsError("the SQL file is missing", where=f"sql/{asset}.sql"))
        self.add(asset, partitions, declared.query.tables if declared else (), f"sql/{asset}.sql")
        self.by_sql.add(asset)

    def add_items(self, score: str, reads: Iterable[Read], where: str | None = None) -> None:
        """The values of a score item by item, which the same step writes."""
        self.add(items_of(score), self.declared.variants, reads, where, output_of=score)

    def declared_of(self, assets: Iterable[str]) -> list[str]:
        """Those assets that this profile has."""
        return [asset for asset in assets if asset in self.nodes]

    def _edge(self, node: Node, read: Read, where: str) -> Edge | None:
        if isinstance(read, Edge):
            return read
        upstream = self.nodes.get(read)
        if upstream is None:
            if read not in self.declared.broken_assets:
                error = SgAssetsError(f"unknown asset '{read}'", where=where, remedy=nearest(read, self.nodes))
                self.problems.add(error)
            return None
        if upstream.partitions is None:
            return Edge(read, dict.fromkeys(node.keys, (None,)))
        if node.partitions is None:
            return Edge(read, {None: upstream.partitions})
        return Edge(read, {key: (key,) if key in upstream.partitions else () for key in node.partitions})


def graph_of(declarations: Declarations, problems: Problems, *, generated_comments: bool) -> Graph:
    """As much of the graph as the declarations allow.

    Args:
        declarations: What is declared.
        problems: Takes what is wrong, such as an SQL file that reads an asset that does not exist.
        generated_comments: Whether the comments are the generated ones (else they come from a folder).
    """
    graph = _Builder(declarations, problems)
    _add_sources(graph, generated_comments)
    graph.add_sql(PROMPTS)
    graph.add_sql(SPLITS)
    _add_training_responses(graph)
    _add_trainings(graph)
    _add_imported_adapters(graph)
    _add_sql_of_data(graph)
    _add_benchmarks(graph)
    _add_divergence(graph)
    _add_leaderboard(graph)
    _add_objectives(graph)
    _add_sql_of_results(graph)
    _add_labels(graph)
    scores = [name for name in graph.nodes if kind_of(name).schema == SCORES.schema]
    graph.add(RESULTS, reads=[*scores, *graph.declared_of([JUDGE_ALIGNMENT])])
    _add_model_cards(graph)
    _add_releases(graph)
    for asset in declarations.sql:
        if asset in graph.nodes and asset not in graph.by_sql:
            where = f"sql/{asset}.sql"
            problems.add(SgAssetsError(f"'{asset}' is not made by SQL", where=where, remedy="Rename the file"))
    return Graph(graph.nodes)


def _mixes_of(declarations: Declarations, *methods: str) -> tuple[str, ...]:
    """The mixes that some variant of these methods uses."""
    variants = declarations.variants.values()
    return tuple(sorted({variant.mix for variant in variants if variant.method in methods and variant.mix}))


def _add_sources(graph: _Builder, generated_comments: bool) -> None:
    graph.add(TEMPLATES)
    graph.add(FEW_SHOTS)
    graph.add(LEXICON)
    profile = graph.declared.profile
    corpus = [CORPUS] if profile.samples.corpus_comments is not None else []
    if corpus:
        graph.add(CORPUS)
    fitted = [judge for judge in graph.declared.judges if profile.is_demo_judge(judge)]
    if fitted or profile.embedder is None:
        graph.add(JUDGE_TEXTS, reads=[TEMPLATES, FEW_SHOTS, *corpus])
    graph.add(CHAT_MODEL, profile.chat_models, _pretraining(graph))
    graph.add(GENERATOR)
    graph.add(EMBEDDER, reads=[JUDGE_TEXTS] if profile.embedder is None else [])
    heads = {judge: texts for judge in graph.declared.judges if (texts := head_fit(profile, judge)) is not None}
    for judge in graph.declared.judges:
        if judge not in heads:
            graph.add(JUDGE.of(judge), reads=judge_inputs(profile, judge))
    _add_datasets(graph)
    dataset = profile.sources.comments
    generated = corpus if generated_comments else []
    comments = generated if dataset is None else graph.declared_of([MIRROR.of(dataset)])
    graph.add(FORUM_COMMENTS, reads=comments)
    graph.add(REJECTED_COMMENTS, reads=comments, output_of=FORUM_COMMENTS)
    _add_fitted_heads(graph, heads)
    graph.add(TOXICITY_PROMPTS, reads=[FORUM_COMMENTS, JUDGE.of("toxicity")])
    prompts = profile.sources.toxigen
    graph.add(TOXIGEN_PROMPTS, reads=[] if prompts is None else graph.declared_of([DATASET_TABLE.of(prompts)]))


def _add_datasets(graph: _Builder) -> None:
    """The files of the datasets that something reads, and their rows where they are read as a table."""
    declared, sources = graph.declared, graph.declared.profile.sources
    queries = [*(sql.query for sql in declared.sql.values()), *declared.items.values()]
    read = {table for query in queries for table in query.tables}
    for name in declared.datasets:
        is_table = DATASET_TABLE.of(name) in read or name == sources.toxigen
        if is_table or name == sources.comments:
            graph.add(MIRROR.of(name))
        if is_table:
            graph.add(DATASET_TABLE.of(name), reads=[MIRROR.of(name)])


def _add_fitted_heads(graph: _Builder, heads: Mapping[str, str]) -> None:
    """Judges whose head is fitted here on labelled texts: TOXIGEN's sentences, or what an SQL file selects."""
    if heads:
        graph.add(TOXIGEN_PROMPTS)
    for judge, texts in heads.items():
        if texts == TOXIGEN_SENTENCES:
            graph.add(texts)
        elif texts in graph.declared.sql and texts not in graph.nodes:
            graph.add_sql(texts)
        where = f"models/profiles/{graph.declared.profile.name}.yaml, judges.{judge}.fit.texts"
        graph.add(JUDGE.of(judge), reads=judge_inputs(graph.declared.profile, judge), where=where)


def _pretraining(graph: _Builder) -> list[Edge]:
    """What the chat models that are trained here read; those of the hub read nothing."""
    seeded = graph.declared.profile.seeded_chat_models
    if not seeded:
        return []
    graph.add(PRETRAINING, reads=[TEMPLATES, FEW_SHOTS])
    return [Edge(PRETRAINING, dict.fromkeys(seeded, (None,)))]


def _add_training_responses(graph: _Builder) -> None:
    prompts = [PROMPTS, SPLITS]
    base = Edge(CHAT_MODEL, {None: (BASE,)})
    graph.add(BASE_RESPONSES, reads=[*prompts, base, JUDGE.of("toxicity"), JUDGE.of("rejection")])
    generator = [GENERATOR, FEW_SHOTS, LEXICON]
    graph.add(SAFE_RESPONSES, reads=[*prompts, *generator])
    graph.add(SAFE_PROMPT_REJECTIONS, reads=[*prompts, *generator])


def _add_trainings(graph: _Builder) -> None:
    variants = graph.declared.variants
    mixes = _mixes_of(graph.declared, *METHODS)
    if mixes:
        graph.add_sql(MIX_PROMPTS, mixes)
    for method in METHODS:
        trained = {name: variant for name, variant in variants.items() if variant.method == method}
        if not trained:
            continue
        examples = EXAMPLES[method]
        graph.add_sql(examples, _mixes_of(graph.declared, method))
        reads = [
            _chat_models(graph, trained),
            Edge(examples, {name: (variant.mix,) for name, variant in trained.items()}),
        ]
        parents = {name: parent_adapter(variant, variants) for name, variant in trained.items()}
        if any(parents.values()):
            reads.append(
                Edge(ADAPTER.of("sft"), {name: (parent,) if parent else () for name, parent in parents.items()})
            )
        graph.add(ADAPTER.of(method), trained, reads)


def _add_imported_adapters(graph: _Builder) -> None:
    imported = [name for name, variant in graph.declared.variants.items() if variant.adapter is not None]
    if imported:
        graph.add(IMPORTED_ADAPTERS, imported, [_chat_models(graph, imported)])


def _chat_models(graph: _Builder, names: Iterable[str]) -> Edge:
    """The chat model under each of these variants."""
    variants = graph.declared.variants
    return Edge(CHAT_MODEL, {name: (root_chat_model(variants[name], variants),) for name in names})


def _adapters(graph: _Builder) -> list[str]:
    return graph.declared_of(ADAPTER.of(method) for method in ADAPTER_METHODS)


def _models(graph: _Builder) -> list[Read]:
    """What answers as a variant: its chat model, and its adapter where it has one."""
    return [_chat_models(graph, graph.declared.variants), *_adapters(graph)]


def _add_leaderboard(graph: _Builder) -> None:
    declared = graph.declared.profile.leaderboard
    if declared is None:
        return
    if LEADERBOARD in graph.nodes:
        where = f"sql/{LEADERBOARD}.sql"
        graph.problems.add(SgAssetsError(f"'{LEADERBOARD}' is made by the profile's leaderboard", where=where))
    reads = _models(graph)
    if declared.source == "generated":
        graph.add(GENERATED_ITEMS, reads=[TEMPLATES, FEW_SHOTS])
        reads.append(GENERATED_ITEMS)
    graph.add(LEADERBOARD, graph.declared.variants, reads)
    graph.add_items(LEADERBOARD, reads)


def _add_benchmarks(graph: _Builder) -> None:
    variants = graph.declared.variants
    models = _models(graph)
    for name, benchmark in graph.declared.benchmarks.items():
        items = graph.declared.items.get(name)
        where = f"{benchmark_file(name)}, items"
        graph.add(RESPONSES.of(name), variants, [*(items.tables if items else ()), *models], where)
        # A judge that is not declared is reported where the benchmark is read.
        judges = [judge for judge in benchmark.all_judges if judge in graph.declared.judges]
        graph.add(JUDGEMENTS.of(name), variants, [RESPONSES.of(name), *map(JUDGE.of, judges)])
        score = SCORES.of(name)
        if score in graph.declared.sql:
            graph.add_sql(score, variants)
            graph.add_items(score, graph.declared.sql[score].query.tables, f"sql/{score}.sql")


def _add_divergence(graph: _Builder) -> None:
    """Each variant's answers with base's, of the benchmarks that ask for it."""
    compared = [name for name, benchmark in graph.declared.benchmarks.items() if benchmark.divergence is not None]
    if not compared or BASE not in graph.declared.variants:
        return
    with_base = _with_base(graph.declared.variants)
    reads: list[Read] = [*(Edge(RESPONSES.of(name), with_base) for name in compared), EMBEDDER]
    graph.add(DIVERGENCE, graph.declared.variants, reads)
    graph.add_items(DIVERGENCE, reads)


def _add_objectives(graph: _Builder) -> None:
    """Each variant's scores, of all its trainings, with base's, of the benchmarks that some objective is about."""
    objectives, variants = graph.declared.profile.objectives, graph.declared.declared_variants
    with_items = [name for name in graph.nodes if kind_of(name).has_items and items_of(name) in graph.nodes]
    known = [SCORES.table_of(name) for name in with_items]
    for objective in objectives:
        if objective.benchmark not in known and SCORES.of(objective.benchmark) not in graph.declared.broken_assets:
            where = f"models/profiles/{graph.declared.profile.name}.yaml, objectives.{objective.id}.benchmark"
            problem, remedy = f"unknown scores '{SCORES.of(objective.benchmark)}'", nearest(objective.benchmark, known)
            graph.problems.add(SgAssetsError(problem, where=where, remedy=remedy))
    # In the order of the graph, so that the order of objectives is no part of what is read.
    wanted = {objective.benchmark for objective in objectives}
    named = [name for name in known if name in wanted]
    if not named:
        return
    trainings = graph.declared.replicates
    with_base = {name: (*read, *trainings.get(str(name), ())) for name, read in _with_base(variants).items()}
    scores = [SCORES.of(name) for name in named]
    tables = [table for score in scores for table in (score, items_of(score))]
    graph.add(OBJECTIVES, variants, [Edge(table, with_base) for table in tables])


def _add_labels(graph: _Builder) -> None:
    """The labels of people and the judges compared with them, where the profile takes labels."""
    if graph.declared.profile.labels is None:
        return
    graph.add(ANSWER_LABELS)
    known = (judge for benchmark in graph.declared.benchmarks.values() for judge in benchmark.all_judges)
    judges = [JUDGE.of(judge) for judge in dict.fromkeys(known) if judge in graph.declared.judges]
    reads: list[Read] = [ANSWER_LABELS, *judges]
    graph.add(JUDGE_ALIGNMENT, reads=reads)
    graph.add(JUDGED_LABELS, reads=reads, output_of=JUDGE_ALIGNMENT)
    graph.add(ANNOTATOR_AGREEMENT, reads=reads, output_of=JUDGE_ALIGNMENT)


def _add_model_cards(graph: _Builder) -> None:
    """What each variant with an adapter was made from, and its scores with base's."""
    adapted = [name for name, variant in graph.declared.declared_variants.items() if variant.has_adapter]
    if not adapted:
        return
    with_base = _with_base(graph.declared.variants, adapted)
    scores = [Edge(name, with_base) for name in graph.nodes if is_score_of_variants(name, graph.declared)]
    graph.add(MODEL_CARD, adapted, [*_adapters(graph), *scores, *graph.declared_of([OBJECTIVES, JUDGE_ALIGNMENT])])


def _add_releases(graph: _Builder) -> None:
    """What is published of each variant that the profile releases, and what decides whether it is."""
    released = [name for name in graph.declared.profile.release.variants if name in graph.declared.variants]
    if not released:
        return
    decisive = [MODEL_CARD, *graph.declared_of([OBJECTIVES])]
    graph.add(RELEASE, released, [_chat_models(graph, released), *_adapters(graph), *decisive])


def _with_base(
    variants: Mapping[str, object], names: Iterable[str] | None = None
) -> dict[str | None, tuple[str | None, ...]]:
    """Each variant (or only those named) with base before it, where the profile runs base."""
    read = (BASE,) if BASE in variants else ()
    return {name: tuple(dict.fromkeys((*read, name))) for name in names or variants}


def _add_sql_of_data(graph: _Builder) -> None:
    """SQL files over the assets so far, which no asset asked for: a benchmark may take its items from them."""
    plain = {asset: sql for asset, sql in graph.declared.sql.items() if sql.partitions is None}
    while ready := [
        asset
        for asset, sql in plain.items()
        if asset not in graph.nodes and all(read in graph.nodes for read in sql.query.tables)
    ]:
        for asset in ready:
            graph.add_sql(asset)


def _add_sql_of_results(graph: _Builder) -> None:
    """SQL files over answers and scores, which no asset asked for: a new dataset is one file."""
    broken = graph.declared.broken_assets
    waiting = {asset: sql for asset, sql in graph.declared.sql.items() if asset not in {*graph.nodes, *broken}}
    for asset, declared in waiting.items():
        # A training table whose method has no variant in this profile has no partition, so it is no asset here.
        if declared.partitions is not None and kind_of(asset) is not TRAINING_TABLE:
            problem = SgAssetsError(
                f"no declaration uses '{asset}', so its partitions are unknown", where=f"{declared.file}, partitions"
            )
            graph.problems.add(problem)
    plain = {asset: sql for asset, sql in waiting.items() if sql.partitions is None}
    while plain:
        ready = [asset for asset, sql in plain.items() if not plain.keys() & set(sql.query.tables)]
        if not ready:
            graph.problems.add(
                SgAssetsError(f"these assets read each other in a circle: {', '.join(plain)}", where="sql/")
            )
            return
        for asset in ready:
            del plain[asset]
            graph.add_sql(asset)
