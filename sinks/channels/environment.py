"""Secrets: only their names are in files, they themselves come from the environment."""

from __future__ import annotations

import os
import re

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class NotSet(LookupError):
    """An environment variable that is needed is not set; the message names it."""


def secret(name: str) -> str:
    """The value of a variable. Raises :class:`NotSet`."""
    value = os.environ.get(name, "")
    if not value:
        raise NotSet(f"the environment variable {name} is not set")
    return value


def filled(text: str) -> str:
    """The text with each ``${NAME}`` replaced. Raises :class:`NotSet`."""
    return _VARIABLE.sub(lambda match: secret(match[1]), text)
