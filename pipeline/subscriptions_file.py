"""``subscriptions.yaml`` edited in place: what is not touched stays as it was, to the letter, comments and all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml
from ruamel.yaml import YAML

from pipeline.errors import UserError
from transforms.notify import Subscriptions, SubscriptionsError, check_item, parse_subscriptions

_KEY = "subscriptions"
_OPTIONS = {
    "id": "the id", "channels": "--channel", "places_within": "--near", "digest": "--when", "at": "--at",
    "day": "--day", "zone": "--zone", "secret_env": "--secret-env",
}  # fmt: skip
"""What a key of a subscription is called on the command line, where that is not ``--key``."""


def read(path: Path) -> tuple[str, Subscriptions]:
    """The text of a file and what it says. Raises UserError naming file, line and key; a missing file is empty."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return "", Subscriptions()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    return text, _checked(text, path)


def add(path: Path, item: Mapping[str, object]) -> None:
    """Append a subscription. Raises UserError where it is not valid or its id is taken; the file is then unchanged."""
    text, before = read(path)
    if item["id"] in before.by_id:
        raise UserError(f"{path}: there is a subscription {item['id']!r} already; remove it first, or edit the file")
    if problems := check_item(item, before):
        told = dict.fromkeys(
            f"{_option(way)}: {message.replace('secret_env:', '--secret-env:')}" for way, message in problems
        )
        raise UserError(f"nothing was added to {path}\n" + "\n".join(told))
    _replace(path, text, _appended(text, item))


def _option(way: tuple[int | str, ...]) -> str:
    """The option that brought a value: the last step that is one's own, else the first, within ``filter`` the second.

    ``--quiet`` for the times of ``quiet``, ``--cap`` for what a cap is made of."""
    steps = [step for step in way if isinstance(step, str)]
    steps = steps[1:] if steps[:1] == ["filter"] and len(steps) > 1 else steps
    name = next((step for step in reversed(steps) if step in _OPTIONS), steps[0] if steps else "")
    return _OPTIONS.get(name, f"--{name.replace('_', '-')}")


def remove(path: Path, id: str) -> None:
    """Take a subscription out; comments around it stay. Raises UserError where the file has no such id."""
    text, before = read(path)
    if id not in before.by_id:
        known = ", ".join(before.by_id) or "none"
        raise UserError(f"{path}: no subscription has the id {id!r}; it has {known}")
    index = [subscription.id for subscription in before.subscriptions].index(id)
    _replace(path, text, _without(text, index))


def _checked(text: str, path: Path) -> Subscriptions:
    try:
        return parse_subscriptions(text, str(path))
    except SubscriptionsError as error:
        raise UserError(str(error)) from None


def _block(text: str) -> yaml.SequenceNode | None:
    """The list of subscriptions where it is written one item a line; None where lines cannot be cut out of it."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else ():
        if key.value == _KEY and isinstance(value, yaml.SequenceNode) and value.value and not value.flow_style:
            return value
    return None


def _appended(text: str, item: Mapping[str, object]) -> str:
    node = _block(text)
    if node is None:
        return _rewritten(text, item)
    indent = " " * node.start_mark.column
    dumped = yaml.safe_dump(dict(item), sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)
    first, *rest = dumped.splitlines()
    lines = text.splitlines(keepends=True)
    end = _end(node.value[-1])
    if lines and not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    new = ["\n", f"{indent}- {first}\n", *(f"{indent}  {line}\n" for line in rest)]
    return "".join([*lines[:end], *new, *lines[end:]])


def _rewritten(text: str, item: Mapping[str, object]) -> str:
    """By ruamel.yaml, which keeps comments but not every line break: for lists in brackets, empty or missing ones."""
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    editor.indent(mapping=2, sequence=4, offset=2)
    value = editor.load(text) if text.strip() else None
    if value is None:
        head = text if not text or text.endswith("\n") else f"{text}\n"
        value, out = {_KEY: [dict(item)]}, io.StringIO()
        editor.dump(value, out)
        return head + out.getvalue()
    if value.get(_KEY):
        value[_KEY].append(dict(item))
    else:
        value[_KEY] = [dict(item)]
    out = io.StringIO()
    editor.dump(value, out)
    return out.getvalue()


def _without(text: str, index: int) -> str:
    node = _block(text)
    if node is None:
        editor = YAML()
        editor.preserve_quotes = True
        editor.width = 4096
        value, out = editor.load(text), io.StringIO()
        del value[_KEY][index]
        editor.dump(value, out)
        return out.getvalue()
    lines = text.splitlines(keepends=True)
    item, column = node.value[index], node.start_mark.column
    start = item.start_mark.line
    while lines[start][column : column + 1] != "-":  # the dash may stand alone on a line above
        start -= 1
    end = _end(item)
    if start and not lines[start - 1].strip() and end < len(lines) and not lines[end].strip():
        end += 1  # one of the two blank lines that would meet
    return "".join([*lines[:start], *lines[end:]])


def _end(node: yaml.Node) -> int:
    """The line after the last of a node. A block's own end mark is after the comments that follow it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    mark = node.end_mark
    return int(mark.line) + (1 if mark.column else 0)


def _replace(path: Path, before: str, after: str) -> None:
    """Check the new text, then put it in the file's place whole. Raises UserError where somebody else was faster."""
    _checked(after, path)
    target = path.resolve()
    try:
        if (target.read_text(encoding="utf-8-sig") if target.exists() else "") != before:
            raise UserError(f"{path}: was changed meanwhile; nothing was written, try again")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, target.stat().st_mode if target.exists() else 0o644)
            os.replace(name, target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from None
