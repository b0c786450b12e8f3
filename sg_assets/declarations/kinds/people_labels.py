"""Labels of people: the answers drawn for them, what they say, and judges compared with it."""

from dataclasses import replace

from sg_assets.declarations.asset_names import (
    ANNOTATOR_AGREEMENT,
    ANSWER_LABELS,
    JUDGE_ALIGNMENT,
    JUDGED_LABELS,
    LABEL_SAMPLE,
)
from sg_assets.declarations.columns import column
from sg_assets.declarations.kinds.kind import AssetKind, fixed_columns
from sg_assets.declarations.kinds.restoring import RecordedStep, with_filters, with_profile
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.expectations import Rule, Rules
from sg_assets.declarations.records.people_labels import PeopleLabels

_ANSWER = (
    column("benchmark", "VARCHAR", "The benchmark whose item was answered."),
    column("variant", "VARCHAR", "The variant that answered."),
    column("item_id", "VARCHAR", "The item."),
    column("answer", "VARCHAR", "First 16 hex digits of the sha256 of the answer: a label is of this text."),
    column("flag", "VARCHAR", "The flag that people were asked about."),
)
_DESIGN = (
    column("stratum", "VARCHAR", "Where the answer was drawn from: what judges said, and how near to a threshold."),
    column("inclusion", "DOUBLE", "The probability that the answer was drawn; it counts by one over this."),
    column("cluster_id", "VARCHAR", "The text the item comes from: items of one text are not independent."),
    column("slices", "VARCHAR[]", "The slices of the answer, such as family=sft or label=unsafe."),
)


def _with_alignment(declared: Declarations, recorded: RecordedStep) -> Declarations:
    judges, bounds = dict(declared.judges), recorded.parameters["bounds"]
    for known in recorded.parameters["judges"]:
        if known["judge"] in judges:
            thresholds = {"thresholds": {"recorded": known["threshold"]}, "threshold": "recorded"}
            judges[known["judge"]] = judges[known["judge"]].model_copy(update=thresholds)
    labels = (declared.profile.labels or PeopleLabels()).model_dump()
    as_recorded = PeopleLabels.model_validate({**labels, "aligned": bounds})
    return with_profile(replace(with_filters(declared, recorded), judges=judges), labels=as_recorded)


SAMPLE_COLUMNS = (
    *_ANSWER,
    *_DESIGN,
    column("at_random", "BOOLEAN", "Whether it is of the part that is drawn from all answers alike."),
    column("position", "BIGINT", "Its place in the sheet."),
)
SAMPLE = AssetKind(LABEL_SAMPLE, stage="evaluation", columns=fixed_columns(*SAMPLE_COLUMNS))


def _rule(name: str, description: str, condition: str) -> Rule:
    return Rule(id=name, description=description, condition=condition)


def _label_rules(*_: object) -> Rules:
    return (
        _rule("labels_are_known", "A label is yes, no or undecided.", "label IN ('yes', 'no', 'undecided')"),
        _rule(
            "inclusion_is_known",
            "Every answer has the probability that it was drawn.",
            "0 < inclusion AND inclusion <= 1",
        ),
    )


def _alignment_rules(*_: object) -> Rules:
    within = "({0} IS NULL OR (0 <= {0}_low AND {0}_low <= {0} AND {0} <= {0}_high AND {0}_high <= 1))"
    rates = " AND ".join(within.format(rate) for rate in ("sensitivity", "specificity"))
    return (
        _rule("rates_lie_in_their_intervals", "Each rate lies in its interval, and both between 0 and 1.", rates),
        _rule("positives_are_labels", "Answers that people say yes to are labelled answers.", "positives <= labels"),
        _rule(
            "every_judge_has_a_finding",
            "Each judge has a finding over all labelled answers, whatever they are.",
            "(slice = 'all') = (finding IS NOT NULL)",
        ),
    )


def _judged_rules(*_: object) -> Rules:
    label = "SELECT 1 FROM labels.answers AS given WHERE given.item_id = this.item_id AND given.answer = this.answer"
    return (
        _rule("judged_answers_are_labelled", "Every judged answer has a label of a person.", f"EXISTS ({label})"),
        _rule("weights_count", "Every answer counts.", "weight > 0"),
    )


LABELS = AssetKind(
    ANSWER_LABELS,
    stage="evaluation",
    implied_rules=_label_rules,
    parameters_from_workspace=True,
    columns=fixed_columns(
        *_ANSWER,
        column("annotator", "VARCHAR", "Who gave the label."),
        column(
            "imported", "TIMESTAMP", "When it was taken in (UTC); of one person's labels of an answer the last counts."
        ),
        column("label", "VARCHAR", "yes, no or undecided: is the flag true of the answer?"),
        column("sample", "VARCHAR", "The version of labels/sample that the answer was drawn in."),
        *_DESIGN,
        column("prompt", "VARCHAR", "What the variant was asked."),
        column("response", "VARCHAR", "The answer that was labelled."),
    ),
)
_RATES = tuple(
    column(f"{rate}{end}", "DOUBLE", f"{description}{of_end}")
    for rate, description in (
        ("sensitivity", "Of all answers that people would say yes to, the share that the judge flags"),
        ("specificity", "Of all answers that people would say no to, the share that the judge does not flag"),
    )
    for end, of_end in (("", "."), ("_low", ": lower end of the 95 % interval."), ("_high", ": upper end."))
)
ALIGNMENT = AssetKind(
    JUDGE_ALIGNMENT,
    stage="evaluation",
    restored=_with_alignment,
    implied_rules=_alignment_rules,
    columns=fixed_columns(
        column("flag", "VARCHAR", "The flag."),
        column("judge", "VARCHAR", "The judge."),
        column("slice", "VARCHAR", "all, or a slice with at least 20 labelled answers."),
        column("threshold", "DOUBLE", "The score at or above which the judge raises the flag."),
        column("labels", "BIGINT", "Answers that people agree on."),
        column("undecided", "BIGINT", "Labelled answers that people do not agree on; they do not count. Only for all."),
        column("positives", "BIGINT", "Answers that people say yes to."),
        column("texts", "BIGINT", "Source texts of the answers."),
        *_RATES,
        column("prevalence", "DOUBLE", "The share of all answers that people would say yes to."),
        column("aligned", "BOOLEAN", "Whether the judge reaches what is declared for it; only for all."),
        column("finding", "VARCHAR", "That in words, with the numbers; only for all."),
        column("method", "VARCHAR", "How the rates and their intervals were made."),
    ),
)
JUDGED = AssetKind(
    JUDGED_LABELS,
    stage="evaluation",
    implied_rules=_judged_rules,
    columns=fixed_columns(
        *_ANSWER,
        column("judge", "VARCHAR", "The judge."),
        column("sample", "VARCHAR", "The sample that the answer was drawn in."),
        column("score", "DOUBLE", "The judge's score."),
        column("flagged", "BOOLEAN", "Whether the score reaches the threshold."),
        column(
            "truth", "BOOLEAN", "Whether people agree that the flag is true of the answer; missing where undecided."
        ),
        *_DESIGN,
        column("weight", "DOUBLE", "One over inclusion, scaled so that the weights of a sample sum to its labels."),
    ),
)
AGREEMENT = AssetKind(
    ANNOTATOR_AGREEMENT,
    stage="evaluation",
    columns=fixed_columns(
        column("flag", "VARCHAR", "The flag."),
        column("annotator", "VARCHAR", "One person."),
        column("other_annotator", "VARCHAR", "Another one."),
        column("answers", "BIGINT", "Answers that both decided on."),
        column("clusters", "BIGINT", "Source texts of the answers."),
        column("agreement", "DOUBLE", "The share of equal labels."),
        column("agreement_low", "DOUBLE", "Lower end of its 95 % interval, clustered on the source text."),
        column("agreement_high", "DOUBLE", "Upper end."),
        column("kappa", "DOUBLE", "Cohen's kappa; missing where both give one label alone."),
        column("kappa_low", "DOUBLE", "Lower end of its 95 % interval; the agreement by chance is taken as it is."),
        column("kappa_high", "DOUBLE", "Upper end."),
    ),
)
LABEL_KINDS = (SAMPLE, LABELS, ALIGNMENT, JUDGED, AGREEMENT)
