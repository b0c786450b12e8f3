"""What makes the rows of a SELECT differ from one run to the next, though its inputs are the same.

It is looked for in tokens, not in a tree: a function is seen however it is called, and its line is known. Rows of equal
rank stay a matter of the author: ORDER BY counts as an order whatever it names, ``arg_max`` and ``mode`` may meet ties,
and sums of DOUBLE may differ in the last digit with the number of threads.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import TokenType

from sg_assets.declarations.sql_tokens import SqlTokens
from sg_assets.errors import SgAssetsError

SESSION: Final = frozenset(
    {
        "checkpoint", "current_catalog", "current_connection_id", "current_database", "current_query",
        "current_query_id", "current_role", "current_schema", "current_schemas", "current_setting",
        "current_transaction_id", "current_user", "currval", "force_checkpoint", "get_block_size", "getenv",
        "getvariable", "in_search_path", "inet_client_addr", "inet_client_port", "inet_server_addr",
        "inet_server_port", "nextval", "pg_conf_load_time", "pg_postmaster_start_time", "pg_sleep", "session_user",
        "setseed", "setval", "sleep_ms", "stats", "txid_current", "user", "vector_type", "version", "write_log",
    }
)  # fmt: skip
"""Functions of the process, its settings and its state: never part of what a table is made of."""
CLOCK: Final = frozenset(
    {
        "ago", "current_date", "current_time", "current_timestamp", "get_current_time", "get_current_timestamp",
        "localtime", "localtimestamp", "now", "today", "transaction_timestamp",
    }
)  # fmt: skip
CHANCE: Final = frozenset({"gen_random_uuid", "random", "reservoir_quantile", "uuid", "uuidv4", "uuidv7"})
ORDERED: Final = frozenset(
    {
        "any_value", "approx_quantile", "approx_top_k", "arbitrary", "array_agg", "first", "group_concat",
        "json_group_array", "json_group_object", "json_group_structure", "last", "list", "listagg", "lttb",
        "string_agg", "variant_group_array", "variant_group_object",
    }
)  # fmt: skip
"""Aggregates whose result depends on the order of the rows."""
ORDERED_WINDOWS: Final = frozenset(
    {"fill", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "row_number"}
)
"""Window functions whose result does."""
_WITHOUT_PARENTHESES: Final = frozenset(
    {"current_date", "current_time", "current_timestamp", "current_user", "localtime", "localtimestamp", "session_user"}
)
_OF_ANY_ORDER: Final = frozenset(
    {
        "array_length", "array_reverse_sort", "array_sort", "array_unique", "cardinality", "len", "length",
        "list_contains", "list_count", "list_has", "list_max", "list_min", "list_reverse_sort", "list_sort",
        "list_unique",
    }
)  # fmt: skip
"""Functions to whose result the order of a list makes no difference."""
_KEEPING_ORDER: Final = frozenset({"array_distinct", "list_distinct"})
"""Functions that hand the order of a list on."""


@dataclass(frozen=True)
class Variation:
    """A part of a SELECT that gives other rows at another run."""

    problem: str
    """What varies, and why."""
    where: str
    """Its file and line."""
    remedy: str
    is_declarable: bool = True
    """Whether a header may declare it: rows may be drawn by chance, but never read from the process."""


def variations(tokens: SqlTokens, *, of_condition: bool = False) -> list[Variation]:
    """All that makes the rows of a SELECT vary, in the order of the text.

    Args:
        tokens: Of the SELECT.
        of_condition: Whether it evaluates a condition. There ``any_value`` takes the value that a key has in another
            table, where a subquery must give one value.
    """
    ordered = ORDERED - {"any_value"} if of_condition else ORDERED
    sources = (_functions(tokens), _samples(tokens), _limits(tokens), _orders(tokens, ordered))
    by_index = sorted((entry for source in sources for entry in source), key=lambda entry: entry[0])
    return [variation for _, variation in by_index]


def require_reproducible(varying: Iterable[Variation], *, declared: bool) -> None:
    """Raise for the first part that varies, unless the header declares that the table is not reproducible.

    Raises:
        SgAssetsError: names file, line, and how to write it instead.
    """
    for variation in varying:
        if not (declared and variation.is_declarable):
            raise SgAssetsError(
                variation.problem,
                where=variation.where,
                why="equal inputs must give equal rows",
                remedy=variation.remedy,
            )


def varying_texts(varying: Iterable[Variation]) -> tuple[str, ...]:
    """What versions of a table say that is declared to be not reproducible."""
    return tuple(dict.fromkeys(variation.problem for variation in varying)) or ("declared in the header",)


_Indexed = Iterator[tuple[int, Variation]]


def _functions(tokens: SqlTokens) -> _Indexed:
    for index, name in _named(tokens):
        if name in SESSION:
            remedy = "Remove it: declared values are read as $parameters"
            yield index, Variation(f"{name} reads the process, not data", tokens.at(index), remedy, is_declarable=False)
        elif name in CLOCK or (name == "age" and _has_one_argument(tokens, index + 1)):
            yield index, _varying(tokens, index, f"{name} reads the clock", "Take the time from a column of an input")
        elif name in CHANCE:
            remedy = "Order by sample_rank('purpose', $seed, key), which is stable"
            yield index, _varying(tokens, index, f"{name} draws by chance", remedy)


def _named(tokens: SqlTokens) -> Iterator[tuple[int, str]]:
    """Functions that are called, with or without parentheses."""
    yield from tokens.calls()
    for index in range(len(tokens)):
        name = tokens.word(index)
        if name in _WITHOUT_PARENTHESES and _is_bare(tokens, index):
            yield index, name


def _is_bare(tokens: SqlTokens, index: int) -> bool:
    """Whether a word is neither called, nor in quotes, nor the name of a column or a table."""
    is_name = tokens.word(index - 1) in (".", "as") or tokens.word(index + 1) == "."
    return not (is_name or tokens.opens(index + 1) or tokens.is_quoted(index))


def _has_one_argument(tokens: SqlTokens, opening: int) -> bool:
    return all(tokens.tokens[index].token_type is not TokenType.COMMA for index in tokens.within(opening))


def _samples(tokens: SqlTokens) -> _Indexed:
    remedy = "Use QUALIFY row_number() OVER (ORDER BY sample_rank('purpose', $seed, key)) <= n, which is stable"
    for index, token in enumerate(tokens.tokens):
        is_sample = tokens.word(index) == "sample" and tokens.word(index - 1) == "using"
        if token.token_type is TokenType.TABLE_SAMPLE or is_sample:
            yield index, _varying(tokens, index, "a sample draws rows by chance", remedy)


def _limits(tokens: SqlTokens) -> _Indexed:
    for index, token in enumerate(tokens.tokens):
        kind = token.token_type
        around = tokens.bracket_of(index)
        if kind not in (TokenType.LIMIT, TokenType.FETCH, TokenType.OFFSET) or tokens.word(index - 1) == ".":
            continue
        if tokens.word(index + 1) == "0" or tokens.word(around - 1) == "exists":
            continue
        if not _is_ordered(tokens, (before for before in tokens.within(around) if before < index)):
            problem = f"{token.text.upper()} without ORDER BY takes any rows"
            yield index, _varying(tokens, index, problem, "Add ORDER BY before it, with the key of the rows")


def _orders(tokens: SqlTokens, ordered: Collection[str]) -> _Indexed:
    for index, name in tokens.calls():
        window = _window_behind(tokens, tokens.end_of(index + 1))
        if window is not None:
            yield from _window(tokens, index, name, window)
        elif name in ordered and not _has_order(tokens, index):
            problem = f"{name} without ORDER BY depends on the order of the rows"
            yield index, _varying(tokens, index, problem, _remedy(name))
        elif name == "array" and _is_unordered_select(tokens, index + 1):
            problem = "ARRAY of a SELECT without ORDER BY depends on the order of the rows"
            yield index, _varying(tokens, index, problem, "Add ORDER BY to the SELECT")
    for index in range(len(tokens)):
        if tokens.word(index) == "positional" and tokens.word(index + 1) == "join":
            problem = "POSITIONAL JOIN depends on the order of the rows"
            yield index, _varying(tokens, index, problem, "Join by columns")
        if tokens.word(index) == "distinct" and tokens.word(index + 1) == "on" and tokens.opens(index + 2):
            behind = (later for later in tokens.within(tokens.bracket_of(index)) if later > index)
            if not _is_ordered(tokens, behind):
                problem = "DISTINCT ON without ORDER BY takes any row"
                yield index, _varying(tokens, index, problem, "Add ORDER BY with the key of the rows")


def _window(tokens: SqlTokens, index: int, name: str, window: int) -> _Indexed:
    """What varies of a function over a window that has no order."""
    is_framed = tokens.opens(window) and any(tokens.word(part) in ("rows", "groups") for part in tokens.within(window))
    if (name in ORDERED_WINDOWS | ORDERED or is_framed) and not _is_ordered_window(tokens, window):
        problem = f"{name} OVER a window without ORDER BY depends on the order of the rows"
        yield index, _varying(tokens, index, problem, "Add ORDER BY to the window, with the key of the rows")


def _window_behind(tokens: SqlTokens, end: int) -> int | None:
    """The index of the window behind a call that ends at an index: its bracket or its name; None where it has none."""
    index = end + 1
    while tokens.word(index) in ("filter", "ignore", "respect", "nulls", "within", "within group"):
        index += 1
        if tokens.opens(index):
            index = tokens.end_of(index) + 1
    return index + 1 if tokens.word(index) == "over" else None


def _is_ordered_window(tokens: SqlTokens, window: int) -> bool:
    if not tokens.opens(window):
        return _is_ordered_by_name(tokens, tokens.word(window))
    if _is_ordered(tokens, tokens.within(window)):
        return True
    return _is_ordered_by_name(tokens, tokens.word(window + 1))


def _is_ordered_by_name(tokens: SqlTokens, name: str) -> bool:
    """Whether a window of this name, declared behind WINDOW, has an order."""
    is_declaring = False
    for index in range(len(tokens)):
        is_declaring = is_declaring or tokens.tokens[index].token_type is TokenType.WINDOW
        if is_declaring and tokens.word(index) == name and tokens.word(index + 1) == "as" and tokens.opens(index + 2):
            return _is_ordered(tokens, tokens.within(index + 2))
    return False


def _has_order(tokens: SqlTokens, index: int) -> bool:
    """Whether an aggregate has an order: inside, behind it, or of no effect on what is made of its list."""
    opening = index + 1
    if _is_ordered(tokens, tokens.within(opening)):
        return True
    behind = tokens.end_of(opening) + 1
    while tokens.word(behind) in ("within", "group", "within group"):
        behind += 1
        if tokens.opens(behind) and _is_ordered(tokens, tokens.within(behind)):
            return True
    around = index - 1
    while tokens.opens(around) and tokens.word(around - 1) in _KEEPING_ORDER:
        around -= 2
    return tokens.opens(around) and tokens.word(around - 1) in _OF_ANY_ORDER


def _is_unordered_select(tokens: SqlTokens, opening: int) -> bool:
    is_select = tokens.word(opening + 1) in ("select", "from", "with")
    return is_select and not _is_ordered(tokens, tokens.within(opening))


def _is_ordered(tokens: SqlTokens, indexes: Iterable[int]) -> bool:
    return any(tokens.tokens[index].token_type is TokenType.ORDER_BY for index in indexes)


def _remedy(name: str) -> str:
    if name in {"any_value", "arbitrary", "first", "last"}:
        return f"Take min() or max(), or write {name}(... ORDER BY key)"
    if name.startswith("approx_"):
        return "Use the exact function"
    return f"Write {name}(... ORDER BY key)"


def _varying(tokens: SqlTokens, index: int, problem: str, remedy: str) -> Variation:
    declare = "or declare `-- reproducible: false` in the file's header"
    return Variation(problem, tokens.at(index), f"{remedy}, {declare}")
