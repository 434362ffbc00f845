"""What every STIX object of ours has: an id made of what it is, who made it and when, where it is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol, cast
from uuid import UUID, uuid5

from stix2 import v21  # type: ignore[import-untyped, unused-ignore]

from transforms.codec import digest
from transforms.predictions import Json
from transforms.records import Event, Report

NAMESPACE = UUID("d1b09f2e-1cae-5f0f-8d4b-46dc5d5d95cb")
"""Tocsin's own, of https://tocsin.invalid/stix; the one that STIX reserves for observables must not be used."""
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""When what never changes (states, places, Tocsin itself) counts as made: one id has one version everywhere."""


class Stix(Protocol):
    """What is used of a stix2 object."""

    id: str
    created: datetime

    def serialize(self, pretty: bool = False) -> str: ...


def stix_id(kind: str, *parts: str | int | None) -> str:
    """The id of an object: its type, and the UUIDv5 of what identifies it."""
    return f"{kind}--{uuid5(NAMESPACE, digest([kind, *parts]))}"


def times(event: Event) -> dict[str, datetime]:
    """When an event's objects were made and last changed."""
    return {"created": event.first_seen, "modified": max(event.first_seen, event.last_changed)}


def made() -> dict[str, str]:
    """That Tocsin made it."""
    return {"created_by_ref": stix_id("identity", "tocsin")}


def references(reports: Iterable[Report]) -> list[Json]:
    """The reports as external references."""
    return [reference(report) for report in reports]


def reference(report: Report, more: str = "") -> Json:
    """A report as an external reference, with its address where that is one."""
    about = ", ".join(part for part in (report.title, (report.published or "")[:10], more) if part)
    address = {"url": report.url} if report.url.lower().startswith(("http://", "https://")) else {}
    return {"source_name": report.publisher or report.source, "description": about or report.article, **address}


def related(source: str, kind: str, target: str, when: dict[str, datetime], role: str | None = None) -> Stix:
    """How an object relates to another; role: in which role, where there are several."""
    built = v21.Relationship(
        id=stix_id("relationship", source, kind, target, role),
        **made(),
        **when,
        relationship_type=kind,
        source_ref=source,
        target_ref=target,
        description=role,
    )
    return cast(Stix, built)
