"""What adjectives, possessives and organs of state belong to: goods, a ship, a port, a people, or the state itself."""

from __future__ import annotations

from transforms.claims.frames import Language
from transforms.claims.model import Party, Unit

_FILLER = 3  # words that may stand between an adjective and its noun


def attach_heads(units: list[Unit], language: Language) -> list[Unit]:
    """Decide each party's head, draw organs' names into their party's unit, and note where goods come from."""
    _seats(units, language)
    out = _heads(units, language)
    _made_after(out, language)
    return out


def _heads(units: list[Unit], language: Language) -> list[Unit]:
    """Decide what adjectives and possessives belong to, and draw an organ's name into its party's unit."""
    attributive = set(language.words.attributive)
    i = 0
    while i < len(units):
        party = units[i].party
        if party is None or party.sort in ("leader",):
            i += 1
            continue
        if units[i].low in attributive:
            party.adjective = True
        nxt = units[i + 1] if i + 1 < len(units) else None
        if nxt is not None and (
            nxt.low == "'s" or (nxt.low == "'" and units[i].low.endswith("s") and nxt.start == units[i].end)
        ):
            party.possessive = True
        if language.grammar.after and _head_before(units, i, party):
            i += 1
            continue
        if party.sort == "state" and not party.adjective and not party.possessive and _organ_of(units, i, language):
            party.head = "organ"
            i += 1
            continue
        _head_after(units, i, party, language)
        i += 1
    return [unit for unit in units if unit.end > unit.start and unit.low != "\0"]


def _organ_of(units: list[Unit], i: int, language: Language) -> bool:
    """Draw "the government of" into the state's unit."""
    j, linked = i - 1, False
    while j >= 0 and i - j <= 3 and units[j].kind == "word" and "organ" not in units[j].classes:
        hit = language.markers.at([units[j].low], 0)
        linked = linked or (hit is not None and hit[1] == "of")
        if (hit is not None and hit[1] != "of") or len(units[j].low) > 3:
            return False
        j -= 1
    if not linked or j < 0 or "organ" not in units[j].classes or units[j].kind != "word":
        return False
    units[i].classes |= units[j].classes
    while j and "organ_part" in units[j - 1].classes:
        j -= 1
    units[i].start = units[j].start
    for drawn in units[j:i]:
        drawn.low, drawn.classes = "\0", frozenset()
    return True


def _seats(units: list[Unit], language: Language) -> None:
    """ "the government in Tripoli": whoever rules from a place is the state of that place."""
    for i, unit in enumerate(units[2:], 2):
        linked = language.markers.at([units[i - 1].low], 0)
        if unit.place is None or unit.place.country is None or "ruler" not in units[i - 2].classes:
            continue
        if linked is not None and linked[1] in ("of", "away", "inside"):
            unit.kind = "party"
            unit.party = Party("state", unit.place.country, None, unit.place.text, unit.place.country, head="organ")


def _head_after(units: list[Unit], i: int, party: Party, language: Language) -> None:
    """English order: "Iranian drones", "the Ukrainian military", "Russian cargo vessels", "Iran's envoy"."""
    if not (party.adjective or party.possessive or party.sort == "state"):
        return
    j, filler = i + 1 + (1 if party.possessive else 0), 0
    short = units[i].low in language.words.attributive
    limit = _FILLER if (party.adjective or party.possessive) else 0
    if party.adjective and _verb_next(units, j, language):
        return  # "the French supplied Iraq with"
    while j < len(units):
        unit = units[j]
        trade = any(u.kind == "word" and "organ" in u.classes for u in units[j + 1 : j + 3])
        if unit.kind == "goods" and unit.goods is not None and trade and (party.adjective or party.possessive):
            j += 1  # "Chinese arms firms"
            continue
        if unit.kind == "goods" and unit.goods is not None:
            if party.adjective:
                party.head = "goods"
                unit.goods.origin = unit.goods.origin or party
            elif party.possessive:
                party.head = "goods"
            return
        if unit.low == "-" and not unit.classes and unit.start == units[i].end and j == i + 1:
            verb = j + 1 < len(units) and language.triggers.at([units[j + 1].low], 0) is not None
            party.head = "self" if verb else "other"
            return
        if unit.party is not None and unit.party.sort in ("group", "company", "broker") and party.adjective:
            party.head = "other"
            return
        if unit.classes & {"made", "made_part"}:
            party.adjective, party.head = True, "goods"
            if "made" in unit.classes and unit.low != "-":
                _last_goods(units, i, party)
            j += 1
            continue
        if unit.kind == "party" and unit.party is not None and unit.party.sort in ("leader", "institution", "company"):
            party.head = "organ" if unit.party.iso3 == party.iso3 else "other"
            return
        if unit.kind != "word" or unit.classes & {"conjunction", "breaker"} or not unit.low[0].isalnum():
            break
        if "organ" in unit.classes and _act_next(units, j, language):
            return  # "American military aid"
        for tag, head in (("organ", "organ"), ("vessel", "vessel"), ("port", "port"), ("people", "people")):
            if tag in unit.classes:
                party.head = head  # type: ignore[assignment]
                if head == "organ":
                    _absorb(units, i, j)
                return
        if any(tag.endswith("_part") for tag in unit.classes):
            j += 1
            continue
        if unit.classes & {"passive", "perfect", "negation", "relative"}:
            filler += not (filler or short)
            break
        if filler == 0 and not party.possessive and language.markers.at([unit.low], 0) is not None:
            break
        filler += 1
        if filler > limit:
            break
        j += 1
    if party.possessive or (party.adjective and filler and not short):
        party.head = "other"


def _made_after(units: list[Unit], language: Language) -> None:
    """ "missiles manufactured in Iran": the state after such words is the origin of the goods before them."""
    for i, unit in enumerate(units):
        if "made" not in unit.classes:
            continue
        maker = next((u.party for u in units[i + 1 : i + 5] if u.party is not None), None)
        goods = next((u.goods for u in reversed(units[max(0, i - 6) : i]) if u.goods is not None), None)
        if maker is not None and goods is not None and maker.iso3 and unit.low not in ("-",):
            goods.origin = goods.origin or maker
            maker.head = "goods"


def _verb_next(units: list[Unit], j: int, language: Language) -> bool:
    if j >= len(units) or units[j].classes or units[j].kind != "word":
        return False
    hit = language.triggers.at([unit.low for unit in units[j : j + 3]], 0)
    return hit is not None and all(trigger.voice in ("active", "participle") for trigger in hit[1])


def _act_next(units: list[Unit], j: int, language: Language) -> bool:
    """Whether a noun of the act of several words begins here."""
    hit = language.triggers.at([unit.low for unit in units[j : j + 4]], 0)
    return hit is not None and hit[0] > 1 and any(trigger.voice == "noun" for trigger in hit[1])


def _last_goods(units: list[Unit], i: int, party: Party) -> None:
    """The goods before "of Chinese make" are of that origin."""
    for unit in reversed(units[max(0, i - 4) : i]):
        if unit.goods is not None:
            unit.goods.origin = unit.goods.origin or party
            return


def _absorb(units: list[Unit], i: int, j: int) -> None:
    """Make units ``i..j`` one party unit; what is drawn in is emptied and dropped by the caller."""
    units[i].end = units[j].end
    units[i].classes |= units[j].classes
    units[i].low = " ".join(unit.low for unit in units[i : j + 1])
    for unit in units[i + 1 : j + 1]:
        unit.low, unit.kind = "\0", "word"
        unit.classes = frozenset()


def _head_before(units: list[Unit], i: int, party: Party) -> bool:
    """Romance order: "l'armée arménienne", "missiles iraniens", "port turc"."""
    if not party.adjective:
        return False
    for j in range(i - 1, max(-1, i - 3), -1):
        unit = units[j]
        if unit.kind == "goods" and unit.goods is not None:
            party.head = "goods"
            unit.goods.origin = unit.goods.origin or party
            return True
        if unit.kind != "word" or unit.classes & {"conjunction", "breaker"}:
            return False
        for tag in ("organ", "vessel", "port", "people"):
            if tag in unit.classes:
                party.head = tag
                if tag == "organ":
                    while j and "organ_part" in units[j - 1].classes:
                        j -= 1
                    units[i].start = units[j].start
                    units[i].classes |= unit.classes
                    for drawn in units[j:i]:
                        drawn.low, drawn.classes = "\0", frozenset()
                return True
    return False
