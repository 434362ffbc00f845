"""A generated corpus of stories and what becomes of them on the way: for the near-duplicate figures of ReadArticles.

Several topics (a supplier, a recipient, a kind of goods), each with different stories that share their background
paragraphs, names and stock phrases to the letter, as agencies' do; and official series, where one text is published
again and again with another sum. Each story is copied: cut, its paragraphs reordered, another headline, paragraphs put
in, words replaced, and these together. Committed before any threshold of transforms/read was tuned; nothing in it is
taken from a real article.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

_STATES = (
    "Norway Estonia Ruritania Portugal Uruguay Malaysia Kenya Morocco Chile Denmark Jordan Serbia Ghana Peru".split()
)
_GOODS = (
    "howitzers", "patrol boats", "armoured vehicles", "air defence missiles", "mortar bombs", "training aircraft",
    "coastal radars", "anti-tank launchers", "rifles", "transport helicopters", "naval mines", "drones",
)  # fmt: skip
_PLACES = (
    "Gdynia Aqaba Mombasa Callao Tallinn Setubal Bergen Tema Klang Belgrade Arica Agadir Aarhus Montevideo".split()
)
_MONTHS = "January February March April May June July August September October November December".split()
_WHO = (
    "the defence ministry", "a parliamentary committee", "the manufacturer", "a spokesman", "two officials",
    "the port authority", "the foreign minister", "an opposition lawmaker", "the general staff", "customs officers",
    "a research institute", "the armed forces", "people familiar with it", "a union leader", "the shipping agent",
)  # fmt: skip
_SAID = "said told reporters|confirmed|announced|wrote in a statement|explained|admitted|repeated|insisted".split("|")
_DID = (
    "were unloaded at", "had been inspected near", "would be stored outside", "had left the yard in", "were shown in",
    "must pass the depot at", "are to be assembled in", "were held up by a strike in", "will be tested again at",
    "had been seen on a train to", "were paid for through a bank in", "cannot be repaired in",
)  # fmt: skip
_WHY = (
    "because the crews still lack training", "although the price had risen twice", "despite protests from its rivals",
    "after months of silence about the contract", "as part of a wider exchange of spare parts",
    "while the court looks into the tender", "so that the old stock can be sold", "even if the winter delays the work",
    "under a loan agreed by both treasuries", "once the insurance has been settled", "since the first batch had faults",
    "against the advice of the auditors", "in return for timber and grain", "with help from a neighbouring state",
)  # fmt: skip
_MORE = (
    "The figure could not be checked independently.", "No date was given for the rest.", "The crew did not comment.",
    "A second document names a different port.", "The invoice lists nothing but machine parts.",
    "Workers at the quay described long nights.", "The auditors want to see the original papers.",
    "Neighbours complained about the noise of the convoys.", "The ambassador left the hearing early.",
    "Local radio carried the speech in full.", "Rain had softened the road to the depot.",
    "The museum asked to keep one of them.", "An earlier tender had failed for want of bidders.",
)  # fmt: skip
_ADJECTIVES = "large small new refurbished old modern promised missing costly heavy light secret disputed final".split()
_VERBS = "buy sell lend hand over move hide repair replace count return display borrow insure paint deliver".split()
_NOUNS = (
    "contract bridge minister harbour winter engine budget court letter warehouse convoy treaty pilot factory market "
    "deadline inspector river railway newspaper bank border ceremony delegation mechanic strike tunnel village"
).split()


@dataclass(frozen=True, slots=True)
class Text:
    """A generated text. story: what it is a copy of; kind: how it was made."""

    story: str
    kind: str
    title: str
    text: str


def _clause(rng: random.Random) -> str:
    return (
        f"the {rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)} would {rng.choice(_VERBS)} "
        f"{rng.choice(('its', 'every', 'another', 'no', 'the only'))} {rng.choice(_NOUNS)}"
    )


def _sentence(rng: random.Random, topic: tuple[str, str, str]) -> str:
    supplier, recipient, goods = topic
    number = rng.choice((0, rng.randint(2, 900)))
    subject = f"{number} {goods}" if number else rng.choice((f"the {goods}", f"{goods} from {supplier}", "the cargo"))
    what = f"{subject} {rng.choice(_DID)} {rng.choice(_PLACES)} {rng.choice(_WHY)}"
    shape = rng.randrange(5)
    who = rng.choice(_WHO)
    if shape == 0:
        return f"{who.capitalize()} {rng.choice(_SAID)} that {what}."
    if shape == 1:
        return f"{what[0].upper()}{what[1:]}, {who} {rng.choice(_SAID)} on {rng.choice(_MONTHS)} {rng.randint(1, 28)}."
    if shape == 2:
        return f"In {recipient}, {_clause(rng)} and {_clause(rng)}, {who} {rng.choice(_SAID)}."
    if shape == 3:
        return f"According to {who}, {_clause(rng)} before {what}."
    return f"{rng.choice(_MORE)} {_clause(rng).capitalize()} {rng.choice(_WHY)}."


def _paragraph(rng: random.Random, topic: tuple[str, str, str]) -> str:
    return " ".join(_sentence(rng, topic) for _ in range(rng.randint(1, 3)))


def _story(rng: random.Random, topic: tuple[str, str, str], background: list[str]) -> tuple[str, list[str]]:
    supplier, recipient, goods = topic
    number = rng.randint(3, 400)
    title = f"{supplier} {rng.choice(('sends', 'sells', 'promises', 'delays'))} {number} {goods} to {recipient}"
    lede = (
        f"{supplier} {rng.choice(('has delivered', 'will deliver', 'refused to deliver', 'is to lend'))} {number} "
        f"{rng.choice(_ADJECTIVES)} {goods} to {recipient}, {rng.choice(_WHO)} {rng.choice(_SAID)} on "
        f"{rng.choice(('Monday', 'Tuesday', 'Thursday', 'Friday'))} {rng.choice(_WHY)}."
    )
    body = [_paragraph(rng, topic) for _ in range(rng.randint(4, 9))]
    return title, [lede, *body, *rng.sample(background, rng.randint(1, min(2, len(background))))]


def _cut(rng: random.Random, story: list[str]) -> list[str]:
    words = sum(len(p.split()) for p in story)
    left = max(45, int(words * rng.uniform(0.25, 0.8)))
    kept = []
    for paragraph in story:
        if left <= 0:
            break
        kept.append(" ".join(paragraph.split()[:left]))
        left -= len(paragraph.split())
    return kept


def _reordered(rng: random.Random, story: list[str]) -> list[str]:
    rest = story[1:]
    rng.shuffle(rest)
    return [story[0], *rest]


def _inserted(rng: random.Random, story: list[str]) -> list[str]:
    found = list(story)
    for _ in range(rng.randint(1, 4)):
        topic = (rng.choice(_STATES), rng.choice(_STATES), rng.choice(_GOODS))
        found.insert(rng.randint(0, len(found)), _paragraph(rng, topic))
    return found


def _rewritten(rng: random.Random, story: list[str]) -> list[str]:
    """A third to two fifths of the words are others; numbers and names stay, as an editor would leave them."""
    share = rng.uniform(0.3, 0.4)
    pool = [*_NOUNS, *_VERBS, *_ADJECTIVES, "which", "later", "however", "also", "again", "there", "such", "about"]
    out = []
    for paragraph in story:
        words = paragraph.split()
        keep = [w[:1].isupper() or any(c.isdigit() for c in w) for w in words]
        free = [i for i, kept in enumerate(keep) if not kept]
        for i in rng.sample(free, min(len(free), int(share * len(words)))):
            words[i] = rng.choice(pool)
        out.append(" ".join(words))
    return out


def _resentenced(rng: random.Random, story: list[str]) -> list[str]:
    """Two sentences in five are written anew."""
    topic = (rng.choice(_STATES), rng.choice(_STATES), rng.choice(_GOODS))
    out = []
    for i, paragraph in enumerate(story):
        sentences = paragraph.split(". ")
        fresh = [_sentence(rng, topic).rstrip(".") if i and rng.random() < 0.4 else s for s in sentences]
        out.append(". ".join(fresh))
    return out


_KINDS: dict[str, tuple[Callable[[random.Random, list[str]], list[str]], ...]] = {
    "same": (),
    "cut": (_cut,),
    "reordered": (_reordered,),
    "inserted": (_inserted,),
    "rewritten": (_rewritten,),
    "resentenced": (_resentenced,),
    "cut and inserted": (_cut, _inserted),
    "reordered and rewritten": (_reordered, _rewritten),
    "cut and rewritten": (_cut, _rewritten),
}
_DRESSING = ("Read more", "Share on Facebook", "Related Articles", "Advertisement", "Sign up for our newsletter")


def _copy(rng: random.Random, story: str, title: str, paragraphs: list[str], kind: str) -> Text:
    for step in _KINDS[kind]:
        paragraphs = step(rng, paragraphs)
    if rng.random() < 0.5:
        title = f"{rng.choice(('Report', 'Update', 'Exclusive'))}: {title.lower()}"
    paragraphs = list(paragraphs)
    for line in rng.sample(_DRESSING, rng.randint(0, 3)):
        paragraphs.insert(rng.choice((0, len(paragraphs))), line)
    return Text(story, kind, title, "\n\n".join(paragraphs))


def _series(rng: random.Random, number: int) -> list[Text]:
    """An official text that is published for each new case with another sum, state or date: never one story."""
    supplier, goods = rng.choice(_STATES), rng.choice(_GOODS)
    reason = " ".join(_clause(rng).capitalize() + "." for _ in range(4))
    closing = " ".join(_clause(rng).capitalize() + "." for _ in range(3))
    found = []
    for case, recipient in enumerate(rng.sample(_STATES, 4)):
        amount, day, month = rng.randint(11, 990), rng.randint(1, 28), rng.choice(_MONTHS)
        state = recipient if number % 2 else "Ruritania"  # every other series differs in its sums alone
        text = (
            f"The Ministry of {supplier} has decided on a possible sale of {goods} to {state} for an estimated cost of "
            f"${amount} million. Parliament was notified on {month} {day}.\n\n{reason}\n\n"
            f"The government of {state} has asked to buy {amount // 7 + 3} {goods}. {closing}"
        )
        found.append(Text(f"series {number}.{case}", "series", f"{state}: {goods}", text))
    return found


def corpus(seed: int = 1, topics: int = 12, stories: int = 6, copies: int = 6) -> list[Text]:
    """All texts, shuffled. A story has its original and ``copies`` copies of random kinds."""
    rng = random.Random(seed)
    found: list[Text] = []
    for t in range(topics):
        supplier, recipient = rng.sample(_STATES, 2)
        topic = (supplier, recipient, rng.choice(_GOODS))
        background = [_paragraph(rng, topic) for _ in range(4)]
        for s in range(stories):
            name = f"topic {t}.{s}"
            title, paragraphs = _story(rng, topic, background)
            found.append(Text(name, "original", title, "\n\n".join(paragraphs)))
            kinds = [rng.choice(list(_KINDS)) for _ in range(copies)]
            found += [_copy(rng, name, title, paragraphs, kind) for kind in kinds]
        found += _series(rng, t)
    rng.shuffle(found)
    return found
