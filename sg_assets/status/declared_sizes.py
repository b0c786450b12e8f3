"""The rows and model calls that follow from declared sizes, for work that was never done.

Bounds hold for an SQL file that names the sizes it takes (``$texts_per_label``); of another nothing is known. Texts
that come with a split of their own may leave a side smaller than its lower bound.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sg_assets.declarations.asset_names import (
    BASE_RESPONSES,
    CORPUS,
    EXAMPLES,
    FEW_SHOTS,
    FORUM_COMMENTS,
    LEXICON,
    MIX_PROMPTS,
    PRETRAINING,
    PROMPTS,
    SAFE_PROMPT_REJECTIONS,
    SAFE_RESPONSES,
    SPLITS,
    TEMPLATES,
    TOXICITY_PROMPTS,
    TOXIGEN_PROMPTS,
)
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.loading import Declarations
from sg_assets.status.spans import ANYTHING, NOTHING, Span, total
from sg_assets.store.refs import Ref

LABELS: Final = ("safe", "unsafe")
_STRESS: Final = "templated/stress_prompts"
_OF_HOLDOUT: Final = "split = 'holdout'"
_TOXIGEN_FILES: Final = 26
"""Of 13 groups, hate and neutral."""
_TO_ANSWER: Final = ("train", "dev")


@dataclass(frozen=True)
class DeclaredSizes:
    """What the declarations of a profile say of the sizes of its tables."""

    declared: Declarations
    generated_comments: bool
    answers_are_stored: bool
    """Whether any answer is stored: then a step may need fewer requests than rows."""

    def rows(self, ref: Ref) -> Span:
        """The rows of a table."""
        known = self._fixed.get(ref.asset)
        if known is not None:
            return known
        if ref.asset == MIX_PROMPTS:
            return total(self._mix(str(ref.partition)).values())
        if ref.asset in EXAMPLES.values():
            return self._examples(ref)
        if kind_of(ref.asset) in (RESPONSES, JUDGEMENTS):
            return self._items(kind_of(ref.asset).table_of(ref.asset))
        return ANYTHING

    def calls(self, ref: Ref) -> Span:
        """The requests of a step that asks a model once a row; stored answers need none."""
        rows = self.rows(ref)
        return Span(0, rows.high) if self.answers_are_stored else rows

    @cached_property
    def _fixed(self) -> Mapping[str, Span]:
        profile = self.declared.profile
        samples = profile.samples
        per_file = samples.toxigen_per_file
        least = len(LABELS) * profile.labelling.min_texts
        comments = samples.corpus_comments if self.generated_comments else None
        exact = {
            TEMPLATES: len(self.declared.templates),
            FEW_SHOTS: len(self.declared.few_shots),
            LEXICON: len(self.declared.lexicon),
            CORPUS: samples.corpus_comments,
            PRETRAINING: samples.pretraining_rows,
        }
        bounded = {
            FORUM_COMMENTS: Span(least, comments),
            TOXICITY_PROMPTS: Span(least, comments),
            TOXIGEN_PROMPTS: Span(0, per_file and per_file * _TOXIGEN_FILES),
            PROMPTS: self._if_named(PROMPTS, "texts_per_label", self._prompts),
            SPLITS: self._if_named(PROMPTS, "texts_per_label", self._prompts),
            _STRESS: self._if_named(_STRESS, "stress_prompts", self._stress),
            BASE_RESPONSES: total(self._to_answer(label) for label in LABELS),
            SAFE_RESPONSES: self._to_answer("unsafe"),
            SAFE_PROMPT_REJECTIONS: self._to_answer("safe"),
        }
        return {name: Span.exactly(number) for name, number in exact.items() if number is not None} | bounded

    def _if_named(self, asset: str, parameter: str, span: Span) -> Span:
        declared = self.declared.sql.get(asset)
        return span if declared is not None and parameter in declared.query.parameters else ANYTHING

    @property
    def _texts(self) -> Span:
        """Texts of a label that are put into templates."""
        profile = self.declared.profile
        return Span(min(profile.labelling.min_texts, profile.texts_per_label), profile.texts_per_label)

    def _templates(self, label: str) -> int:
        return sum(template.safe_ok or label == "unsafe" for template in self.declared.templates)

    @property
    def _prompts(self) -> Span:
        texts = self._texts
        templates = sum(map(self._templates, LABELS))
        return Span(texts.low * templates, (texts.high or 0) * templates)

    def _side(self, side: str, label: str) -> Span:
        """The prompts of a label on one side of the split."""
        splits, texts = self.declared.profile.splits, self._texts
        if not {f"{side}_units", f"{side}_pairs"} <= set(self.declared.sql[SPLITS].query.parameters):
            return ANYTHING
        pairs, templates = splits.sides[side].pairs, self._templates(label)
        per_unit = templates if splits.unit == "text" else 1
        available = texts.low * (1 if splits.unit == "text" else templates)
        share = min(1.0, available / sum(map(splits.units, splits.sides)))
        least = math.floor(share * splits.units(side)) * per_unit
        return Span(min(pairs, least), min(pairs, splits.units(side) * per_unit))

    def _sides(self, label: str, *sides: str) -> Span:
        return total(self._side(side, label) for side in sides) if SPLITS in self.declared.sql else ANYTHING

    def _to_answer(self, label: str) -> Span:
        return self._sides(label, *_TO_ANSWER)

    @property
    def _stress(self) -> Span:
        """Held-out safe texts in the templates that are kept away from safe texts."""
        splits, most = self.declared.profile.splits, self.declared.profile.samples.stress_prompts
        kept_away = self._templates("unsafe") - self._templates("safe")
        texts = splits.holdout.texts
        return Span(0, min(most, texts * kept_away) if texts is not None else most)

    def _mix(self, name: str) -> dict[str, Span]:
        """The prompts of a mix by label."""
        wanted = self.declared.mixes[name].prompts_by_label(self.declared.profile.samples.mix_prompts)
        parameters = self.declared.sql[MIX_PROMPTS].query.parameters if MIX_PROMPTS in self.declared.sql else ()
        if not {"safe_prompts", "unsafe_prompts"} <= set(parameters):
            return dict.fromkeys(LABELS, ANYTHING)
        return {label: self._of_label(label, wanted[label]) for label in LABELS}

    def _of_label(self, label: str, wanted: int) -> Span:
        if not wanted:
            return NOTHING
        train = self._sides(label, "train")
        taken = Span(min(wanted, train.low), wanted if train.high is None else min(wanted, train.high))
        return taken + self._sides(label, "dev")

    def _examples(self, ref: Ref) -> Span:
        """At most every prompt of the mix with every answer that its method may learn from; refusals are left out."""
        mix = self._mix(str(ref.partition))
        rejections = self.declared.mixes[str(ref.partition)].safe_rejections
        most = {
            EXAMPLES["sft"]: (mix["safe"], mix["unsafe"]),
            EXAMPLES["kto"]: (mix["safe"], mix["unsafe"], mix["unsafe"]),
            EXAMPLES["dpo"]: (mix["unsafe"], *((mix["safe"],) if rejections else ())),
        }
        return Span(0, total(most[ref.asset]).high)

    def _items(self, benchmark: str) -> Span:
        """The items of a benchmark, where they are prompts of the hold-out or a table of known size."""
        query = self.declared.items.get(benchmark)
        if query is None:
            return ANYTHING
        written = query.canonical.strip()
        if SPLITS in query.tables and _OF_HOLDOUT in written:
            span = total(self._sides(label, "holdout") for label in LABELS)
            return span if written.endswith(_OF_HOLDOUT) else Span(0, span.high)
        [first, *others] = query.tables or ("",)
        known = ANYTHING if others else self._fixed.get(first, ANYTHING)
        return known if "where" not in written.lower() else Span(0, known.high)
