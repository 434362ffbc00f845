"""Which article an item is: the same one again, the same one edited or moved, or a new one.

An item is known by several keys, the strongest first: the UN document symbol, what the source's identity rule finds in
the address, the guid, the canonical address. Guids and addresses count only where they tell items of this feed apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from transforms.codec import digest
from transforms.poll import urls
from transforms.poll.items import Draft
from transforms.poll.memory import KEEP_GONE, MAX_GONE, Remembered, short, words
from transforms.poll.text import plain_text
from transforms.sources.schema import Source

_NUMBER = re.compile(r"(?<!\d)\d{5,15}(?!\d)")
_DATE_LIKE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2}|\d{4}|\d{6})?$")
# Half of the words of both titles: an edit keeps most of them ("seized" for "held"), two reports rarely share half.
_SAME_TITLE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A draft with its entry id, what is to be remembered of it, and how it stands against the memory."""

    draft: Draft
    remembered: Remembered
    state: str  # "new", "changed" or "known"


def identify(
    drafts: Sequence[Draft],
    source: Source,
    memory: Sequence[Remembered],
    site: str,
    now: datetime,
    unread: Collection[str] = (),
) -> tuple[list[Identified], list[Draft], list[Remembered]]:
    """Give each draft its id. ``unread``: sitemaps of the source that were not read now; what they list stays listed.

    Returns those identified, in order; those that are the same article as an earlier item of the feed; and the memory
    for the next poll (what is listed, and for some days what no longer is).
    """
    keys = _keys(drafts, source, site)
    known: dict[str, Remembered] = {}
    for item in memory:
        for key in item.keys:
            known.setdefault(key, item)
    by_id = {item.id: item for item in memory}
    found = [next((known[k] for k in ks if k in known), None) for ks in keys]
    listed = {item.id for item in found if item}
    kept = {short(part) for part in unread}
    vanished = [item for item in memory if item.id not in listed and item.part not in kept]
    if vanished and None in found:
        _match_edits(drafts, found, vanished)
    identified: list[Identified] = []
    merged: list[Draft] = []
    taken: set[str] = set()
    in_feed: dict[str, str] = {}
    for item_draft, item_keys, before in zip(drafts, keys, found, strict=True):
        id_ = before.id if before else next((in_feed[k] for k in item_keys if k in in_feed), "")
        id_ = id_ or digest([source.id, item_keys[0]])
        before = before or by_id.get(id_)
        for key in item_keys:
            in_feed.setdefault(key, id_)
        if id_ in taken:
            merged.append(item_draft)
            continue
        taken.add(id_)
        text = _text_hash(item_draft)
        # Keys it had before still lead to it: feeds go back and forth between two addresses of one article.
        all_keys = dict.fromkeys((*item_keys, *(before.keys if before else ())))
        remembered = Remembered(
            id=id_,
            keys=tuple(all_keys)[:8],
            text=text,
            published=int(item_draft.published.timestamp()) if item_draft.published else None,
            number=_number(item_draft.canonical_url),
            words=words(item_draft.title),
            part=short(item_draft.part) if item_draft.part else "",
        )
        state = "new" if before is None else "known" if before.text == text else "changed"
        identified.append(Identified(draft=item_draft, remembered=remembered, state=state))
    return identified, merged, [i.remembered for i in identified] + _gone(memory, taken, now, kept)


def _gone(memory: Sequence[Remembered], listed: set[str], now: datetime, kept: set[str]) -> list[Remembered]:
    moment = int(now.timestamp())
    still = [m for m in memory if m.part in kept and m.id not in listed and not m.gone]
    listed = listed | {m.id for m in still}
    gone = [
        Remembered(
            id=m.id, keys=m.keys, text=m.text, published=m.published, number=m.number, words=m.words,
            gone=m.gone or moment, part=m.part,
        )
        for m in memory
        if m.id not in listed and moment - (m.gone or moment) < KEEP_GONE
    ]  # fmt: skip
    return still + sorted(gone, key=lambda m: -m.gone)[:MAX_GONE]


def _keys(drafts: Sequence[Draft], source: Source, site: str) -> list[list[str]]:
    """The keys of each draft as hashes, strongest first; every draft has at least one."""
    identity = re.compile(source.url_rules.identity) if source.url_rules.identity else None
    url_keys = [urls.url_key(d.canonical_url) if d.canonical_url else "" for d in drafts]
    guids = [_guid(d.guid) for d in drafts]
    same = [f"{d.title}\n{d.published_raw}" for d in drafts]
    guid_ok = _telling(guids, lambda i: (url_keys[i], "" if url_keys[i] else same[i]))
    url_ok = _telling(url_keys, lambda i: (guids[i], same[i]))
    home = {urls.url_key(urls.canonical(u)) for u in (site, source.url) if u}
    result = []
    for index, item in enumerate(drafts):
        keys: list[str] = []
        # A feed's own front page is nobody's article, be it as link or as guid.
        url = url_keys[index] if url_keys[index] in url_ok and url_keys[index] not in home else ""
        guid = guids[index] if guids[index] in guid_ok and guids[index] not in home else ""
        symbol = urls.un_symbol(item.url) if item.url else None
        if symbol:
            keys.append(f"un:{symbol[0]}:{symbol[1]}")
        if identity and item.url and (match := identity.search(item.url)):
            keys.append(f"rule:{match[1] if match.re.groups and match[1] else match[0]}")
        if guid:
            keys.append(f"guid:{guid}")  # apart from addresses: a guid may be another item's link
        if url:
            keys.append(f"url:{url}")
        if not keys:
            date = item.published_raw or ""
            keys.append(f"text:{item.title}\n{date}\n{url_keys[index]}\n{'' if date else item.summary or item.content}")
        result.append([short(k) for k in keys])
    return result


def _guid(guid: str) -> str:
    """A guid as a key: one that is an address is compared as an address (http or https, tracking)."""
    if guid.lower().startswith(("http://", "https://")):
        return urls.url_key(urls.canonical(guid))
    return guid


def _telling(values: Sequence[str], other: Callable[[int], tuple[str, str]]) -> set[str]:
    """Those values that tell items apart: given once, or by items that are the same by another property as well."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, value in enumerate(values):
        if value:
            groups[value].append(index)
    good = set()
    for value, members in groups.items():
        first = other(members[0])
        if all((o[0] and o[0] == first[0]) or (o[1] and o[1] == first[1]) for o in map(other, members[1:])):
            good.add(value)
    return good


def _match_edits(drafts: Sequence[Draft], found: list[Remembered | None], vanished: Sequence[Remembered]) -> None:
    """Recognise an article whose address and guid both changed with its headline.

    It takes the place of one that left the feed: with the same article number in the address, the very same time of
    publication, or the same text; each only where one item on either side has it, and something else is the same, too.
    """
    numbers, times, bodies = ([""] * len(drafts) for _ in range(3))
    for index, item in enumerate(drafts):
        if found[index] is None:
            numbers[index] = _number(item.canonical_url)
            times[index] = str(int(item.published.timestamp())) if item.published else ""
            bodies[index] = _body_hash(plain_text(item.content or item.summary))
    for ours, theirs in (
        (numbers, [old.number for old in vanished]),  # the number alone may be a topic's
        (times, ["" if old.published is None else str(old.published) for old in vanished]),
        (bodies, [old.body for old in vanished]),  # the text alone may be a standing phrase
    ):
        used = {item.id for item in found if item}
        fresh = [(i, value) for i, value in enumerate(ours) if found[i] is None]
        left = [(old, value) for old, value in zip(vanished, theirs, strict=True) if old.id not in used]
        for index, old in _pairs(fresh, left):
            signs = (
                numbers[index] != "" and numbers[index] == old.number,
                times[index] != "" and times[index] == str(old.published),
                bodies[index] != "" and bodies[index] == old.body,
                _same_title(drafts[index], old),
            )
            if sum(signs) >= 2:
                found[index] = old


def _pairs(fresh: Sequence[tuple[int, str]], old: Sequence[tuple[Remembered, str]]) -> list[tuple[int, Remembered]]:
    """Pairs with the same value, where each side has it once."""
    ours, theirs = Counter(v for _, v in fresh), Counter(v for _, v in old)
    by_value = {value: item for item, value in old}
    return [(i, by_value[v]) for i, v in fresh if v and ours[v] == 1 and theirs[v] == 1]


def _number(canonical_url: str) -> str:
    """The article number in an address (five digits or more, no date) with the host, hashed; "" without exactly one."""
    host, _, path = urls.url_key(canonical_url).partition("/")
    numbers = {n for n in _NUMBER.findall(path[:1000]) if not _DATE_LIKE.match(n)}
    return short(f"{host}#{numbers.pop()}") if len(numbers) == 1 else ""


def _same_title(item: Draft, old: Remembered) -> bool:
    now = words(item.title)
    return bool(now) and len(now & old.words) >= _SAME_TITLE * len(now | old.words)


def _body_hash(body: str) -> str:
    return short(body)[:8] if len(body) >= 40 else ""


def _text_hash(item: Draft) -> str:
    """Hash of title and words (changed markup or spaces are no new revision), and after a dot that of the body."""
    summary, content = plain_text(item.summary), plain_text(item.content)
    told = "\n".join((item.title, summary, content))
    return f"{short(told)}.{_body_hash(content if item.content else summary)}"
