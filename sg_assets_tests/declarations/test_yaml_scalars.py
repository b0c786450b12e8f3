"""Plain scalars that YAML 1.1 and 1.2 read alike are read; all others are refused with both readings."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.declarations.yaml_scalars import LARGEST, value_of
from sg_assets.errors import SgAssetsError

DIFFERENT: dict[str, tuple[str, str, str]] = {
    "010": ("the number 8", "the number 10", "Write 8 or 10 or '010' in quotes"),
    "-017": ("the number -15", "the number -17", "Write -15 or -17"),
    "0_7": ("the number 7", "a text", "Write 7"),
    "08": ("a text", "the number 8", "Write 8"),
    "1:30": ("the number 90", "a text", "Write 90 or '1:30' in quotes"),
    "-1:30": ("the number -90", "a text", "Write -90"),
    "12:30:45": ("the number 45045", "a text", "Write 45045"),
    "1:30.5": ("the number 90.5", "a text", "Write 90.5"),
    "yes": ("true", "a text", "Write true or 'yes' in quotes"),
    "No": ("false", "a text", "Write false"),
    "ON": ("true", "a text", "Write true"),
    "off": ("false", "a text", "Write false"),
    "1_000": ("the number 1000", "a text", "Write 1000"),
    "1_0.5": ("the number 10.5", "a text", "Write 10.5"),
    "0o10": ("a text", "the number 8", "Write 8"),
    "0b101": ("the number 5", "a text", "Write 5"),
    "0x_1F": ("the number 31", "a text", "Write 31"),
    "-0x1F": ("the number -31", "a text", "Write -31"),
    "2e3": ("a text", "the number 2000.0", "Write 2000.0"),
    "1e-4": ("a text", "the number 0.0001", "Write 0.0001"),
    "1e-7": ("a text", "the number 1.0e-07", "Write 1.0e-07"),
    "1.5e3": ("a text", "the number 1500.0", "Write 1500.0"),
    "2024-02-29": ("a date", "a text", "Write '2024-02-29' in quotes"),
    "2001-12-14t21:59:43.10-05:00": ("a date", "a text", "in quotes"),
    "2001-12-14 21:59:43": ("a date", "a text", "in quotes"),
    "<<": ("a merge of mappings", "a text", "Write '<<' in quotes"),
    "=": ("a default value", "a text", "Write '=' in quotes"),
}
ALIKE: dict[str, object] = {
    "": None, "~": None, "null": None, "true": True, "False": False, "TRUE": True,
    "0": 0, "12": 12, "+12": 12, "-3": -3, "007": 7, "0x1F": 31, str(LARGEST): LARGEST,
    "0.5": 0.5, ".5": 0.5, "-.5": -0.5, "1.": 1.0, "1.5e+3": 1500.0, "1.0e-4": 0.0001,
    "y": "y", "n": "n", "a text": "a text", "1.2.3": "1.2.3", "192.168.1.1": "192.168.1.1", "nan": "nan", "inf": "inf",
    "0x": "0x", "5e": "5e", "+": "+", "_1": "_1",
}  # fmt: skip
UNUSABLE = [
    ".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1.0e+999", "-1.0e+400", "1e999",
    "123456789012345678901234567890", str(LARGEST + 1), str(-LARGEST - 1), "9" * 6000, "1." + "9" * 6000, "0" * 50,
    "1:" + "0:" * 60 + "1", "0x" + "F" * 20,
]  # fmt: skip


@pytest.mark.parametrize("text", DIFFERENT)
def test_a_scalar_of_two_readings_is_refused_with_both(text: str) -> None:
    with pytest.raises(SgAssetsError) as caught:
        value_of(text, "models/x.yaml, line 3")
    message = str(caught.value)
    first, second, remedy = DIFFERENT[text]
    assert message.startswith(f"models/x.yaml, line 3: YAML 1.1 and YAML 1.2 read '{text}' differently.")
    assert f"The first reads {first}, the second {second}." in message
    assert remedy in message


@pytest.mark.parametrize("text", ALIKE)
def test_a_scalar_of_one_reading_is_read(text: str) -> None:
    value = value_of(text, "x")
    assert (type(value), value) == (type(ALIKE[text]), ALIKE[text])


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_number_that_no_table_holds_is_refused(text: str) -> None:
    with pytest.raises(SgAssetsError, match=r"^x, line 1: '.{1,40}' (is not a finite number|is too large|is a number)"):
        value_of(text, "x, line 1")


@given(st.one_of(st.text("0123456789+-._:eExob \tT", max_size=12), st.sampled_from(["Yes", "oN", "null", "tRue"])))
def test_what_is_read_is_what_a_reader_of_yaml_1_1_reads(text: str) -> None:
    """Of values that it types: it reads numbers without a sign or point in its own, narrower way."""
    text = text.strip()
    try:
        value = value_of(text, "x")
    except SgAssetsError:
        return
    try:
        theirs = yaml.safe_load(f"key: {text}")["key"]
    except (yaml.YAMLError, ValueError):  # not plain in a file, or a number that it cannot read after all
        return
    assert isinstance(theirs, dict) or value == theirs or (isinstance(theirs, str) and text[:2] in {"-.", "+."})


@pytest.mark.parametrize("text", [text for text in DIFFERENT if text not in {"<<", "="}])
def test_what_the_remedy_says_is_read(text: str) -> None:
    """Whoever copies a number of the remedy is not refused again."""
    with pytest.raises(SgAssetsError) as caught:
        value_of(text, "x")
    choices = str(caught.value.remedy).removeprefix("Write ").split(" or ")[:-1]
    assert not any(isinstance(value_of(choice, "x"), str) for choice in choices)
