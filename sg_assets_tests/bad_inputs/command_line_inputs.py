"""Bad arguments of ``sg-assets``."""

from pathlib import Path

import pytest

from sg_assets_tests.bad_inputs.bad_input import BadInput, command


def _in_home(*arguments: str) -> BadInput:
    """The case of these arguments in an empty home."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        environment.setenv("SG_HOME", str(home))
        return command(*arguments)

    return BadInput(" ".join(arguments), act, ("raw/forum_coments", "raw/forum_comments"))


CASES = [_in_home("run", "raw/forum_coments")]
