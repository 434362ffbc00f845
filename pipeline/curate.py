"""``tocsin curate``: judgements made, written to the register and to a file that is kept in version control."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from pipeline.errors import UserError
from transforms.codec import encode_plain
from transforms.contracts import Store
from transforms.knowledge import load
from transforms.merge import curate
from transforms.merge.judgements import CorrectionError
from transforms.records import Event, Judgement

HEAD = "# Judgements of analysts on events (docs/events.md); `tocsin curate apply FILE` brings a register in line.\n"


def judge(
    store: Store, path: Path, make: Callable[[Callable[[str], Event]], Judgement], now: datetime
) -> tuple[Judgement, tuple[str, ...]]:
    """Make a judgement, apply it, and add it to the file; gives it and the ids of the events it changed.

    make: from a function that gives an event by id to the judgement. Raises UserError.
    """
    known = read_file(path)
    used: list[str] = []

    def event(id: str) -> Event:
        found = curate.live_event(store, id)
        used.append(found.id)
        return found

    try:
        judgement = make(event)
        merged = curate.apply(store, judgement, now, used)
    except (curate.JudgementError, CorrectionError) as error:
        raise UserError(str(error)) from None
    write_file(path, [*known, judgement])
    return judgement, (*merged.new, *merged.changed)


def undo(store: Store, path: Path, id: str, who: str, why: str, now: datetime) -> tuple[Judgement, tuple[str, ...]]:
    """Take a judgement of the file back, in the register too. Raises UserError."""
    known = read_file(path)
    old = next((judgement for judgement in known if judgement.id == id), None)
    if old is None:
        raise UserError(f"{id}: no judgement of {path}; its ids are the `id` of each entry")
    try:
        undone = curate.take_back(old, who, why)
        merged = curate.apply(store, undone, now)
    except curate.JudgementError as error:
        raise UserError(str(error)) from None
    write_file(path, [undone if judgement.id == id else judgement for judgement in known])
    return undone, (*merged.new, *merged.changed)


def apply_file(store: Store, path: Path, now: datetime) -> tuple[int, list[str]]:
    """Apply all judgements of a file in their order; gives how many events changed and what could not be applied."""
    if not path.exists():
        raise UserError(f"{path}: there is no such file")
    changed: set[str] = set()
    problems: list[str] = []
    for judgement in read_file(path):
        try:
            merged = curate.apply(store, judgement, now)
        except (curate.JudgementError, CorrectionError) as error:
            problems.append(str(error))
        else:
            changed |= {*merged.new, *merged.changed}
    return len(changed), problems


def read_file(path: Path) -> list[Judgement]:
    """The judgements of a file; none where it does not exist yet. Raises KnowledgeError naming file and line."""
    if not path.exists():
        return []
    return load(path, TypeAdapter(list[Judgement])) if path.read_text(encoding="utf-8").strip() else []


def write_file(path: Path, judgements: list[Judgement]) -> None:
    """Write them in order, in one step: whoever reads meanwhile sees the old or the new file, whole."""
    rows = [
        {key: value for key, value in encode_plain(judgement).items() if value not in (None, [])}
        for judgement in judgements
    ]
    text = HEAD + yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=120)
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from None
