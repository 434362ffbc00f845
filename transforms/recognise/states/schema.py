"""Schema of the knowledge about states (states.yaml, names/, cues/, decoys.yaml, rules.yaml)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Entries = dict[Code, list[str]]


class Strict(BaseModel):
    """A model that refuses keys it does not know, so that a typing error in a knowledge file is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Succession(Strict):
    """Before a day, ``state`` means its predecessor; ``only`` narrows that to metonyms (Belgrade: Yugoslavia)."""

    state: Code
    before: date
    means: Code
    only: Literal["metonym"] | None = None


class States(Strict):
    """All states by ISO 3166-1 alpha-3 (with former codes), each with its CLDR territory."""

    states: dict[Code, str | None]
    successions: list[Succession] = []


class Cldr(Strict):
    """What is taken from CLDR: the locales, without the names that are other words or places in the language."""

    locales: list[str] = []
    drop: list[Code] = []


class Language(Strict):
    """The names of states in one language; an entry is ``stem|paradigm`` or a plain form, words parted by spaces.

    state_nouns: words that, in capitals, follow a state's name without making a person of it ("Jordan Armed Forces").
    titles: words before a person's name ("Mr").
    common: a language whose abbreviations and capitals are used in texts of other languages too.
    endings: how a name given in its base form is inflected, by its ending (the longest that fits; "" fits all).
    cased: forms that are another word in lower case; bound: forms that hold only in a text of this language.
    lowercase_names: whether names in lower case are accepted (careless or pointed spelling: "russia").
    clitics: what may be written before a name without a blank; article: the clitic parts that end in the article.
    exact: abbreviations, matched in exactly this case. seats: seats of government that stand for the state
    ("the Kremlin"); capitals: cities, judged by context (not Brussels: it stands for
    the European Union and NATO). Institutions (White House, Pentagon) are actors, not states.
    """

    language: str
    common: bool = False
    function_words: str = ""
    state_nouns: list[str] = []
    titles: list[str] = []
    paradigms: dict[str, list[str]] = {}
    endings: dict[str, list[str]] = {}
    cased: list[str] = []
    bound: list[str] = []
    lowercase_names: bool = False
    clitics: list[str] = []
    article: str | None = None
    cldr: Cldr = Cldr()
    names: Entries = {}
    exact: Entries = {}
    adjectives: Entries = {}
    seats: Entries = {}
    capitals: Entries = {}


class Rule(Strict):
    """When a form is not the state; see the head of rules.yaml for the meaning of each key."""

    forms: list[str]
    caps: bool = False
    before: list[str] = []
    after: list[str] = []
    needs_before: list[str] = []
    needs_after: list[str] = []
    bare: bool = False
    given: bool = False
    surname: bool = False
    document: bool = False
    against: list[str] | None = None
    support: list[str] | None = None
    default: Literal["keep", "refuse"] = "keep"


class Cues(Strict):
    """What tells a government from its city, in one language. All phrases are lower case and stand next to the name.

    place_before/place_after: the city. state_before/state_after: the government. dealing: prepositions (to, from) that
    go with either; motion and goods: words of the same clause that decide those, by default the city, but the
    government after giving_to ("protested to Moscow").
    possessive: marks after the name after which a noun follows ("'s"); place_nouns: nouns that then mean the city.
    verbs, verb_endings: words after the name that make it an actor; auxiliaries likewise, unless struck follows.
    struck: what is done to a city. links: words between coordinated names ("Moscow and Beijing").
    fillers: words between an auxiliary and what tells ("was also hit"). openers: words before a subject; adverbs: what
    stands between such a subject and its verb ("Moscow earlier this month said"). infinitive: the mark of one ("to").
    relatives: what may stand before the verb ("which"). adverb_endings: what an adverb that may do so ends in ("-ly").
    receiving: prepositions that mean "in" and "to", and "to" only where a word of giving is in the clause; a language
    with giving and no receiving gives in a case of its own. not_verbs: in languages that do not put nouns side by side,
    a word in lower case after a subject is its verb unless it is one of these (null: the language does put nouns side
    by side).
    suffix_place/suffix_state: what is joined by a hyphen ("-based", "-backed").
    """

    language: str
    place_before: list[str] = []
    place_after: list[str] = []
    state_before: list[str] = []
    state_after: list[str] = []
    dealing: list[str] = []
    giving_to: list[str] = []
    motion: list[str] = []
    goods: list[str] = []
    possessive: list[str] = []
    place_nouns: list[str] = []
    verbs: list[str] = []
    auxiliaries: list[str] = []
    verb_endings: list[str] = []
    struck: list[str] = []
    links: list[str] = []
    fillers: list[str] = []
    openers: list[str] = []
    adverbs: list[str] = []
    adverb_endings: list[str] = []
    infinitive: list[str] = []
    relatives: list[str] = []
    receiving: list[str] = []
    giving: list[str] = []
    not_verbs: list[str] | None = None
    suffix_place: list[str] = []
    suffix_state: list[str] = []


Decoys = dict[str, list[str]]
Rules = Annotated[list[Rule], Field(min_length=1)]
