"""Words that name a weapon and something else: refused by what stands around them, found beside weapons."""

from __future__ import annotations

import pytest

NONE = [
    "A leopard crossed the road near the village while the rangers watched.",
    "Leopards share the forest with farmers, and the zoo has two cubs.",
    "The Patriots lost to the Jets after their quarterback was injured.",
    "The Patriot Act was extended by Congress.",
    "Arsenal beat Chelsea, and the striker scored twice for the Gunners.",
    "She won gold in the javelin throw at the Olympics.",
    "The javelin final was delayed by rain.",
    "He ordered a Tomahawk steak and a salad.",
    "They hunted the whale with a harpoon.",
    "Typhoon Mira made landfall with winds of 200 km/h, and floods followed.",
    "Caesar salad is on the menu.",
    "Julius Caesar crossed the Rubicon with his brothers.",
    "The octopus has eight arms and no bones.",
    "She took the baby in her arms and wept.",
    "The arms race between the two shops ended in a sale.",
    "The town's coat of arms shows a bear.",
    "He kept them at arm's length.",
    "A think tank in Oslo published the report.",
    "The water tank on the roof leaked.",
    "World of Tanks is a game with millions of players.",
    "The company was a shell company registered in Nicosia.",
    "Shell Oil raised its dividend.",
    "The rocket salad was fresh.",
    "The Houston Rockets won again.",
    "NASA launched the rocket to the space station on Tuesday.",
    "Time magazine chose her for its cover.",
    "He threatened to torpedo the deal.",
    "The remark was a bombshell.",
    "He hit a steward with a bottle rocket.",
    "The firm was a shell in Limassol.",
    "The striker hit a missile of a shot past the goalkeeper.",
    "Cash from gold goes to arm fighters across the Sahel.",
    "A drone bee dies after mating.",
    "The second round of talks ended without a result.",
    "The three rounds of negotiations were held in Geneva.",
    "Install the launcher app on your phone.",
    "The gold mine employs 400 miners.",
    "That book is mine.",
    "The hind legs of the deer were broken.",
    "The Atlanta Falcons signed a new coach.",
    "The Philadelphia Eagles play on Sunday.",
    "The viper bit him before he saw the snake.",
    "The Charlotte Hornets traded a guard.",
    "She is a grad student in biology.",
    "Kirstin is an 18-year-old; her brother is 12.",
    "He jumped the gun and paid for it.",
    "The fire engine and the search engine are both red.",
    "Rebel fighters entered the town.",
    "The passenger plane landed safely in Lima.",
    "The suicide bomber was identified by his brother.",
    "Sheikh Omar al-Shaheen opened the school.",
    "SAN JOSE, 4 AUG 89 -- THE MINISTER SPOKE TO THE ARMY.",
    "A restored T-34 tank is on display at the museum.",
    "In the video game, players drive a Leopard 2 tank.",
    "The boy lost his toy tanks and a plastic pistol in the toy box.",
    "The P-5 met the army chiefs, and the E-3 did not.",
    "Alarm bells rang in every ministry of defence.",
    "The shop sold 32 of 24 kinds, and an 12 was missing.",
]


@pytest.mark.parametrize("text", NONE)
def test_refused(find, text):
    assert find(text) == []


SOME = [
    ("Berlin will send Leopard 2 tanks to Kyiv.", "Leopard 2 tanks", "I"),
    ("Poland delivered 14 Leopards and ammunition to the army.", "Leopards", "I"),
    ("Greece refused to give up its Patriot batteries.", "Patriot batteries", "air_defence"),
    ("Javelin missiles arrived by air.", "Javelin missiles", "VII"),
    ("The package includes Javelin and Stinger missiles for the army.", "Javelin", "VII"),
    ("Tomahawk cruise missiles were offered to Japan.", "Tomahawk cruise missiles", "VII"),
    ("Denmark gave Harpoon anti-ship missiles.", "Harpoon anti-ship missiles", "VII"),
    ("Saudi Arabia ordered 48 Typhoon fighter jets.", "Typhoon fighter jets", "IV"),
    ("France will supply Caesar howitzers.", "Caesar howitzers", "III"),
    ("The tanks were loaded at night.", "tanks", "I"),
    ("North Korea shipped shells and mortars.", "shells", "ammunition"),
    ("The rockets hit the depot.", "rockets", "ammunition"),
    ("The soldiers found mines and rifles.", "mines", "explosives"),
    ("The navy bought torpedoes.", "torpedoes", "ammunition"),
    ("A freighter carrying Javelins for the army was stopped.", "Javelins", "VII"),
    ("Satellite images show rockets near the border.", "rockets", "ammunition"),
    ("Moscow took delivery of drones.", "drones", "UAV"),
    ("The shells hit a refinery held by rebel troops.", "shells", "ammunition"),
    ("Iron Dome stopped most of it.", "Iron Dome", "air_defence"),
    ("Jakarta bought 12 Rafale from France.", "Rafale", "IV"),
    ("The Arab League deplored the Patriot deployment by the army.", "Patriot", "air_defence"),
]


@pytest.mark.parametrize(("text", "marked", "category"), SOME)
def test_found_among_weapons(find, text, marked, category):
    assert (marked, category) in [(m.text, m.category) for m in find(text)]


def test_a_ship_may_bear_a_weapons_name(find):
    # The cargo is arms; the coaster's name is none.
    found = find("The coaster Leopard was carrying a cargo of weapons when pirates boarded the vessel.")
    assert [m.text for m in found] == ["weapons"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two warships sailed past the cape.", 0),
        ("Italy will sell two warships to Egypt.", 1),
        ("The aircraft landed late.", 0),
        ("The enemy lost: tanks – 12, aircraft – 3, helicopters – 2, howitzers – 9.", 4),
    ],
)
def test_vessels_and_aircraft_count_when_they_are_goods(find, text, count):
    assert len(find(text)) == count


def test_a_capital_at_the_head_of_a_sentence_is_no_evidence(find):
    assert find("Harpoon in hand, the old man faced the army of gulls.") == []
    assert [m.value for m in find("The navy fired a Harpoon at the ship.")] == ["Harpoon"]


def test_a_noun_of_another_world_overrules_a_doubtful_name(find):
    (mention,) = find("Cairo will receive two Switchblade frigates.")
    assert (mention.category, mention.known) == ("VI", False)


def test_parts_of_a_designation_stand_alone(find):
    found = find("Parts for HAWK batteries were shipped to Tehran.")
    assert ("MIM-23 Hawk", "air_defence") in [(m.value, m.category) for m in found]
    assert ("component", "components") in [(m.value, m.category) for m in found]


def test_one_sentence_on_the_animal_speaks_for_the_others(find):
    text = "The zoo bred the cubs. Soldiers of the army guard the park at night. A Leopard was shot near the army base."
    assert find(text) == []


def test_a_name_of_several_systems_is_the_one_that_the_text_names(find):
    found = find("Two Cobra helicopters were sold to Jordan. The army said that each Cobra was new.")
    assert [m.value for m in found] == ["AH-1 Cobra", "AH-1 Cobra"]
