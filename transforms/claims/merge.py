"""Drafts of the same thing become one claim; totals, parts and passing mentions do not become claims of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from transforms.claims.draft import Draft, categories_meet, key

_SUM = 0.06  # share by which parts may miss their rounded total
_HAPPENED = frozenset({"delivered", "shipped", "unspecified"})
_AHEAD = frozenset({"announced", "approved", "requested", "offered", "contracted"})


def merge(drafts: Sequence[Draft]) -> tuple[list[Draft], list[str]]:
    """The claims to keep and why others went, in the order of the text."""
    dropped: list[str] = []
    kept: list[Draft] = []
    groups: dict[tuple[str, str], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.pair, []).append(draft)
    for group in groups.values():
        kept += _settle(_one_pair(group, dropped), dropped)
    kept = _named(kept, dropped)
    known = [d for d in kept if "?" not in d.pair]
    for draft in list(kept):
        side = next((i for i in (0, 1) if draft.pair[i] != "?" and draft.pair[1 - i] == "?"), None)
        cargo = draft.match.trigger.sort in ("carry", "bound") and bool(known)
        if side is not None and (
            cargo or any(d.pair[side] == draft.pair[side] and categories_meet(d, draft) for d in known)
        ):
            kept.remove(draft)
            dropped.append(f"{draft.start}: the other side is told elsewhere")
    return sorted(kept, key=lambda d: (d.start, d.end)), dropped


def _named(kept: list[Draft], dropped: list[str]) -> list[Draft]:
    """Without "aid packages" of which nothing is told, where the same supplier's text tells of goods or sums."""
    full = {d.pair[0] for d in kept if d.categories or d.money or d.amount}
    out = []
    for draft in kept:
        empty = not (draft.goods or draft.money or draft.amount) and draft.match.trigger.implied
        if empty and draft.pair[0] in full:
            dropped.append(f"{draft.start}: aid of which nothing is told")
        else:
            out.append(draft)
    return out


def _one_pair(group: list[Draft], dropped: list[str]) -> list[Draft]:
    out: list[Draft] = []
    for draft in sorted(group, key=_rank):
        other = next((o for o in out if _same(o, draft)), None)
        if other is None:
            out.append(draft)
        else:
            _absorb(other, draft)
            dropped.append(f"{draft.start}: told again of {'>'.join(draft.pair)} ({draft.stage})")
    return out


def _rank(d: Draft) -> tuple[bool, int, bool, int, int, int]:
    """The fuller draft comes first: what it counts, what it names, whether its sides were told."""
    told = (d.amount is not None) + (d.money is not None)
    return (d.only_denied, -told if d.categories or d.money else 0, d.headline, -bool(d.categories), d.filled, d.start)


def _same(a: Draft, b: Draft) -> bool:
    """Whether two drafts of one pair tell of the same lot."""
    if a.stage != b.stage and not {a.stage, b.stage} <= _HAPPENED:
        return False
    if a.money and b.money and (a.money.amount, a.money.currency) != (b.money.amount, b.money.currency):
        return False
    if bool(a.money) != bool(b.money) and (a.amount or b.amount) and a.sentence != b.sentence:
        return False
    if a.only_denied != b.only_denied and a.asserters and b.asserters:
        return False
    if a.amount and b.amount and a.date and b.date and a.date[:4] != b.date[:4]:
        return False
    kinds, others = a.categories, b.categories
    if not kinds or not others:
        return True
    if kinds & others:
        named = {w.value for w in a.weapons if w.named}, {w.value for w in b.weapons if w.named}
        return not (named[0] and named[1] and not named[0] & named[1])
    return bool(
        ({"missile"} & kinds and {"VII", "air_defence"} & others)
        or ({"missile"} & others and {"VII", "air_defence"} & kinds)
    )


def _absorb(kept: Draft, other: Draft) -> None:
    """Take from a repeated telling what the fuller one lacks."""
    known = {w.value for w in kept.weapons}
    if not kept.categories:
        kept.goods = [*kept.goods, *[u for u in other.goods if u not in kept.goods]]
    elif other.categories and other.categories <= kept.categories:
        fresh = [u for u in other.goods if u.goods and any(w.value not in known and w.named for w in u.goods.weapons)]
        kept.goods = [*kept.goods, *fresh]
    kept.amount = kept.amount or other.amount
    kept.money = kept.money or other.money
    kept.date = kept.date or other.date
    for voice in other.asserters:
        if not any((v.name, v.iso3) == (voice.name, voice.iso3) for v in kept.asserters):
            kept.asserters.append(voice)
    for voice in other.deniers:
        if not any((v.name, v.iso3) == (voice.name, voice.iso3) for v in kept.deniers):
            kept.deniers.append(voice)
    kept.hedged = kept.hedged and other.hedged
    kept.only_denied = kept.only_denied and other.only_denied
    kept.official = kept.official or other.official
    kept.places += [p for p in other.places if p.text not in {q.text for q in kept.places}]
    kept.transit += [t for t in other.transit if key(t) not in {key(q) for q in kept.transit}]


def _settle(group: list[Draft], dropped: list[str]) -> list[Draft]:
    """Within one pair: drop totals whose parts are told, and bare mentions beside fuller claims."""
    out = [d for d in group if not _is_total(d, group)]
    dropped += [f"{d.start}: a total whose parts are told" for d in group if d not in out]
    full = [d for d in out if d.categories or d.money]
    for draft in list(out):
        bare = not draft.categories and draft.money is None and draft.amount is None
        rival = [d for d in full if d is not draft and draft.stage not in ("refused", "seized")]
        if bare and rival:
            out.remove(draft)
            for other in rival:
                for voice in draft.deniers:
                    if not any(v.iso3 == voice.iso3 for v in other.deniers) and other.stage in _HAPPENED | {"in_use"}:
                        other.deniers.append(voice)
            dropped.append(f"{draft.start}: nothing beyond the fuller claim of {'>'.join(draft.pair)}")
    return out


def _is_total(draft: Draft, group: Sequence[Draft]) -> bool:
    if draft.money is None:
        return False
    whole = draft.money.amount
    parts = [d.money.amount for d in group if d is not draft and d.money and d.money.currency == draft.money.currency]
    return any(
        abs(sum(some) - whole) <= _SUM * whole
        for n in (2, 3) for some in combinations(parts[:8], n) if len(some) == n
    )  # fmt: skip
