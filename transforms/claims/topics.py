"""What a text is about where it stops naming it: the state of a heading, the buyer whose suppliers are then told."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.claims.match import is_party
from transforms.claims.model import Party, Sentence, Unit
from transforms.claims.tags import Tags

_HEADINGS = 3  # headings kept: of a list, its section, and the text
_LEAD = 3  # sentences among which a text says for whom its deliveries are
_LABEL = 1  # words of a heading besides the state
_FAR = 4  # sentences over which a buyer stays the topic


@dataclass(slots=True)
class Topics:
    """headings: states that headings name, the last first. label: of the item of a list, with its paragraph.

    lead: for whom something is by the first sentences, where they name one only.
    buyer: who buys, by the last sentence that says so, with its sentence and paragraph.
    """

    headings: list[Party] = field(default_factory=list)
    label: tuple[Party, int] | None = None
    buyer: tuple[Party, int, int] | None = None
    lead: Party | None = None

    def take(self, s: Sentence, tags: Tags) -> None:
        """Read one sentence, after its own claims."""
        heading, label = _heading(s, tags), _label(s)
        if label is not None:
            self.label = (label, s.paragraph)
        elif heading is not None:
            self.headings = [heading, *[h for h in self.headings if h.key != heading.key]][:_HEADINGS]
        if s.index < _LEAD and self.lead is None:
            given = [u.party for i, u in enumerate(s.units) if is_party(u) and tags.governed(i) == "to" and u.party]
            states = {p.key: p for p in given if p.sort == "state"}
            self.lead = next(iter(states.values())) if len(states) == 1 else None
        buyer = _buyer(s, tags)
        if buyer is not None:
            self.buyer = (buyer, s.index, s.paragraph)

    def heading(self, s: Sentence, not_these: set[str]) -> Party | None:
        """The state that the item or its heading names."""
        label = self._item(s)
        found = [label] if label is not None else self.headings[:1]
        return next((p for p in found if p.key not in not_these), None)

    def _item(self, s: Sentence) -> Party | None:
        """The label of the item that a sentence belongs to."""
        told = self.label[0] if self.label is not None and self.label[1] == s.paragraph else None
        return _label(s) or told

    def recipient(self, s: Sentence, not_these: set[str]) -> Party | None:
        """Whom goods of a sentence that names no recipient went to; None where the text is about nobody."""
        own = self._item(s)
        found = [*([own] if own is not None else []), *self.headings]
        if self.buyer is not None:
            party, at, paragraph = self.buyer
            if s.index - at <= _FAR and s.paragraph - paragraph <= 1:
                found.insert(0, party)
        return next((p for p in found if p.key not in not_these), None)


def _states(units: list[Unit]) -> list[Party]:
    return [u.party for u in units if u.party is not None and u.party.sort == "state"]


def _heading(s: Sentence, tags: Tags) -> Party | None:
    """The one state of a line that is no sentence: "2. India", "**Senegal.**", "What Croatia bought"."""
    words = [u for u in s.units if u.kind == "word" and u.low[:1].isalpha()]
    states = _states(s.units)
    other = any(u.kind in ("goods", "count", "money", "date", "place") for u in s.units)
    short = len(words) <= _LABEL and not other and not tags.triggers and not tags.speech and not tags.denial
    verbal = any(u.classes & {"passive", "perfect", "negation"} for u in words)
    return states[0] if short and not verbal and len({p.key for p in states}) == 1 else None


def _label(s: Sentence) -> Party | None:
    """The state that an item of a list begins with: "- **Belarus** — ten launchers …", "Peru: 24 jets …"."""
    at = next((i for i, u in enumerate(s.units[:6]) if u.party is not None), None)
    if at is None or any(u.low[:1].isalpha() for u in s.units[:at]):
        return None
    rest = [u.low for u in s.units[at + 1 : at + 4]]
    party = s.units[at].party
    set_off = bool(rest) and (rest[0] in (":", "—", "–") or (rest[0] in ("-", ".") and len(rest) > 1))
    return party if set_off and party is not None and party.sort == "state" and not party.adjective else None


def _buyer(s: Sentence, tags: Tags) -> Party | None:
    """The subject of a sentence on purchases or suppliers: "Abuja has spread its orders"."""
    at = next((i for i, u in enumerate(s.units) if u.party is not None), None)
    if at is None:
        return None
    for a, _, trigger in tags.triggers:
        owner = next((u.party for u in s.units[max(0, a - 5) : a] if u.party is not None and u.party.possessive), None)
        if trigger.agent and owner is not None:  # "Russia is Algeria's largest supplier"
            return Party(owner.sort, owner.iso3, owner.actor, owner.name, owner.host)
    unit = s.units[at]
    party = unit.party
    if party is None or party.sort not in ("state", "institution") or tags.governed(at) is not None:
        return None
    if not (is_party(unit) or party.head in ("organ", "other") or party.possessive):
        return None
    takes = any(t.agent or (t.sort == "take" and t.stage != "requested") for a, _, t in tags.triggers if a > at)
    return Party(party.sort, party.iso3, party.actor, party.name, party.host) if takes else None
