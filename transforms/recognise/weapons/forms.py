"""The short notation in which the knowledge files give the forms of a word or phrase.

``missile(s)`` has an optional ending; ``defen{c|s}e`` has alternatives (which may nest and hold other notation);
``ракет<f>`` takes the endings of the paradigm ``f``. Endings in one phrase agree: ``боев<adj> машин<f>`` gives as many
forms as the paradigms have, not their product, and ``missile(s) balistique(s)`` gives two. Paradigms of different
length are combined freely. An ending ``ой/ою`` stands for either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\(([^()]*)\)|<(\w+)>|([^(){}<>]+)")


def expand(pattern: str, paradigms: Mapping[str, Sequence[str]]) -> list[str]:
    """All forms of a pattern, as written (case kept). Raises ValueError for an unknown paradigm or a stray bracket."""
    return list(dict.fromkeys(form for plain in _alternatives(pattern) for form in _inflect(plain, paradigms)))


def _alternatives(pattern: str) -> Iterator[str]:
    found = _INNERMOST.search(pattern)
    if not found:
        yield pattern
        return
    for choice in found[1].split("|"):
        yield from _alternatives(pattern[: found.start()] + choice + pattern[found.end() :])


def _inflect(pattern: str, paradigms: Mapping[str, Sequence[str]]) -> Iterator[str]:
    parts = list(_PART.finditer(pattern))
    if sum(len(p[0]) for p in parts) != len(pattern):
        raise ValueError(f"{pattern!r} has a bracket without its partner")
    slots: list[Sequence[str]] = []
    for part in parts:
        optional, paradigm, literal = part.groups()
        if optional is not None:
            slots.append(("", optional))
        elif paradigm is not None:
            if paradigm not in paradigms:
                raise ValueError(f"{pattern!r} has the paradigm <{paradigm}>, which the file does not define")
            slots.append(paradigms[paradigm])
        else:
            slots.append((literal,))
    lengths = sorted({len(s) for s in slots})
    for indices in product(*(range(n) for n in lengths)):
        index = dict(zip(lengths, indices, strict=True))
        chosen = [slot[index[len(slot)]] for slot in slots]
        yield from map("".join, product(*(c.split("/") for c in chosen)))


def hyphenations(form: str) -> list[str]:
    """A form with each of its first hyphens written as a blank or not at all (matching makes hyphens blanks)."""
    pieces = form.split("-")
    if len(pieces) > 3:
        return [form.replace("-", " ")]
    choices = product((" ", ""), repeat=len(pieces) - 1)
    return ["".join(a + b for a, b in zip(pieces, (*separators, ""), strict=True)) for separators in choices]
