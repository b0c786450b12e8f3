"""Libraries that a step's code uses and whose version moves no result, each with the reason.

All others that the definitions of a step use are part of its recipe, besides those it lists because a library of its
own needs them.
"""

from collections.abc import Iterable, Mapping
from sys import stdlib_module_names
from typing import Final

WITHOUT_EFFECT: Final[Mapping[str, str]] = {
    "pydantic": "validates records; the values are parameters of the recipe",
    "python-ulid": "names files and versions, no content",
    "universal-pathlib": "finds files",
    "filelock": "keeps processes apart",
    "dagster-pipes": "reports how a job gets on",
    "safetensors": "a file format; a model's files are known by their digests and tensors by their values",
}


IMPORTED_AS: Final[Mapping[str, str]] = {
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "ulid": "python-ulid",
    "upath": "universal-pathlib",
    "yaml": "pyyaml",
}
"""Import names of distributions that are not called so. Reading the metadata of all that is installed takes longer than
all the rest of a load; a test compares the two."""


def libraries(externals: Iterable[str]) -> tuple[str, ...]:
    """The libraries whose version counts, behind full names of what code uses; sorted."""
    return tuple(sorted(distributions(externals) - WITHOUT_EFFECT.keys()))


def distributions(externals: Iterable[str]) -> set[str]:
    """The distributions behind full names of what code uses, Python's own library left out."""
    roots = {name.split(".", maxsplit=1)[0] for name in externals} - stdlib_module_names - {"builtins", "__file__"}
    return {IMPORTED_AS.get(root, root.lower().replace("_", "-")) for root in roots}
