"""Rendering a page; what is done to foreign text before it may stand in one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
# Controls, which HTML forbids or a browser would turn into line ends; lone surrogates, which no file can hold; and the
# two overrides of writing direction, which no honest text needs and which show a name backwards. Joiners and the other
# direction marks stay: Persian and Hebrew need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def clean(text: str) -> str:
    """Text of the same length without what may not stand in a page; each such character is U+FFFD."""
    return _UNWANTED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r", " "))


def address(url: str | None) -> str | None:
    """The URL if it is one that a reader may be sent to (http or https), else None (``javascript:``, ``file:``…)."""
    try:
        parts = urlsplit(url or "")
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def language_tag(language: str | None) -> str | None:
    """The language as a ``lang`` attribute's value, None where it is no tag."""
    return language if language and _LANGUAGE.fullmatch(language) else None


def sheet(*names: Path) -> str:
    """The common style sheet followed by a page's own."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "base.css", *names))


def render(template: Path, *, style: str, script: str = "", values: Mapping[str, object]) -> str:
    """The page of a template, which gets ``style``, ``script``, ``policy`` and the values, all else escaped."""
    environment = Environment(
        loader=FileSystemLoader([template.parent, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    text = environment.get_template(template.name).render(style=style, script=script, policy=policy, **values)
    return clean(text)


def _hash(source: str) -> str:
    """A Content-Security-Policy source that lets in exactly one inline block; ``'none'`` for an empty one."""
    digest = base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'" if source else "'none'"
