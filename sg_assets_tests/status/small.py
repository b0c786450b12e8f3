"""A graph of four assets in a real store: comments, a table of them, an adapter per variant, its score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
from ulid import ULID

from sg_assets.declarations.graph import Edge, Graph, Node
from sg_assets.status.partition_status import Survey
from sg_assets.status.survey import survey
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, Recipe, Workspace, run_step
from sg_assets.store.store import Store

COMMENTS, TABLE = Ref.parse("raw/comments"), Ref.parse("templated/prompts")


@dataclass
class SmallGraph:
    """What is declared, each knob a field."""

    store: Store
    comments: int = 3
    """Rows of the source."""
    sql: str = "SELECT 1"
    ranks: Mapping[str, int] = field(default_factory=lambda: {"sft": 8, "kto": 8})
    most: int = 100
    """More rows of the table are held back."""
    warned_at: int = 100
    """More rows of the table are told."""
    modules: Mapping[str, str] = field(default_factory=dict)
    """The text of the module that makes an asset, by asset; the others' code is named by their schema."""
    rounds_to: int | None = None
    """The table holds as many rows, whatever it is made from."""

    @property
    def variants(self) -> tuple[str, ...]:
        return ("base", *self.ranks)

    @property
    def graph(self) -> Graph:
        adapters, every = tuple(self.ranks), self.variants
        own: dict[str | None, tuple[str | None, ...]] = {name: (name,) if name in adapters else () for name in every}
        nodes = [
            Node("raw/comments", None),
            Node("templated/prompts", None, (Edge("raw/comments", {None: (None,)}),)),
            Node("adapters/sft", adapters, (Edge("templated/prompts", dict.fromkeys(adapters, (None,))),)),
            Node("scores/s", every, (
                Edge("templated/prompts", dict.fromkeys(every, (None,))), Edge("adapters/sft", own),
            )),
            Node("scores/s_items", every, (
                Edge("templated/prompts", dict.fromkeys(every, (None,))), Edge("adapters/sft", own),
            ), output_of="scores/s"),
            Node("reports/results", None, (Edge("scores/s", {None: every}),)),
        ]  # fmt: skip
        return Graph({node.asset: node for node in nodes})

    def recipe(self, ref: Ref) -> Recipe:
        parameters: dict[str, Any] = {}
        if ref == COMMENTS:
            parameters = {"n": self.comments}
        if ref.schema == "adapters":
            parameters = {"rank": self.ranks[str(ref.partition)], "seed": 0}
        if ref == TABLE:
            parameters = {"rounds_to": self.rounds_to}
            queries = {"sql/templated/prompts.sql": self.sql}
            return Recipe(Code(fingerprint=self.sql, texts=_digests(queries)), _texts(queries), parameters,
                          contract=self.contract)  # fmt: skip
        first = self.graph.nodes[ref.asset].output_of or ref.asset
        if (text := self.modules.get(first)) is not None:
            module = {f"sg_assets.{ref.schema}": text}
            return Recipe(Code(fingerprint=text, texts=_digests(module)), _texts(module), parameters,
                          contract=Contract(("id",)))  # fmt: skip
        return Recipe(Code(fingerprint=ref.schema, texts={}), {}, parameters, contract=Contract(("id",)))

    @property
    def contract(self) -> Contract:
        few = Check("few", "There are few rows.", f"count(*) <= {self.most}")
        warned = Check("fewer", "There are fewer rows.", f"count(*) <= {self.warned_at}", blocking=False)
        return Contract(("id",), checks=(few, warned))

    def survey(self) -> Survey:
        return survey(self.store, self.graph, self.recipe)

    def build(self, *names: str) -> None:
        """Bring what is named up to date, everything where nothing is."""
        wanted = [Ref.parse(name) for name in names] or [ref for ref in self.graph.refs if ref.table != "s_items"]
        for ref in wanted:
            self.make(ref)

    def make(self, ref: Ref) -> Manifest:
        extra_outputs = (
            [Output(Ref.of("scores/s_items", ref.partition), Contract(("id",)))] if ref.asset == "scores/s" else []
        )
        inputs = self.graph.inputs(ref.asset, ref.partition)
        return run_step(
            self.store, ref, inputs, self.recipe(ref), lambda space: self._work(space, ref),
            extra_outputs=extra_outputs, run_id=str(ULID()), log=lambda _: None, mixed_ancestors=True,
        ).manifest  # fmt: skip

    def _work(self, space: Workspace, ref: Ref) -> None:
        read = "".join(sorted(manifest.fingerprint for pinned in space.inputs.values() for manifest in pinned))
        rows = self.comments if ref == COMMENTS else 1
        if ref == TABLE:
            rows = self.rounds_to or space.table("raw/comments").height
            read = "" if self.rounds_to else read
        made = f"{read}{space.parameters}" if ref != TABLE else read + self.sql
        frame = pl.DataFrame({"id": range(rows), "made": [made] * rows})
        space.details["prompts_distinct"] = 7 if ref.schema == "scores" else 0
        space.write_table(frame)
        if ref.asset == "scores/s":
            frame.write_parquet(space.table_file_of("scores/s_items"))


def small_graph(folder: Path) -> SmallGraph:
    return SmallGraph(Store(folder / "store", "demo"))


def _digests(queries: Mapping[str, str]) -> dict[str, str]:
    return {name: sha256(text.encode()).hexdigest()[:32] for name, text in queries.items()}


def _texts(queries: Mapping[str, str]) -> dict[str, str]:
    return {digest: queries[name] for name, digest in _digests(queries).items()}
