"""Quotes of CSV against a plain reader, letter by letter, over any blocks."""

import random

import pytest

from sg_assets.ingest.csv_quotes import CsvQuotes, QuoteFault, row_at


def plain(data: bytes, *, backslash: bool = False) -> QuoteFault | None:
    """What the rule says, one letter after the other."""
    inside, at_begin, opened, at = False, True, 0, 0
    while at < len(data):
        letter, after = data[at : at + 1], data[at + 1 : at + 2]
        if backslash and letter == b"\\" and after:
            at, at_begin = at + 2, False
            continue
        if inside and letter == b'"':
            if after == b'"':
                at += 2
                continue
            if after not in (b"", b",", b"\n", b"\r"):
                return QuoteFault(opened, after_backslash=not backslash and data[at - 1 : at] == b"\\")
            inside, at_begin = False, False
        elif not inside and letter == b'"' and at_begin:
            inside, opened = True, at
        elif not inside:
            at_begin = letter in b",\n\r"
        at += 1
    return QuoteFault(opened, unclosed=True) if inside else None


def rows_before(data: bytes, offset: int) -> int:
    """Rows that end before an offset, in data without a fault up to there."""
    inside, rows, empty = False, 0, True
    for letter in data[:offset].decode("latin-1"):
        inside ^= letter == '"'
        if letter in "\n\r" and not inside:
            rows, empty = rows + (not empty), True
        else:
            empty = False
    return rows


def fed(data: bytes, sizes: random.Random, *, backslash: bool = False) -> QuoteFault | None:
    quotes = CsvQuotes(",", '"', backslash=backslash)
    while data:
        size = sizes.randint(1, 9)
        if (fault := quotes.feed(data[:size])) is not None:
            return fault
        data = data[size:]
    return quotes.end()


@pytest.mark.parametrize("seed", range(20))
def test_the_first_fault_is_the_rule_s(seed: int) -> None:
    chance = random.Random(seed)
    faults = 0
    for _ in range(60):
        data = "".join(chance.choices('"",\n\ra\\', k=chance.randint(1, 24))).encode()
        expected = plain(data)
        assert fed(data, chance) == expected, data
        faults += expected is not None
    assert faults > 9


@pytest.mark.parametrize("seed", range(20))
def test_escaped_quotes_are_letters_where_that_is_declared(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        data = "".join(chance.choices('"",\na\\\\', k=chance.randint(1, 24))).encode().rstrip(b"\\")
        expected, fault = plain(data, backslash=True), fed(data, chance, backslash=True)
        assert (fault and (fault.opened, fault.unclosed)) == (expected and (expected.opened, expected.unclosed)), data


@pytest.mark.parametrize("seed", range(20))
def test_the_row_of_a_fault_is_counted_over_blocks(seed: int) -> None:
    chance = random.Random(seed)
    fields = ["", "a", '"b"', '"c\nd"', '"e""\r\nf"', '"g, "']
    rows = [",".join(chance.choices(fields, k=2)) for _ in range(chance.randint(1, 9))]
    good = "".join(row + chance.choice(["\n", "\r\n", "\n\n"]) for row in rows).encode()
    data = good + b'x,"y" z\n'
    fault = fed(data, chance)
    assert fault == QuoteFault(len(good) + 2)
    blocks = (data[start : start + 5] for start in range(0, len(data), 5))
    assert row_at(blocks, CsvQuotes(",", '"', backslash=False), fault.opened) == len(rows) + 1
