"""A chat template with the declared values in it, so that whoever renders with it renders alike.

The values are Jinja statements before the template. Each ends with a line end, which the environment of transformers
drops, so that the template's own first line stays the first of a line.
"""

import datetime
import json
import re
from typing import Final

from sg_assets.declarations.records.chat import Argument, ChatDeclaration

_CLOCK: Final = re.compile(r"""strftime_now\(\s*("[^"\\]*"|'[^'\\]*')\s*\)""")


def bound_template(template: str, declared: ChatDeclaration) -> str:
    """A template with the declared arguments, system message and date.

    Args:
        template: The Jinja text.
        declared: The values. Without any the template is returned as it is.
    """
    statements = [f"set {name} = {_literal(value)}" for name, value in sorted(declared.template_arguments.items())]
    if declared.system is not None:
        message = f"{{'role': 'system', 'content': {_literal(declared.system)}}}"
        statements += ["if messages[0]['role'] != 'system'", f"set messages = [{message}] + messages", "endif"]
    clock = "" if declared.date is None else _stopped_clock(template, declared.date)
    return clock + "".join(f"{{% {statement} %}}\n" for statement in statements) + template


def with_clock(template: str, said: str) -> str:
    """A template whose clock says the same whatever it is asked; to see whether the template reads it."""
    return f"{{% macro strftime_now(format) %}}{said}{{% endmacro %}}\n{template}"


def _stopped_clock(template: str, date: datetime.date) -> str:
    """A macro in place of ``strftime_now`` for the formats that the template asks for."""
    formats = sorted({written[1:-1] for written in _CLOCK.findall(template)})
    branches = "".join(
        f"{{% {'elif' if number else 'if'} format == {_literal(asked)} %}}{{{{ {_literal(date.strftime(asked))} }}}}"
        for number, asked in enumerate(formats)
    )
    rest = "{{ raise_exception('a date in a format that is not written in the template') }}"
    body = f"{branches}{{% else %}}{rest}{{% endif %}}" if formats else rest
    return f"{{% macro strftime_now(format) %}}{body}{{% endmacro %}}\n"


def _literal(value: Argument) -> str:
    """A value as Jinja writes it: JSON's escapes are Jinja's; other letters stay as they are."""
    return json.dumps(value, ensure_ascii=False)
