"""The table of definitions that decide no result, each with the reason."""

from typing import Final

from sg_assets.code.exclusions import Excluded, Exclusions, Why

TABLE: Final[tuple[Excluded, ...]] = (
    Excluded("sg_assets.errors", ("SgAssetsError", "nearest"), Why.ERRORS, "the texts of errors"),
)
EXCLUSIONS: Final = Exclusions(TABLE)
