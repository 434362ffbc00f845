"""Build `docs/`, `gold/` and `docs.jsonl` of a held-out corpus from its marked-up documents in `marked/*.txt`.

    python -m benchmarks.heldout_build dev heldout heldout2 heldout3 [--review]

A document opens with `=== id|lang|published|yes or no (relevant)|source|title` and runs to the next one or to `@@`;
each line after that is a claim: `1; USA>UKR; delivered; confirmed; by=Pentagon:USA; no=; n=20; w=tanks`. In the
text `{surface|label}` marks a mention, nested where needed. Labels: `UKR` a state (`UKR*` a metonym); `w:II` a weapon
of a category (`w:II!` named); `@2024-07-29` a date; `#UKR 49.99 36.23` a place; `q20`, `q>20`, `q<20`, `q20-30` goods;
`$USD 1.7e9` money (`$>USD`, `$<USD` bounds); `c1` the evidence of claim 1; `-` nothing. Offsets are counted here,
never by hand. A claim line may carry `v=1.7e9 USD` (`<`, `>`, `~` before the amount: max, min, about) and
`p=origin:Mersin,delivery:Tripoli`; `~RSF` is a party that is no state though it has three capitals. A weekday must
fall on the day that its mark says. `--review` lists capitalised words and numbers that no mark covers.

In all corpora but the first, states are marked from `heldout_states.txt` wherever no mark stands (`{Georgia|-}` keeps
a word out), and bare words for arms likewise; the first has every one marked by hand.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
CATEGORIES = {"ammo": "ammunition", "comp": "components", "AD": "air_defence", "mis": "missile", "exp": "explosives",
              "ta": "transport_aircraft", "gen": "generic"}  # fmt: skip
Row = dict[str, object]
BARE = re.compile(
    r"(?<![\w-])(?:[Ww]eapons?(?: systems?)?|WEAPONS|[Aa]rms|ARMS|[Aa]rmaments?"
    r"|[Mm]atériels?|[Aa]rmes|[Aa]rmements?|[Ww]affen"
    r"|[Rr]üstungsgütern?|[Aa]rmas|[Aa]rmamento|[Vv]apen|[Oo]ружи\w+|[Вв]ооружени\w+|ору\w+и[ея]|[Зз]бро[яїюєй]+|[Оо]зброєн\w+)(?![\w-])"
)
DAYS = [
    "monday montag lundi lunes måndag понедельник понеділок",
    "tuesday dienstag mardi martes tisdag вторник вівторок",
    "wednesday mittwoch mercredi miércoles onsdag среду середу",
    "thursday donnerstag jeudi jueves torsdag четверг четвер",
    "friday freitag vendredi viernes fredag пятницу п'ятницю",
    "saturday samstag samedi sábado lördag субботу суботу",
    "sunday sonntag dimanche domingo söndag воскресенье неділю",
]
STAGES = "requested offered announced approved contracted shipped delivered seized refused in_use unspecified".split()
STANDINGS = "confirmed asserted alleged disputed denied".split()
LOOSE = re.compile(r"(?<![.!?:*\"] )(?<!\n)\b(?:[A-ZА-ЯІЇЄÄÖÅÉ][\w'-]+|\d[\d.,]*)")


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The plain text and its `(start, end, label)` marks; raises ValueError on a mark left open."""
    out: list[str] = []
    spans: list[tuple[int, int, str]] = []
    opened: list[int] = []
    for piece in re.split(r"([{]|\|[^|{}]*[}])", marked):
        if piece == "{":
            opened.append(sum(map(len, out)))
        elif piece.endswith("}"):
            spans.append((opened.pop(), sum(map(len, out)), piece[1:-1]))
        else:
            out.append(piece)
    if opened:
        raise ValueError(f"a mark was never closed: {''.join(out)[opened[-1] :][:60]!r}")
    return "".join(out), sorted(spans)


def number(text: str) -> float | int:
    value = float(text)
    return int(value) if value == int(value) else value


def bounds(text: str) -> Row:
    """`20`, `>20`, `<20` or `20-30` as the gold writes a quantity."""
    if "-" in text:
        low, high = text.split("-")
        return {"min": number(low), "max": number(high)}
    return {{">": "min", "<": "max"}.get(text[0], "number"): number(text.lstrip("<>"))}


def voices(text: str) -> list[Row]:
    return [
        {"name": n.strip(), "iso3": i.strip() or None} for n, _, i in (v.partition(":") for v in text.split(",")) if n
    ]


def party(text: str) -> tuple[str | None, str | None]:
    return (text, None) if re.fullmatch(r"[A-Z]{3}", text) else (None, text if text != "?" else None)


def claim(line: str, text: str, evidence: dict[str, tuple[int, int]], weapons: list[Row]) -> Row:
    key, pair, stage, standing, *more = (part.strip() for part in line.split(";"))
    said = dict(part.split("=", 1) for part in more)
    start, end = evidence[key]
    supplier, recipient = (party(p.strip()) for p in pair.split(">"))
    if said.get("w") == "-":
        goods: list[object] = []
    elif "w" in said:
        goods = [w.strip() for w in said["w"].split(",")]
    else:
        goods = [w["canonical"] for w in weapons if start <= int(str(w["start"])) < end]
    known = {w["canonical"] for w in weapons}
    goods = [next((k for k in known if g == k), None) or next((k for k in known if str(g) in str(k)), g) for g in goods]
    if set(goods) - known:
        raise ValueError(f"no such weapon: {set(goods) - known}")
    return {
        "supplier": supplier[0], "supplier_name": supplier[1],
        "recipient": recipient[0], "recipient_name": recipient[1],
        "weapons": list(dict.fromkeys(goods)), "stage": stage, "standing": standing, "date": said.get("d"),
        "number": bounds(said["n"]) if "n" in said else None, "asserters": voices(said.get("by", "")),
        "deniers": voices(said.get("no", "")), "evidence": text[start:end], "start": start, "end": end, "places": [],
    }  # fmt: skip


def lexicon() -> list[tuple[re.Pattern[str], str]]:
    rows = []
    for line in (HERE / "heldout_states.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            iso3, *patterns = line.split()
            for p in patterns:
                p = p.replace("_", r"\s+")
                caps = "" if "\\w" in p or "[" in p or "(" in p else "|" + p.upper().replace(r"\S", r"\s")
                rows.append((re.compile(rf"(?<![\w]){'(?:' + p + caps + ')'}(?!\w)"), iso3))
    return rows


LEXICON = lexicon()


def free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return not any(a < end and start < b for a, b in taken)


def joined(weapons: list[Row], text: str) -> list[Row]:
    """Weapons side by side, one of them named, are one mention ("T-72 tanks"); nested ones stay apart, but for a name
    within a named one ("tanques T-72")."""
    found: list[Row] = []
    for row in weapons:
        last = found[-1] if found else None
        gap = text[int(str(last["end"])) : int(str(row["start"]))] if last else None
        if last and gap in (" ", "-class ") and (last["named"] or row["named"]):
            span = text[int(str(last["start"])) : int(str(row["end"]))]
            sure = last if last["named"] else row
            found[-1] = {**sure, "start": last["start"], "end": row["end"], "text": span,
                         "canonical": " ".join(span.lower().split())}  # fmt: skip
        elif not (last and last["named"] and row["named"] and int(str(row["end"])) <= int(str(last["end"]))):
            found.append(row)
    return found


def weekday(text: str, value: str, published: str) -> None:
    for i, names in enumerate(DAYS):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value) and set(names.split()) & set(text.lower().split()):
            day = datetime.date.fromisoformat(value)
            if day.weekday() != i:
                raise ValueError(f"{text} is not {value}, a {day:%A} (published {published})")


def document(corpus: str, head: str, body: str, claims: list[str], review: bool = False) -> tuple[Row, Row]:
    """The document and its gold."""
    by_hand = corpus == "heldout"
    name, lang, published, relevant, source, title = head.split("|", 5)
    text, spans = unmark(body.strip("\n"))
    gold: dict[str, list[Row]] = {k: [] for k in ("states", "weapons", "dates", "places", "quantities")}
    evidence: dict[str, tuple[int, int]] = {}
    taken: list[tuple[int, int]] = []
    worded: list[tuple[int, int]] = []
    kept_out: set[tuple[int, int]] = set()
    for start, end, label in spans:
        row: Row = {"text": text[start:end], "start": start, "end": end}
        if label == "-":
            kept_out.add((start, end))
        elif re.fullmatch(r"[A-Z]{3}\*?", label):
            gold["states"].append({**row, "iso3": label[:3], "metonym": label.endswith("*")})
            taken.append((start, end))
        elif label.startswith("w:"):
            kind = label[2:].rstrip("!")
            gold["weapons"].append({**row, "canonical": " ".join(text[start:end].lower().split()),
                                    "category": CATEGORIES.get(kind, kind), "named": label.endswith("!")})  # fmt: skip
            worded.append((start, end))
        elif label.startswith("@"):
            if not by_hand:
                weekday(text[start:end], label[1:], published)
            gold["dates"].append({**row, "value": label[1:]})
        elif label.startswith("#"):
            country, lat, lon = label[1:].split()
            gold["places"].append(
                {**row, "country": None if country == "-" else country, "lat": float(lat), "lon": float(lon)}
            )
            taken.append((start, end))
        elif label.startswith("q"):
            gold["quantities"].append({**row, "class": "goods", **bounds(label[1:])})
        elif label.startswith("$"):
            sign, currency, amount = re.fullmatch(r"\$([<>]?)([A-Z]{3}) (\S+)", label).groups()  # type: ignore[union-attr]
            gold["quantities"].append({**row, "class": "money", "currency": currency, **bounds(sign + amount)})
        elif re.fullmatch(r"c\d+", label):
            evidence[label[1:]] = (start, end)
        else:
            raise ValueError(f"unknown label {label!r}")
    found = [] if by_hand else [(m.start(), m.end(), iso3) for p, iso3 in LEXICON for m in p.finditer(text)]
    for start, end, iso3 in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if (start, end) not in kept_out and free(start, end, taken):
            gold["states"].append({"text": text[start:end], "start": start, "end": end, "iso3": iso3, "metonym": False})
            taken.append((start, end))
    gold["states"].sort(key=lambda s: int(str(s["start"])))
    places = {str(p["text"]) for p in gold["places"]}
    for m in () if by_hand else BARE.finditer(text):
        if free(m.start(), m.end(), worded):
            gold["weapons"].append(
                {
                    "text": m[0],
                    "start": m.start(),
                    "end": m.end(),
                    "canonical": m[0].lower(),
                    "category": "generic",
                    "named": False,
                }
            )
    gold["weapons"] = joined(sorted(gold["weapons"], key=lambda w: int(str(w["start"]))), text)
    transfers = []
    for line in claims:
        t = claim(line, text, evidence, gold["weapons"])
        said = dict(p.strip().split("=", 1) for p in line.split(";")[4:])
        if set(said) - {"by", "no", "n", "v", "d", "p", "w"}:
            raise ValueError(f"unknown key in {line}")
        for side in ("supplier_name", "recipient_name"):
            t[side] = str(t[side]).lstrip("~") if t[side] else None
        t["value"] = None
        if "v" in said:
            amount, currency = said["v"].split()
            mark = amount[0] if amount[0] in "<>~" else ""
            t["value"] = {"amount": number(amount.lstrip("<>~")), "currency": currency,
                          "bound": {"<": "max", ">": "min", "~": "about", "": None}[mark]}  # fmt: skip
        roles = [p.strip().split(":") for p in said.get("p", "").split(",") if p]
        t["places"] = [{"role": role, "text": place} for role, place in roles]
        if {place for _, place in roles} - places:
            raise ValueError(f"place of {line} is not marked")
        if t["stage"] not in STAGES:
            raise ValueError(f"stage of {line}")
        if t["standing"] not in STANDINGS:
            raise ValueError(f"standing of {line}")
        transfers.append(t)
    doc: Row = {"id": name, "url": f"https://{corpus}.example/{name}", "title": title, "published": published or None,
                "lang": lang, "source": source, "text": text}  # fmt: skip
    if review:
        spots = [(int(str(r["start"])), int(str(r["end"]))) for k in gold for r in gold[k]]
        loose = {m[0] for m in LOOSE.finditer(text) if free(m.start(), m.end(), spots)}
        print(name, len(text), len(transfers), *sorted(loose))
    return doc, {"id": name, "scope": "distinct", "relevant": relevant == "yes", **gold, "transfers": transfers}


def build(corpus: str, review: bool = False) -> list[str]:
    """Write one corpus; what is wrong in its marking, in words."""
    folder = HERE / corpus
    lines, bad = [], []
    for name in ("docs", "gold"):
        (folder / name).mkdir(exist_ok=True)
    for source in sorted((folder / "marked").glob("*.txt")):
        for part in re.split(r"(?m)^=== ", source.read_text(encoding="utf-8"))[1:]:
            head, _, rest = part.partition("\n")
            body, _, claims = rest.partition("\n@@\n")
            try:
                doc, gold = document(corpus, head, body, [c for c in claims.splitlines() if c.strip()], review)
            except (ValueError, KeyError, IndexError, AttributeError) as error:
                bad.append(f"{head}: {error!r}")
                continue
            lines.append(json.dumps(doc, ensure_ascii=False))
            for name, row in (("docs", doc), ("gold", gold)):
                (folder / name / f"{doc['id']}.json").write_text(
                    json.dumps(row, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
                )
    (folder / "docs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return bad


def main() -> None:
    corpora = [a for a in sys.argv[1:] if not a.startswith("-")] or ["dev", "heldout", "heldout2", "heldout3"]
    bad = [line for corpus in corpora for line in build(corpus, "--review" in sys.argv)]
    if bad:
        sys.exit("\n".join(bad))


if __name__ == "__main__":
    main()
