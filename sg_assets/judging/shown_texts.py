"""What a judge is shown of a prompt and its answer."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.judging.judge_spec import JudgeSpec

_PARTS: Final = re.compile(r"\{(prompt|response)\}")


def shown_texts(spec: "JudgeSpec", answers: "pl.DataFrame") -> "pl.Series":
    """The texts as a judge is shown them, in the order of the answers.

    Args:
        spec: Of the judge.
        answers: ``response``, and ``prompt`` where the judge sees it; none missing.

    Returns:
        The response, the template filled in, or a JSON object of both where the tokenizer joins them.
    """
    import polars as pl

    if spec.template is not None:
        # Split once: a prompt that says {response} is not filled in again.
        parts = _PARTS.split(spec.template)
        filled = [pl.lit(part) if position % 2 == 0 else pl.col(part) for position, part in enumerate(parts)]
        return answers.select(pl.concat_str(filled).alias("shown")).to_series()
    if len(spec.sees) == 1:
        return answers["response"]
    return answers.select(pl.struct("prompt", "response").struct.json_encode().alias("shown")).to_series()
