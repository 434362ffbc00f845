"""What a person did wrong, told to that person: one message, no traceback, exit code 2."""

from __future__ import annotations


class UserError(Exception):
    """Names the file, line, key or source, what is wrong and what would be right."""
