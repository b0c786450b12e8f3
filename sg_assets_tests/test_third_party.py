"""From imports to distributions, and what a recipe leaves out."""

from sg_assets_tests.third_party import third_party, unlisted

SOURCE = """
import os
import numpy as np
import yaml, matplotlib.pyplot
from typing import TYPE_CHECKING
from sg_assets.errors import SgAssetsError
if TYPE_CHECKING:
    import torch
else:
    import scipy
def run():
    from sklearn.linear_model import LogisticRegression as Logistic
    from not_installed.parts import anything
"""


def test_names_stand_for_the_distributions_they_come_from() -> None:
    assert third_party(SOURCE) == {
        "np": "numpy",
        "yaml": "PyYAML",
        "matplotlib": "matplotlib",
        "scipy": "scipy",
        "Logistic": "scikit-learn",
        "anything": "not_installed",
    }


def no_reason(distribution: str) -> str | None:
    return None


def test_what_is_reached_and_not_listed_is_named() -> None:
    reached = {"judges/a": {"polars", "scikit-learn"}, "raw/b": {"numpy"}}
    assert unlisted(reached, {"judges/a": ["scikit-learn"], "raw/b": ["numpy"]}, no_reason) == ["judges/a: polars"]


def test_a_step_without_libraries_lists_none() -> None:
    assert unlisted({"raw/b": {"numpy"}}, {}, no_reason) == ["raw/b: numpy"]


def test_a_reason_leaves_a_distribution_out() -> None:
    reason = {"python-ulid": "names folders"}.get
    assert unlisted({"raw/b": {"numpy", "python-ulid"}}, {}, reason) == ["raw/b: numpy"]


def test_libraries_are_known_under_any_spelling() -> None:
    assert unlisted({"raw/b": {"PyYAML", "huggingface_hub"}}, {"raw/b": ["pyyaml", "huggingface-hub"]}, no_reason) == []


# TO CONNECT once closures are there:
#
#     reached = {step: {third_party(source_of(module))[name] for module, name in <imports of step_closure(...)>}}
#     listed = {step: <the recipe's libraries>}
#     assert unlisted(reached, listed, <the table of reasons>) == []
