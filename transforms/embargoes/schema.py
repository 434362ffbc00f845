"""What a row of the embargo files must be; wrong ones are named with file, line and key."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from transforms.knowledge import load
from transforms.records import Category

DATA = Path(__file__).with_name("data")
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Body = Literal["UN", "EU", "OSCE", "ECOWAS", "LAS"]


class Embargo(BaseModel):
    """One interval of one instrument against one target; data/un.yaml explains the keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body: Body = "UN"
    instrument: Text
    target: Text
    states: tuple[Code, ...] = ()
    actors: tuple[Identifier, ...] = ()
    direction: Literal["to", "from", "both"]
    start: date
    end: date | None = None
    categories: tuple[Category, ...] = ()
    scope: Text | None = None
    exemptions: Text | None = None
    contested: bool = False
    sure: bool = True
    source: Text

    @model_validator(mode="after")
    def _sound(self) -> Embargo:
        if not self.states and not self.actors:
            raise ValueError("names neither states nor actors: whom does it target?")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it starts on {self.start}")
        return self


class Membership(BaseModel):
    """States that were members of a body over an interval."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    states: tuple[Code, ...]
    since: date = Field(default=date.min, alias="from")
    until: date = Field(default=date.max, alias="to")


@cache
def rows() -> tuple[Embargo, ...]:
    """All rows, the Security Council's first. Raises KnowledgeError."""
    kind = TypeAdapter(list[Embargo])
    return tuple(row for name in ("un", "regional") for row in load(DATA / f"{name}.yaml", kind))


@cache
def members() -> dict[str, tuple[Membership, ...]]:
    """Memberships by body. Raises KnowledgeError."""
    return load(DATA / "members.yaml", TypeAdapter(dict[str, tuple[Membership, ...]]))
