"""What ``subscriptions.yaml`` may say: who is alerted to what, when, and by which channels.

The defaults here are the reasons beside the numbers. ``docs/alerts.md`` explains every key with an example.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from functools import cached_property
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from transforms.codec import digest
from transforms.notify import names
from transforms.records import Category, PlaceRole, Reliability, Stage, Standing
from transforms.search.names import UnknownName, family, party, weapon
from transforms.sources.schema import Seconds, Zone

Kind = Literal[
    "new_event", "new_claim", "stage", "standing", "quantity", "value", "denial", "place", "weapon", "date", "embargo",
    "merged", "parent", "review", "withdrawn",
]  # fmt: skip
"""What can be heard of: the kinds of change that the register numbers (:class:`transforms.records.Change`)."""

ChannelKind = Literal["mail", "webhook", "atom", "apprise"]
IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.?[^\s@<>,;\"]*")
_CARRIER = re.compile(r"\d{7}|(?=.*[-\d])[A-Z0-9]{1,3}-?[A-Z0-9]{2,6}")
# Apprise's own generic HTTP services would send unsigned and past the address guard.
_UNGUARDED = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})


def _time(value: object) -> object:
    """``"07:30"``; also what YAML makes of an unquoted 22:00, a number of minutes."""
    if isinstance(value, time):
        return value
    if isinstance(value, int) and 60 <= value < 1440:
        return time(value // 60, value % 60)
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", value.strip()) if isinstance(value, str) else None
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return time(int(match[1]), int(match[2]))
    raise ValueError(f"{value!r} is no time of day; write it as 07:30")


def _several(value: object) -> object:
    """One value may stand without a list around it."""
    return [value] if isinstance(value, str | Mapping) else value


def _party(value: str) -> str:
    """The key of a party by any of its names; a group stays as it is, for the file may define it.

    Raises ValueError saying what is like it: a filter that names nobody would be silent for ever."""
    return value if value.startswith("@") or value in names.states() else party(value).values[0]


PartyName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_party)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
Parties = Annotated[tuple[PartyName, ...], BeforeValidator(_several)]
Names = Annotated[tuple[str, ...], BeforeValidator(_several)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Within(_Model):
    """A circle on the globe: WGS 84 degrees, km. roles: what the place must be to the transfer (any, for none)."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    km: float = Field(gt=0, le=20040)
    roles: Annotated[tuple[PlaceRole, ...], BeforeValidator(_several)] = ()


class Filter(_Model):
    """Which events: all that is given must hold; of a list, one. What is not given is not asked about.

    supplier, recipient, either: a state (ISO 3166-1 alpha-3, or a name in any language), an actor of the catalogue,
        ``unknown``, or ``@group`` of states. The recipient may also be the end user. weapon, family: what the
        catalogue knows by any of its names; a weapon's variants, and what it is called under another flag, too.
    minimum_reliability: the best source is at least that good (Admiralty A–F). review: None is all but rejected.
    embargo: whether one touches a party at the event's date (an uncontested one).
    carrier: IMO numbers or registrations. languages: of any report. words: any of them in a quoted evidence.
    """

    supplier: Parties = ()
    recipient: Parties = ()
    either: Parties = ()
    weapon: Names = ()
    family: Names = ()
    category: Annotated[tuple[Category, ...], BeforeValidator(_several)] = ()
    stage: Annotated[tuple[Stage, ...], BeforeValidator(_several)] = ()
    standing: Annotated[tuple[Standing, ...], BeforeValidator(_several)] = ()
    embargo: bool | None = None
    places_within: Annotated[tuple[Within, ...], BeforeValidator(_several)] = ()
    minimum_confidence: float = Field(default=0.0, ge=0, le=1)
    minimum_origins: int = Field(default=0, ge=0)
    minimum_reliability: Reliability = "F"
    review: Annotated[tuple[Literal["unreviewed", "confirmed", "rejected"], ...] | None, BeforeValidator(_several)] = (
        None
    )
    carrier: Names = ()
    languages: Names = ()
    words: Names = ()

    @field_validator("carrier")
    @classmethod
    def _carriers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        plain = tuple(re.sub(r"^IMO\s*", "", item.upper()) for item in value)
        for item in plain:
            if not _CARRIER.fullmatch(item):
                raise ValueError(f"{item!r} is no IMO number (seven digits) and no aircraft registration")
        return plain

    @field_validator("languages")
    @classmethod
    def _languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            if not re.fullmatch(r"[a-z]{2,3}", item):
                raise ValueError(f"{item!r} is no ISO 639-1 language; write en, ru, ar …")
        return value

    @field_validator("words", "weapon", "family")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.search(r"\w", item) for item in value):
            raise ValueError("has an entry without a letter or digit")
        return value

    @field_validator("weapon")
    @classmethod
    def _weapons(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            try:
                weapon(item)
            except UnknownName as error:
                raise ValueError(f"{error} (words: looks for a name that no catalogue has)") from None
        return value

    @field_validator("family")
    @classmethod
    def _families(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            family(item)
        return value


class Channel(_Model):
    """One way to a person. Exactly one of mail, webhook, atom and apprise is given.

    name: by which deliveries are remembered; without one it is the kind (``mail``, ``mail-2`` …).
    mail: one address; what sends it is the file's ``settings.mail``. webhook: an https address that gets signed JSON.
    secret_env: the environment variable with the webhook's secret. allow_private: the webhook may be on a private
    address. atom: file of the feed, relative to the subscriptions file. apprise: an Apprise URL; ``${NAME}`` in it is
    taken from the environment, so that no secret stands in the file.
    """

    name: Identifier | None = None
    mail: str | None = None
    webhook: str | None = None
    secret_env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    allow_private: bool = False
    atom: str | None = None
    apprise: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        """``mailto:a@b.org``, ``atom:feeds/x.xml`` or an Apprise URL as one text."""
        if not isinstance(value, str):
            return value
        scheme, colon, rest = value.strip().partition(":")
        if scheme.lower() in {"mailto", "mail"} and colon:
            return {"mail": rest.removeprefix("//")}
        if scheme.lower() == "atom" and colon:
            return {"atom": rest}
        if scheme.lower() in {"http", "https"}:
            raise ValueError("a webhook needs its secret: write {webhook: https://…, secret_env: NAME_OF_THE_VARIABLE}")
        if not rest.startswith("//"):
            raise ValueError(f"{value!r} is no channel; write mailto:somebody@example.org, atom:FILE or an Apprise URL")
        return {"apprise": value}

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [kind for kind in ("mail", "webhook", "atom", "apprise") if getattr(self, kind)]
        if len(given) != 1:
            raise ValueError("a channel is one of mail, webhook, atom, apprise" + (f", not {given}" if given else ""))
        if self.mail and not _ADDRESS.fullmatch(self.mail):
            raise ValueError(f"{self.mail!r} is no mail address; one address a channel, several channels for several")
        if self.webhook:
            self._check_webhook(self.webhook)
        if self.atom and (self.atom.startswith(("/", "~")) or ".." in self.atom.split("/")):
            raise ValueError("atom: is a file below the folder of the subscriptions file")
        scheme = (self.apprise or "").partition(":")[0].lower()
        if scheme in _UNGUARDED:
            raise ValueError(f"{scheme}:// would send unsigned to any address; write webhook: with secret_env:")
        if scheme in {"mailto", "mailtos"}:
            raise ValueError("mail goes by mail: ADDRESS and settings.mail, so that it can thread and unsubscribe")
        return self

    def _check_webhook(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise ValueError(f"{url!r} is no address ({error})") from None
        if parts.scheme.lower() not in ({"https", "http"} if self.allow_private else {"https"}) or not host:
            raise ValueError(f"{url!r}: a webhook is an https:// address (http:// only with allow_private: true)")
        if parts.username or parts.password:
            raise ValueError("a name or password in an address would end up in logs; the signature identifies Tocsin")
        if not self.secret_env:
            raise ValueError("a webhook needs secret_env: the environment variable that holds its secret")

    @property
    def kind(self) -> ChannelKind:
        """Which of the four it is."""
        for kind in ("mail", "webhook", "atom"):
            if getattr(self, kind):
                return kind
        return "apprise"

    @cached_property
    def fingerprint(self) -> str:
        """Tells this receiver from one configured later under the same name; shows no secret."""
        return digest([self.kind, self.mail, self.webhook, self.atom, self.apprise])


class When(_Model):
    """Digest windows. at: local time of day (daily, weekly); day: of weekly. Hourly ones go out at the full hour."""

    digest: Literal["hourly", "daily", "weekly"]
    at: TimeOfDay = time(7, 30)
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    zone: Zone = "UTC"

    @property
    def weekday(self) -> int:
        """The day of a weekly digest, Monday 0."""
        return _DAYS.index(self.day)


class Quiet(_Model):
    """Local hours in which nothing is sent; ``from`` may be later than ``to`` (over midnight)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    zone: Zone = "UTC"

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.start == self.to:
            raise ValueError("quiet hours from and to the same time would be no hours or all")
        return self


class Cap(_Model):
    """At most so many single messages a window, by each channel; the rest comes as one summary at the window's end.

    Twenty an hour is what a person still reads; a restart after an outage or a burst of copies exceeds it.
    """

    messages: int = Field(default=20, ge=1, le=1000)
    per: Seconds = Field(default=3600, ge=60)


class Subscription(_Model):
    """Who is alerted to what. id: never changes. who: for people. throttle: least seconds between two messages about
    one event (what comes meanwhile is told together). enabled: false stops it at once and keeps it listed."""

    id: Identifier
    who: str = Field(default="", max_length=300)
    channels: Annotated[tuple[Channel, ...], BeforeValidator(_several)] = Field(min_length=1)
    filter: Filter = Filter()
    hear: Annotated[tuple[Kind, ...], BeforeValidator(_several)] = Field(
        default=("new_event", "stage", "standing", "denial"), min_length=1
    )
    when: Literal["immediate"] | When = "immediate"
    quiet: Quiet | None = None
    throttle: Seconds = Field(default=0, ge=0)
    cap: Cap = Cap()
    enabled: bool = True

    @field_validator("when", mode="before")
    @classmethod
    def _when(cls, value: object) -> object:
        """``when: daily`` for ``when: {digest: daily}``."""
        if isinstance(value, str) and value != "immediate":
            return {"digest": value}
        return value

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        given = [channel.name for channel in self.channels if channel.name]
        if len(set(given)) != len(given):
            raise ValueError("two channels have the same name")
        return self

    @cached_property
    def by_channel(self) -> dict[str, Channel]:
        """The channels by name; one without a name goes by its kind, numbered from the second."""
        found: dict[str, Channel] = {}
        taken = {channel.name for channel in self.channels}
        for channel in self.channels:
            name, n = channel.name or channel.kind, 1
            while not channel.name and (name in found or name in taken):
                n += 1
                name = f"{channel.kind}-{n}"
            found[name] = channel
        return found


class Mail(_Model):
    """The mail server. password_env: the environment variable with the password. ca_file: of a private authority."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_env: str | None = None
    sender: str = Field(alias="from")
    unsubscribe: str | None = None
    ca_file: str | None = None

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        if not _ADDRESS.search(value) or "\n" in value or "\r" in value:
            raise ValueError(f"{value!r} names no mail address; write Tocsin <tocsin@example.org>")
        return value

    @field_validator("unsubscribe")
    @classmethod
    def _unsubscribe(cls, value: str | None) -> str | None:
        if value and (not value.startswith(("mailto:", "https://")) or re.search(r"[\s<>]", value)):
            raise ValueError("write mailto:ADDRESS or an https:// address")
        return value


class Settings(_Model):
    """What all subscriptions share. link: where an event can be looked up; ``{event}`` in it is the event's id."""

    mail: Mail | None = None
    link: str | None = Field(default=None, pattern=r"^https?://[^\s\"'<>]+$")


class Subscriptions(_Model):
    """The whole file."""

    settings: Settings = Settings()
    regions: dict[Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")], tuple[PartyName, ...]] = {}
    subscriptions: tuple[Subscription, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if item is not None}
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        seen: dict[str, int] = {}
        for index, subscription in enumerate(self.subscriptions):
            where = f"subscriptions.{index}"
            if subscription.id in seen:
                first = seen[subscription.id] + 1
                raise ValueError(f"{where}.id: {subscription.id!r} is already the id of subscription {first}")
            seen[subscription.id] = index
            for side in ("supplier", "recipient", "either"):
                for item in getattr(subscription.filter, side):
                    if item.startswith("@") and item[1:] not in self.regions and item[1:] not in names.regions():
                        known = ", ".join(sorted({*names.regions(), *self.regions}))
                        raise ValueError(f"{where}.filter.{side}: no group {item}; known are {known}")
            if self.settings.mail is None and any(channel.mail for channel in subscription.channels):
                raise ValueError(f"{where}.channels: mail needs settings.mail: the server that sends it")
        return self

    @cached_property
    def by_id(self) -> dict[str, Subscription]:
        """The subscriptions by id."""
        return {subscription.id: subscription for subscription in self.subscriptions}

    def members(self, parties: tuple[str, ...]) -> frozenset[str]:
        """Party keys that a filter's list names, its groups resolved."""
        found: set[str] = set()
        for item in parties:
            if item.startswith("@"):
                found.update(self.regions.get(item[1:], names.regions().get(item[1:], frozenset())))
            else:
                found.add(item)
        return frozenset(found)
