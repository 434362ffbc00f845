"""The notation, the matching form, the catalogue and its check."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.recognise.weapons import check_catalogue, records, sample
from transforms.recognise.weapons.catalogue import category_of, kinds
from transforms.recognise.weapons.forms import expand, hyphenations
from transforms.recognise.weapons.lexicon import lexicon
from transforms.recognise.weapons.matchtext import match_form, match_text
from transforms.recognise.weapons.spelling import variants


def test_forms_agree_and_combine():
    assert expand("missile(s) balistique(s)", {}) == ["missile balistique", "missiles balistiques"]
    assert expand("defen{c|s}e", {}) == ["defence", "defense"]
    assert expand("anti-{tank|armo{|u}r}", {}) == ["anti-tank", "anti-armor", "anti-armour"]
    assert expand("a<x> b<x>", {"x": ["1", "2"]}) == ["a1 b1", "a2 b2"]
    assert expand("a<x>(s)", {"x": ["1", "2", "3/4"]}) == ["a1", "a2", "a3", "a4", "a1s", "a2s", "a3s", "a4s"]


@pytest.mark.parametrize("pattern", ["tank(s", "tank<x>", "tank)s("])
def test_forms_refuse_what_they_cannot_read(pattern):
    with pytest.raises(ValueError, match="tank"):
        expand(pattern, {})


def test_hyphenations():
    assert hyphenations("anti-tank gun") == ["anti tank gun", "antitank gun"]
    assert hyphenations("gun") == ["gun"]


def test_match_text_keeps_offsets():
    text = "an Anti- Tank gun - and a surface-to- air MISSILE"
    matched = match_text(text)
    at = matched.text.index("tank")
    assert match_form("Anti-Tank") == "anti tank"
    assert text[matched.folded(at) : matched.folded(at + 3) + 1] == "Tank"
    at = matched.text.index("surface to air missile")
    assert text[matched.folded(at) : matched.folded(at + 21) + 1] == "surface-to- air MISSILE"
    assert "gun and" not in matched.text  # a dash between words parts them


def test_spelling_variants():
    assert {"s 300", "s300", "с 300", "с300"} <= variants("S-300", cyrillic=True)
    assert {"kh 101", "kh101", "х 101"} <= variants("Kh-101", cyrillic=True)
    assert {"kn 23", "kn23"} <= variants("KN-23", cyrillic=False)
    assert "миг 29" in variants("MiG-29", cyrillic=True)
    assert "harpoon" in variants("Harpoon", cyrillic=False)


def test_catalogue_is_sound():
    assert check_catalogue() == []
    listed = list(records())
    assert len({one.system.name for one in listed}) == len(listed)
    assert all(category_of(one.system) for one in listed)


def test_every_noun_has_a_category_and_every_rule_a_noun():
    book = lexicon()
    for language, knowledge in book.languages.items():
        assert set(knowledge.nouns) <= set(book.goods), language
    assert {kind.noun for kind in kinds().values()} <= set(book.goods)


def test_sample_is_reproducible():
    assert sample(5, seed=7) == sample(5, seed=7)
    assert len(sample(5, seed=7)) == 5
    assert {"name", "kind", "category", "origin"} <= set(sample(1, seed=1)[0])


def _check(folder: Path, text: str) -> list[str]:
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    return check_catalogue(folder, states=frozenset({"USA", "RUS"}))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- {name: A-1, kind: hovercraft, origin: [USA]}", "kind 'hovercraft' is not in kinds.yaml"),
        ("- {name: A-1, kind: tank, origin: [XYZ]}", "origin XYZ is no ISO 3166 code"),
        ("- {name: A-1, kind: tank, origin: []}", "x.yaml:1"),
        ("- {name: A-1, kind: tank, origin: [USA], category: X}", "x.yaml:1"),
        ("- {name: A-1, kind: tank, origin: [USA], context: [B]}", "are none of its names"),
        ("- {name: A-1, kind: tank, origin: [USA], same_as: B-2}", "link to 'B-2'"),
        ("- {name: A-1, kind: tank, origin: [USA], years: [1990, 1980]}", "run backwards"),
        ("- {name: A-1, kind: tank, origin: [USA]}\n- {name: B-1, aliases: [A1, A 1], kind: tank, origin: [RUS]}",
         "'a 1' is claimed by"),
        ("- {name: A-1", "not YAML"),
    ],
)  # fmt: skip
def test_check_finds(tmp_path, text, problem):
    problems = _check(tmp_path, text)
    assert any(problem in line for line in problems), problems


def test_check_lets_a_ruled_clash_pass(tmp_path):
    text = (
        "- {name: Bastion-P, aliases: [Bastion], context: [Bastion], kind: anti-ship missile, origin: [RUS]}\n"
        "- {name: ACMAT Bastion, aliases: [Bastion], context: [Bastion], kind: armoured vehicle, origin: [USA]}\n"
    )
    assert _check(tmp_path, text) == []
