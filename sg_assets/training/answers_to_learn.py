"""Training rows whose answers hold no personal data: a model writes numbers and handles that nobody gave it.

Answers stay as they were generated in the tables they come from. Here they are masked as comments are at ingestion, or
rows with such answers are left out; the checks of the training tables look for what is left by other means.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.workspace import Workspace

PERSONAL_DATA: Final = "personal_data"
"""The parameter that says what is done, and the name of the counts among a version's details."""
_KINDS: Final = ("NRIC", "EMAIL", "PHONE", "HANDLE")
_ROLE: Final = "role"
_CONTENT: Final = "content"


def select_answers_to_learn(workspace: "Workspace", query: str, at_most: float) -> None:
    """Write the rows of a SELECT with their answers masked, or without the rows whose answers hold personal data.

    Args:
        workspace: Of a training table; its parameter ``personal_data`` is ``mask`` or ``drop``.
        query: Gives chats: lists of messages with a role and a content.
        at_most: The largest share of rows that may be touched.

    Raises:
        SgAssetsError: DuckDB refuses the query, or more rows are touched than that.
    """
    import polars as pl

    how: Literal["mask", "drop"] = workspace.parameters[PERSONAL_DATA]
    bound = {name: value for name, value in workspace.parameters.items() if name != PERSONAL_DATA}
    rows = workspace.query(query, bound)
    masks, kinds = _masks(rows)
    touched = rows.select(pl.any_horizontal(pl.lit(value=False), *(_holds(name, masks) for name in _chats(rows))))
    count = int(touched.to_series().sum()) if len(rows) else 0
    if count > at_most * len(rows):
        raise SgAssetsError(
            f"{count:,} of {len(rows):,} rows hold personal data in an answer", where=str(workspace.ref),
            why=f"the profile's answers.at_most allows {at_most:.3g} of them: so many are no slips of a model",
            remedy="Look at the answers they come from, or raise answers.at_most",
        )  # fmt: skip
    workspace.details[PERSONAL_DATA] = {"rows": len(rows), f"{_DONE[how]}_rows": count, "kinds": kinds}
    if how == "drop":
        kept = rows.filter(~touched.to_series()) if count else rows
    else:
        kept = rows.with_columns(_masked(name, masks) for name in _chats(rows)) if count else rows
    workspace.write_table(kept)


_DONE: Final = {"mask": "masked", "drop": "dropped"}


def _masks(rows: "pl.DataFrame") -> tuple[dict[str, str], dict[str, int]]:
    """What takes the place of each answer with personal data, and how often each kind of it occurs in the rows."""
    import polars as pl

    from sg_assets.ingest.pii import mask_all

    columns = [rows.select(text=_answers(name).explode()).drop_nulls() for name in _chats(rows)]
    texts = pl.concat([pl.DataFrame(schema={"text": pl.String}), *columns]).group_by("text").len()
    plain = texts["text"].str.normalize("NFC")
    changed = texts.with_columns(plain=plain, masked=mask_all(plain)).filter(pl.col("plain") != pl.col("masked"))
    kinds: Counter[str] = Counter()
    for text, masked, times in changed.select("plain", "masked", "len").iter_rows():
        for kind in _KINDS:
            kinds[kind] += times * (masked.count(f"<{kind}>") - text.count(f"<{kind}>"))
    return dict(changed.select("text", "masked").iter_rows()), {kind: kinds[kind] for kind in _KINDS if kinds[kind]}


def _chats(rows: "pl.DataFrame") -> list[str]:
    """The columns of chats."""
    import polars as pl

    def is_chat(kind: Any) -> bool:  # noqa: ANN401 - any type of a column
        inner = kind.inner if isinstance(kind, pl.List) else None
        return isinstance(inner, pl.Struct) and {field.name for field in inner.fields} >= {_ROLE, _CONTENT}

    return [name for name, kind in rows.schema.items() if is_chat(kind)]


def _answers(name: str) -> "pl.Expr":
    """The answers in a column of chats, a list for each."""
    import polars as pl

    message = pl.element().struct
    return pl.col(name).list.eval(message.field(_CONTENT).filter(message.field(_ROLE) == "assistant"))


def _holds(name: str, masks: dict[str, str]) -> "pl.Expr":
    import polars as pl

    return _answers(name).list.eval(pl.element().is_in(list(masks))).list.any()


def _masked(name: str, masks: dict[str, str]) -> "pl.Expr":
    """A column of chats with its answers masked."""
    import polars as pl

    message = pl.element().struct
    content = pl.when(message.field(_ROLE) == "assistant")
    replaced = content.then(message.field(_CONTENT).replace(masks)).otherwise(message.field(_CONTENT))
    return pl.col(name).list.eval(message.with_fields(replaced.alias(_CONTENT)))
