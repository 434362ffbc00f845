"""The templates in deploy/elasticsearch/templates, under a prefix, and the names of the indices they make."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from transforms.codec import digest

KINDS = ("entries", "feeds", "articles", "claims", "events", "alerts", "dead-letters", "buckets")
_NAME = re.compile(r"-v(\d+)(?:-r(\d+))?$")


def number_of(index: str) -> int:
    """The version number in an index's name."""
    found = _NAME.search(index)
    return int(found[1]) if found else 0


def generation_of(index: str) -> int:
    """How many times an index of this version was made anew, counted from 1."""
    found = _NAME.search(index)
    return int(found[2] or 1) if found else 1


@cache
def fingerprint(prefix: str) -> str:
    """A hash of every template: what tells whether an index was made by these."""
    bodies = [component_templates(prefix), [index_template(prefix, kind) for kind in KINDS]]
    return digest([json.dumps(bodies, sort_keys=True)])


def component_templates(prefix: str) -> dict[str, dict[str, Any]]:
    """The component templates by name."""
    names = ("settings", "language", "common")
    return {f"{prefix}-{name}": _load(f"component/tocsin-{name}.json", prefix) for name in names}


def index_template(prefix: str, kind: str) -> dict[str, Any]:
    """The index template of a kind."""
    return _load(f"index/tocsin-{kind}.json", prefix)


def mappings_of(prefix: str, kind: str) -> dict[str, Any]:
    """The mappings of a kind as the server composes them."""
    common = component_templates(prefix)[f"{prefix}-common"]["template"]["mappings"]
    own = index_template(prefix, kind)["template"]["mappings"]
    return _merged(common, own)


def _merged(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(a)
    for key, value in b.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result


def _load(path: str, prefix: str) -> dict[str, Any]:
    text = (files("sinks.elasticsearch") / "templates" / path).read_text(encoding="utf-8")
    # Names of templates and indices begin with the prefix; analysers and fields are the same for all.
    loaded: dict[str, Any] = json.loads(text.replace('"tocsin-', f'"{prefix}-'))
    return loaded
