"""The schema of the weapons catalogue and of the kinds its records have."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, field_validator, model_validator

from transforms.records import Category

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Forms = Annotated[str, StringConstraints(min_length=1, max_length=600)]
Iso3Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Year = Annotated[int, Field(ge=1850, le=2100)]

CATEGORIES: Final = frozenset(get_args(Category))
LINKS: Final = ("launcher", "missile", "derived_from", "licensed_from")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(_Strict):
    """What records of a kind are counted as.

    noun: the kind's plain English name, in the singular. named: whether its records' names are those of systems, as
    against substances.
    """

    category: Category
    noun: Name
    named: bool = True


class Variant(_Strict):
    """A designation of its own within a record ("T-72B3" of the T-72)."""

    name: Name
    aliases: tuple[Name, ...] = ()


class Links(_Strict):
    """Names of records (or their variants or aliases) that this one goes with."""

    launcher: tuple[Name, ...] = ()
    missile: tuple[Name, ...] = ()
    derived_from: tuple[Name, ...] = ()
    licensed_from: tuple[Name, ...] = ()


class System(_Strict):
    """One weapon system.

    name: canonical name. aliases: what else it is called. context: those of its names that are ordinary words too, and
    count only among weapons. kind: key of kinds.yaml. category: where it is not the kind's. origin: ISO 3166-1
    alpha-3 codes (and SUN, YUG, CSK, DDR) of the states that developed or make it. years: entry into service, end of
    production. family: shared by derivatives. same_as: name of the record that is the same thing under another flag.
    """

    name: Name
    aliases: tuple[Name, ...] = ()
    context: tuple[Name, ...] = ()
    kind: Name
    category: Category | None = None
    origin: tuple[Iso3Code, ...] = Field(min_length=1)
    years: tuple[Year, ...] = Field(default=(), max_length=2)
    family: Name | None = None
    variants: tuple[Variant, ...] = ()
    same_as: Name | None = None
    links: Links = Links()

    @field_validator("variants", mode="before")
    @classmethod
    def _plain_variants(cls, value: Any) -> Any:
        return [{"name": v} if isinstance(v, str) else v for v in value] if isinstance(value, list) else value

    @model_validator(mode="after")
    def _context_is_its_own(self) -> System:
        stray = set(self.context) - set(self.names)
        if stray:
            raise ValueError(f"context {sorted(stray)} of {self.name!r} are none of its names, aliases or variants")
        if len(self.years) == 2 and self.years[0] > self.years[1]:
            raise ValueError(f"years of {self.name!r} run backwards")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is written by, canonical first, variants and their aliases last."""
        inner = [n for v in self.variants for n in (v.name, *v.aliases)]
        return (self.name, *self.aliases, *inner)


CATALOGUE: Final = TypeAdapter(list[System])
KINDS: Final = TypeAdapter(dict[str, Kind])


class Language(_Strict):
    """A file of nouns/: how goods are written in one language (notation: forms.py).

    head: which noun of a run says what the goods are. script: where it is not Latin. compounds: letters that may join
    the parts of a compound, null where the language has none; tails: what may follow a noun inside a compound.
    modifiers come before a noun, extenders after a name or noun; links ("for") tie parts to what they are for.
    """

    head: Literal["first", "last"]
    script: Literal["latin", "cyrillic", "arabic", "chinese"] = "latin"
    compounds: tuple[str, ...] | None = None
    tails: tuple[Forms, ...] = ()
    paradigms: dict[str, tuple[str, ...]] = {}
    nouns: dict[Name, tuple[Forms, ...]]
    modifiers: tuple[Forms, ...] = ()
    extenders: tuple[Forms, ...] = ()
    links: tuple[Forms, ...] = ()


Rule = Literal["accept", "military", "near", "list", "traded", "joined"]


class NounRule(_Strict):
    """How a doubtful noun is judged (head of lookalikes.yaml)."""

    rule: Rule
    against: tuple[Forms, ...] = ()


class Lookalikes(_Strict):
    """lookalikes.yaml. All but nouns and names by language."""

    phrases: dict[str, tuple[Forms, ...]]
    nouns: dict[Name, NounRule]
    names: dict[Name, tuple[Forms, ...]]
    traded: dict[str, tuple[Forms, ...]]
    counts: dict[str, tuple[Forms, ...]]
    plurals: dict[str, tuple[Forms, ...]]
    definite: dict[str, tuple[Forms, ...]]
    support: dict[str, tuple[Forms, ...]]
    bearers: dict[str, tuple[Forms, ...]]
    elsewhere: dict[str, tuple[Forms, ...]]
    against: dict[str, tuple[Forms, ...]]


GOODS: Final = TypeAdapter(dict[Category, list[Name]])
TRANSLITERATIONS: Final = TypeAdapter(dict[Name, tuple[Name, ...]])
LANGUAGE: Final = TypeAdapter(Language)
LOOKALIKES: Final = TypeAdapter(Lookalikes)
