"""The document in hand: what its sentences leave for one another."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.attribution import Speakers
from transforms.claims.context import Context
from transforms.claims.draft import Draft
from transforms.claims.frames import Language
from transforms.claims.model import Unit
from transforms.claims.routes import Routes
from transforms.claims.stance import Denial
from transforms.claims.topics import Topics
from transforms.claims.voyage import Voyage
from transforms.recognise.context import Subject
from transforms.records import Voice


@dataclass
class Work:
    """announced: when an official act was announced. home: the state whose organs the text names without it.

    dateline: the state that a report is written from. named: the states that the text names.
    seen: goods told with their maker's state and no transfer, and who tells.
    listing: the package whose goods are being listed. boarded: the text tells of a ship that was seized or searched.
    refused: what was no claim and why, for ``tocsin explain``.
    """

    subject: Subject
    language: Language
    context: Context
    speakers: Speakers = field(default_factory=Speakers)
    voyage: Voyage = field(default_factory=Voyage)
    routes: Routes = field(default_factory=Routes)
    topics: Topics = field(default_factory=Topics)
    drafts: list[Draft] = field(default_factory=list)
    denials: list[Denial] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    announced: str | None = None
    home: str | None = None
    dateline: str | None = None
    named: set[str] = field(default_factory=set)
    boarded: bool = False
    listing: Draft | None = None
    seen: list[tuple[list[Unit], list[Voice]]] = field(default_factory=list)
