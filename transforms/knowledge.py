"""Knowledge files: YAML beside a stage, checked against a schema, with errors that name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

# libyaml's loader is about ten times faster; wheels bring it, a source build may not.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


class KnowledgeError(ValueError):
    """A knowledge file that is not what its schema says; the message names file, line and key."""


def load(path: Path, kind: TypeAdapter[T]) -> T:
    """The content of a YAML file, validated. Raises :class:`KnowledgeError`, or OSError where it cannot be read."""
    text = path.read_text(encoding="utf-8")
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(f"{_name(path)}:{line}: not YAML: {error.problem}") from None
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise KnowledgeError(f"{_name(path)}:{_line(text, first['loc'])}: {where}: {first['msg']}") from None


def _name(path: Path) -> str:
    """The file as one finds it in the project; many stages have an ``en.yaml``."""
    root = Path(__file__).parents[1]
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name


def _line(text: str, loc: tuple[int | str, ...]) -> int:
    """The line of the deepest node on the way ``loc`` that the file has."""
    node = yaml.compose(text, Loader=_Loader)
    for step in loc:
        found = None
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == str(step)), None)
        if found is None:
            break
        node = found
    return node.start_mark.line + 1 if node is not None else 1
