"""``sources.yaml`` read and checked, with every error named by file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from transforms.sources import schema
from transforms.sources.schema import Sources

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SourcesError(ValueError):
    """A sources file that cannot be used; ``problems`` are lines like ``sources.yaml:12: sources.3.url: …``."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_sources(path: Path) -> Sources:
    """The sources of a file. Raises :class:`SourcesError` for what is in it or for a file that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourcesError([f"{path}: cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError as error:
        raise SourcesError([f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8"]) from None
    return parse_sources(text, str(path))


def parse_sources(text: str, name: str = "sources.yaml") -> Sources:
    """The sources in a YAML text; ``name`` is what errors call it. Raises :class:`SourcesError`, all errors at once."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        duplicates = [f"{name}:{line}: {key!r} is given twice" for key, line in _twice(node)]
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourcesError([f"{name}:{mark.line + 1 if mark else 1}: not YAML: {error.problem}"]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise SourcesError([f"{name}:1: not YAML: {error}"]) from None
    except ValueError as error:  # what looks like a date or a number and is none
        raise SourcesError([f"{name}:{_unread(node)}: not YAML: {error}; put it in quotes if it is a text"]) from None
    if duplicates:
        raise SourcesError(duplicates)
    if value is None:
        raise SourcesError([f"{name}:1: the file is empty; it needs sources: with at least one source"])
    if not isinstance(value, dict | list):
        raise SourcesError([f"{name}:1: expected defaults: and sources:, found {type(value).__name__}"])
    try:
        return Sources.model_validate(value)
    except ValidationError as error:
        problems = dict.fromkeys(_say(name, node, isinstance(value, list), e) for e in error.errors())
        raise SourcesError(list(problems)) from None


def _say(name: str, node: yaml.Node | None, is_list: bool, error: Any) -> str:
    loc = tuple(error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    if not loc and (found := re.match(r"sources\.(\d+)\.id: ", message)):  # the check across sources
        loc, message = ("sources", int(found[1]), "id"), message[found.end() :]
    line = _line(node, loc[1:] if is_list and loc[:1] == ("sources",) else loc)
    if error["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(loc[-1]), _keys(loc), n=1)
        message = "unknown key" + (f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(_keys(loc))}")
    elif error["type"] == "missing":
        message = "is missing"
    elif error["type"] == "string_pattern_mismatch":
        message = f"{error['input']!r} does not match {error['ctx']['pattern']}"
    elif error["type"] == "literal_error":
        message = f"{error['input']!r} is not one of {error['ctx']['expected']}"
    return f"{name}:{line}: {'.'.join(map(str, loc)) or 'the file'}: {message}"


def _keys(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the mapping around ``loc`` may have."""
    model: type[BaseModel] = Sources
    nested: dict[str, type[BaseModel]] = {
        "sources": schema.Source, "defaults": schema.Defaults, "interval": schema.Interval,
        "listing": schema.Listing, "url_rules": schema.UrlRules, "expect": schema.Expect, "text": schema.TextRules,
    }  # fmt: skip
    for step in loc[:-1]:
        model = nested.get(str(step), model)
    return list(model.model_fields)


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """A node and all under it, each once, though aliases make a circle."""
    stack = [node] if node is not None else []
    visited: set[int] = set()
    while stack:
        at = stack.pop()
        if id(at) in visited:
            continue
        visited.add(id(at))
        yield at
        if isinstance(at, yaml.MappingNode):
            stack.extend(part for pair in at.value for part in pair)
        elif isinstance(at, yaml.SequenceNode):
            stack.extend(at.value)


def _twice(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Keys given twice in one mapping (YAML would silently keep the last)."""
    for at in _nodes(node):
        if isinstance(at, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in at.value:
                if isinstance(key.value, str):
                    if key.value in seen:
                        yield key.value, key.start_mark.line + 1
                    seen.add(key.value)


def _unread(node: yaml.Node | None) -> int:
    """The line of the first value that YAML takes for a date or a number and cannot read as one."""
    loader = _Loader("")
    lines = []
    for at in _nodes(node):
        if isinstance(at, yaml.ScalarNode):
            try:
                loader.construct_object(at)
            except ValueError:
                lines.append(at.start_mark.line + 1)
    return min(lines, default=1)


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line of the deepest thing on the way ``loc`` that the file has (a key's own line)."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            break
    return line
