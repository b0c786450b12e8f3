"""The tokens of a SELECT, within limits: what would exhaust a parser is refused before it parses."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from sqlglot import Token, TokenType
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError

from sg_assets.declarations.sql_text import SqlText, require_plain, shown
from sg_assets.errors import SgAssetsError

MOST_TOKENS: Final = 20_000
DEEPEST: Final = 30
"""Brackets and CASEs within each other: a parser in Python takes about 25 calls for each."""
MOST_SELECTS: Final = 300
LONGEST_NUMBER: Final = 80
"""Digits. DuckDB's widest numbers have 39."""
_OPEN: Final = {TokenType.L_PAREN: "(", TokenType.L_BRACKET: "[", TokenType.L_BRACE: "{"}
_CLOSE: Final = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE)
_BEGINNINGS: Final = (
    TokenType.SELECT, TokenType.WITH, TokenType.FROM, TokenType.L_PAREN, TokenType.VALUES, TokenType.TABLE
)  # fmt: skip
_ONE_SELECT: Final = "does not hold exactly one SELECT"


class SqlTokens:
    """The tokens of a text, with the brackets they stand in."""

    def __init__(self, source: SqlText, tokens: Sequence[Token]) -> None:
        """Of a text whose brackets close each other; else the parser refuses it."""
        self.source = source
        self.tokens = tokens

    def __len__(self) -> int:
        """Their number."""
        return len(self.tokens)

    @property
    def select(self) -> str:
        """The text without a closing semicolon and comments behind that."""
        last = self.tokens[-1]
        return self.source.text[: last.start] if last.token_type is TokenType.SEMICOLON else self.source.text.rstrip()

    @property
    def of_select(self) -> Sequence[Token]:
        """The tokens of `select`."""
        return self.tokens[:-1] if self.tokens[-1].token_type is TokenType.SEMICOLON else self.tokens

    def at(self, index: int) -> str:
        """Where a token stands, for errors."""
        return self.source.at(self.tokens[index].start)

    def word(self, index: int) -> str:
        """A token's text in lower case; empty before the first and after the last one, and of a text in quotes."""
        return self._words[index] if 0 <= index < len(self._words) else ""

    def is_quoted(self, index: int) -> bool:
        """Whether a token is a name in quotes."""
        return self.tokens[index].token_type is TokenType.IDENTIFIER

    def opens(self, index: int) -> bool:
        """Whether a token is an opening parenthesis."""
        return index < len(self.tokens) and self.tokens[index].token_type is TokenType.L_PAREN

    def calls(self) -> Iterator[tuple[int, str]]:
        """Each name that is followed by an opening parenthesis, with its index: functions, however they are called."""
        for index, token in enumerate(self.tokens):
            if token.token_type is TokenType.L_PAREN and self.word(index - 1):
                yield index - 1, self.word(index - 1)

    def end_of(self, opening: int) -> int:
        """The index of the bracket that closes another; of the last token where none does."""
        return self._brackets[1].get(opening, len(self.tokens) - 1)

    def within(self, opening: int) -> Iterator[int]:
        """The tokens that stand directly in a bracket, not those in brackets inside of it; -1 is the whole text."""
        last = len(self.tokens) if opening < 0 else self.end_of(opening)
        index = opening + 1
        while index < last:
            yield index
            index = self._brackets[1].get(index, index) + 1

    def bracket_of(self, index: int) -> int:
        """The index of the bracket that a token stands in; -1 where it stands in none."""
        return self._brackets[0][index]

    @cached_property
    def _words(self) -> list[str]:
        return ["" if token.token_type is TokenType.STRING else token.text.lower() for token in self.tokens]

    @cached_property
    def _brackets(self) -> tuple[list[int], dict[int, int]]:
        """The bracket around each token, and the end of each bracket."""
        around: list[int] = []
        ends: dict[int, int] = {}
        open_ = [-1]
        for index, token in enumerate(self.tokens):
            if token.token_type in _CLOSE and len(open_) > 1:
                ends[open_.pop()] = index
            around.append(open_[-1])
            if token.token_type in _OPEN:
                open_.append(index)
        return around, ends


def tokens_of(source: SqlText) -> SqlTokens:
    """The tokens of one SELECT.

    Raises:
        SgAssetsError: the text is no single SELECT, or larger or deeper than a SELECT may be; names file and line.
    """
    require_plain(source)
    try:
        tokens = SqlTokens(source, DuckDB().tokenize(source.text))
    except SqlglotError as error:
        raise SgAssetsError(
            "the SQL does not parse",
            where=source.where,
            why="a text, name or comment in it does not end",
            remedy="Close its quote or comment",
        ) from error
    _require_sizes(tokens)
    _require_one_select(tokens)
    return tokens


def _require_sizes(tokens: SqlTokens) -> None:
    depth = selects = 0
    for index, token in enumerate(tokens.tokens):
        kind = token.token_type
        depth += (kind in _OPEN or kind is TokenType.CASE) - (kind in _CLOSE or kind is TokenType.END)
        selects += kind is TokenType.SELECT or kind is TokenType.FROM
        if kind is TokenType.NUMBER and len(token.text) > LONGEST_NUMBER:
            raise _too_large(tokens, index, f"a number has {len(token.text):,} digits", LONGEST_NUMBER)
        if depth > DEEPEST:
            raise _too_large(tokens, index, "brackets and CASEs are nested too deep", DEEPEST)
        if selects > MOST_SELECTS:
            raise _too_large(tokens, index, "has too many SELECTs and FROMs", MOST_SELECTS)
        if index >= MOST_TOKENS:
            raise _too_large(tokens, index, f"has {len(tokens):,} words and signs", MOST_TOKENS)


def _too_large(tokens: SqlTokens, index: int, problem: str, most: int) -> SgAssetsError:
    return SgAssetsError(
        f"the SQL is too large: {problem}",
        where=tokens.at(index),
        why=f"at most {most:,} are read",
        remedy="Put values into a table, or split the SELECT into several assets",
    )


def _require_one_select(tokens: SqlTokens) -> None:
    remedy = "Keep one SELECT a file"
    if not len(tokens):
        raise SgAssetsError(_ONE_SELECT, where=tokens.source.where, why="it is empty", remedy=remedy)
    first = tokens.tokens[0]
    if first.token_type not in _BEGINNINGS:
        why = f"it begins with {shown(first.text.upper())}"
        raise SgAssetsError(_ONE_SELECT, where=tokens.at(0), why=why, remedy=remedy)
    for index, token in enumerate(tokens.tokens[:-1]):
        if token.token_type is TokenType.SEMICOLON:
            why = "something follows a semicolon"
            raise SgAssetsError(_ONE_SELECT, where=tokens.at(index + 1), why=why, remedy=remedy)
