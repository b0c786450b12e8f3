"""Folders that tests need."""

from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1]
"""The checkout."""
