"""What STIX has no words for: the transfer itself, as a property extension of ``incident``.

The definition travels in every bundle with its JSON schema, so that a receiver needs nothing else to read it.
"""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict, Field

from transforms.notify.counted import counted
from transforms.predictions import Json
from transforms.records import Amount, Carrier, Category, Event, Money, Party, Stage, Standing, Voice

VERSION = "1.1.0"
"""A new property raises the second number, a changed or removed one the first (and the definition's id)."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Side(_Model):
    """A party: a state by ISO 3166-1 alpha-3, a non-state actor by Tocsin's id, or only a name as reported."""

    iso3: str | None = None
    actor: str | None = None
    name: str | None = None


class Thing(_Model):
    """Goods. category: UN Register of Conventional Arms I–VII, or Tocsin's own class."""

    name: str
    category: Category
    family: str | None = None


class Quantity(_Model):
    """Pieces, rounds, containers…: an exact number, or bounds. of: which goods, where reports tell."""

    number: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    approximate: bool = False
    of: list[str] | None = None


class Value(_Model):
    """Money in full units of an ISO 4217 currency; bound max is a ceiling."""

    amount: float
    currency: str
    bound: str | None = None


class Vehicle(_Model):
    """The vessel or aircraft that carried the goods."""

    kind: str
    name: str | None = None
    imo: str | None = None
    flag: str | None = None
    registration: str | None = None
    operator: str | None = None


class Speaker(_Model):
    """Who asserts or denies, and the state they speak for; ``narration`` is the report's own words."""

    name: str
    iso3: str | None = None


class Embargo(_Model):
    """An embargo in force on a party at the date: a flag with its source, not a verdict of guilt."""

    instrument: str
    target: str
    side: str
    source: str
    contested: bool = False


class Transfer(_Model):
    """One arms transfer as it is reported. stage: how far it is said to have come; standing: who stands behind that."""

    extension_type: str = "property-extension"
    event_id: str
    supplier: Side
    recipient: Side
    transit: list[Side] = []
    broker: Side | None = None
    end_user: Side | None = None
    goods: list[Thing] = []
    ordered: Quantity | None = None
    delivered: Quantity | None = None
    value: Value | None = None
    carriers: list[Vehicle] = []
    markings: list[str] = []
    stage: Stage
    standing: Standing
    asserted_by: list[Speaker] = []
    denied_by: list[Speaker] = []
    date: str | None = Field(
        default=None, description="2024-01-02, 2024-05, 2023, 2024-W28 or an interval a/b of these"
    )
    articles: int = 0
    origins: int = Field(default=0, description="independent origins among the articles")
    reliability: str = Field(description="Admiralty code of the best source, A to F")
    credibility: int = Field(description="Admiralty credibility, 1 to 6")
    embargoes: list[Embargo] = []
    review: str = "unreviewed"
    parent: str | None = Field(default=None, description="event_id of the standing flow that this is a delivery of")


def schema() -> str:
    """The JSON schema of the extension's properties."""
    return json.dumps(Transfer.model_json_schema(), sort_keys=True, separators=(",", ":"))


def transfer(event: Event) -> Json:
    """An event as the extension's properties; STIX knows neither null nor an empty list."""
    told = Transfer(
        event_id=event.id,
        supplier=_side(event.supplier),
        recipient=_side(event.recipient),
        transit=[_side(party) for party in event.transit],
        broker=_side(event.broker) if event.broker else None,
        end_user=_side(event.end_user) if event.end_user else None,
        goods=[Thing(name=goods.value, category=goods.category, family=goods.family) for goods in event.goods],
        ordered=_quantity(event, event.quantity_ordered),
        delivered=_quantity(event, event.quantity_delivered),
        value=_value(event.value),
        carriers=[_vehicle(carrier) for carrier in event.carriers],
        markings=list(event.markings),
        stage=event.stage,
        standing=event.standing,
        asserted_by=[_speaker(voice) for voice in event.asserted_by],
        denied_by=[_speaker(voice) for voice in event.denied_by],
        date=event.date,
        articles=event.articles,
        origins=event.origins,
        reliability=event.reliability,
        credibility=event.credibility,
        embargoes=[
            Embargo(
                instrument=note.instrument,
                target=note.target,
                side=note.side,
                source=note.source,
                contested=note.contested,
            )
            for note in event.embargoes
        ],
        review=event.review.state,
        parent=event.parent,
    )
    return {key: value for key, value in told.model_dump(mode="json", exclude_none=True).items() if value != []}


def _side(party: Party) -> Side:
    return Side(iso3=party.iso3, actor=party.actor, name=party.name)


def _quantity(event: Event, amount: Amount | None) -> Quantity | None:
    if amount is None:
        return None
    return Quantity(
        number=amount.number,
        minimum=amount.min,
        maximum=amount.max,
        unit=amount.unit,
        approximate=amount.approx,
        of=list(counted(event, amount)) or None,
    )


def _value(money: Money | None) -> Value | None:
    return Value(amount=money.amount, currency=money.currency, bound=money.bound) if money else None


def _vehicle(carrier: Carrier) -> Vehicle:
    return Vehicle(
        kind=carrier.kind,
        name=carrier.name,
        imo=carrier.imo,
        flag=carrier.flag,
        registration=carrier.registration,
        operator=carrier.operator,
    )


def _speaker(voice: Voice) -> Speaker:
    return Speaker(name=voice.name, iso3=voice.iso3)
