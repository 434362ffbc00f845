"""``subscriptions.yaml`` read and checked, with every error named by file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from transforms.notify import schema
from transforms.notify.schema import Subscriptions

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MODELS: dict[str, type[BaseModel]] = {
    "subscriptions": schema.Subscription, "settings": schema.Settings, "mail": schema.Mail, "filter": schema.Filter,
    "channels": schema.Channel, "when": schema.When, "quiet": schema.Quiet, "cap": schema.Cap,
    "places_within": schema.Within,
}  # fmt: skip
_FORMS = {schema.IDENTIFIER: "is no id; letters, digits, dots, dashes and underscores, a letter or digit first"}
_BOUNDS = {
    "less_than_equal": "is more than", "greater_than_equal": "is less than", "less_than": "is not under",
    "greater_than": "is not over",
}  # fmt: skip


class SubscriptionsError(ValueError):
    """A subscriptions file that cannot be used; ``problems`` are lines like ``subscriptions.yaml:12: …``."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_subscriptions(path: Path) -> Subscriptions:
    """The subscriptions of a file. Raises :class:`SubscriptionsError`, also where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SubscriptionsError([f"{path}: cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError as error:
        raise SubscriptionsError([f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8"]) from None
    return parse_subscriptions(text, str(path))


def parse_subscriptions(text: str, name: str = "subscriptions.yaml") -> Subscriptions:
    """The subscriptions in a YAML text; ``name`` is what errors call it. Raises :class:`SubscriptionsError`."""
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SubscriptionsError([f"{name}:{mark.line + 1 if mark else 1}: not YAML: {error.problem}"]) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SubscriptionsError([f"{name}:1: not YAML: {error}"]) from None
    if value is None:
        return Subscriptions()
    if not isinstance(value, dict):
        problem = f"{name}:1: expected settings:, regions: and subscriptions:, found {type(value).__name__}"
        raise SubscriptionsError([problem])
    try:
        return Subscriptions.model_validate(value)
    except ValidationError as error:
        node = yaml.compose(text, Loader=_Loader)
        raise SubscriptionsError(list(dict.fromkeys(_say(name, node, loc, m) for loc, m in _problems(error)))) from None


def check_item(item: Mapping[str, object], file: Subscriptions) -> list[tuple[tuple[int | str, ...], str]]:
    """What is wrong with a subscription that is not in a file yet: the way to each mistake in it, and what it is.

    file: whose settings and regions it would have.
    """
    whole = {"settings": file.settings, "regions": file.regions, "subscriptions": [dict(item)]}
    try:
        Subscriptions.model_validate(whole)
    except ValidationError as error:
        return list(dict.fromkeys((loc[2:], message) for loc, message in _problems(error)))
    return []


def _problems(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    """The mistakes, each with the way to it. What only follows from another one is left out."""
    errors = error.errors()
    said = [e for e in errors if "literal['immediate']" not in e["loc"]] or errors  # the other choice says more
    ways = [tuple(e["loc"]) for e in said]
    inside = [
        any(len(way) > len(own) and way[: len(own)] == own for way in ways) and e["type"] == "too_short"
        for own, e in zip(ways, said, strict=True)
    ]  # of a list whose only entry is wrong, pydantic also says that it is empty
    return [_told(e) for e, follows in zip(said, inside, strict=True) if not follows]


def _told(error: Any) -> tuple[tuple[int | str, ...], str]:
    loc = tuple(error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    if not loc and (found := re.match(r"((?:\w+\.)*\w+): ", message)):  # a check across the whole file
        loc = tuple(int(step) if step.isdigit() else step for step in found[1].split("."))
        message = message[found.end() :]
    if error["type"] == "extra_forbidden":
        keys = list(_model(loc).model_fields)
        close = difflib.get_close_matches(str(error["loc"][-1]), keys, n=1)
        message = "unknown key" + (f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(keys)}")
    elif error["type"] == "missing":
        message = f"{error['loc'][-1]} is missing"
    elif error["type"] == "literal_error":
        close = difflib.get_close_matches(str(error["input"]), re.findall(r"'([^']+)'", error["ctx"]["expected"]), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        message = f"{error['input']!r} is not one of {error['ctx']['expected']}{hint}"
    elif error["type"] == "string_pattern_mismatch":
        pattern = error["ctx"]["pattern"]
        message = f"{error['input']!r} {_FORMS.get(pattern, f'does not match {pattern}')}"
    elif error["type"] == "too_short":
        message = "is empty; give at least one"
    elif error["type"] in _BOUNDS:
        message = f"{error['input']!r} {_BOUNDS[error['type']]} {next(iter(error['ctx'].values()))}"
    return loc, message


def _say(name: str, node: yaml.Node | None, loc: tuple[int | str, ...], message: str) -> str:
    line, way = _place(node, loc)
    return f"{name}:{line}: {'.'.join(map(str, way)) or 'the file'}: {message}"


def _model(loc: tuple[int | str, ...]) -> type[BaseModel]:
    model: type[BaseModel] = Subscriptions
    for step in loc[:-1]:
        model = _MODELS.get(str(step), model)
    return model


def _place(node: yaml.Node | None, loc: tuple[int | str, ...]) -> tuple[int, tuple[int | str, ...]]:
    """The line of the deepest thing on the way ``loc`` that the file has, and the way without the model's own steps."""
    line = node.start_mark.line + 1 if node is not None else 1
    way: list[int | str] = []
    for step in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode) and (
            found := next(((k, v) for k, v in node.value if k.value == str(step)), None)
        ):
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            continue  # a step of the schema, such as the branch of a choice, or a missing key
        way.append(step)
    return line, tuple(way)
