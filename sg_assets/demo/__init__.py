"""The demo's own world: a generated forum in an invented Singlish, and the recipe of its tiny chat models."""
