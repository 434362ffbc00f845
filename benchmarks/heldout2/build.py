"""Build `docs/`, `gold/` and `docs.jsonl` from `marked/*.txt`: the notation of `benchmarks.heldout.build`, and more.

    python -m benchmarks.heldout2.build [--review]

Beyond that notation: states are marked from `states.txt` wherever no mark stands (`{Georgia|-}` keeps a word out);
bare words for arms likewise; a claim line may carry `v=1.7e9 USD` (`<`, `>`, `~` before the amount: max, min, about)
and `p=origin:Mersin,delivery:Tripoli`; `~RSF` is a party that is no state though it has three capitals. A weekday must
fall on the day that its mark says. `--review` lists capitalised words and numbers that no mark covers.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from pathlib import Path

from benchmarks.heldout.build import CATEGORIES, Row, bounds, claim, number, unmark

HERE = Path(__file__).parent
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


def lexicon() -> list[tuple[re.Pattern[str], str]]:
    rows = []
    for line in (HERE / "states.txt").read_text(encoding="utf-8").splitlines():
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
    """Weapons side by side, one of them named, are one mention ("T-72 tanks"); nested ones stay apart."""
    found: list[Row] = []
    for row in weapons:
        last = found[-1] if found else None
        if last and text[int(str(last["end"])) : int(str(row["start"]))] == " " and (last["named"] or row["named"]):
            span = text[int(str(last["start"])) : int(str(row["end"]))]
            sure = last if last["named"] else row
            found[-1] = {
                **sure,
                "start": last["start"],
                "end": row["end"],
                "text": span,
                "canonical": " ".join(span.lower().split()),
            }
        elif not (last and last["named"] and row["named"] and int(str(row["end"])) <= int(str(last["end"]))):
            found.append(row)
    return found


def weekday(text: str, value: str, published: str) -> None:
    for i, names in enumerate(DAYS):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value) and set(names.split()) & set(text.lower().split()):
            day = datetime.date.fromisoformat(value)
            if day.weekday() != i:
                raise ValueError(f"{text} is not {value}, a {day:%A} (published {published})")


def document(head: str, body: str, claims: list[str]) -> tuple[Row, Row]:
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
    found = [(m.start(), m.end(), iso3) for p, iso3 in LEXICON for m in p.finditer(text)]
    for start, end, iso3 in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if (start, end) not in kept_out and free(start, end, taken):
            gold["states"].append({"text": text[start:end], "start": start, "end": end, "iso3": iso3, "metonym": False})
            taken.append((start, end))
    gold["states"].sort(key=lambda s: int(str(s["start"])))
    places = {str(p["text"]) for p in gold["places"]}
    for m in BARE.finditer(text):
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
    doc: Row = {"id": name, "url": f"https://heldout2.example/{name}", "title": title, "published": published or None,
                "lang": lang, "source": source, "text": text}  # fmt: skip
    if "--review" in sys.argv:
        spots = [(int(str(r["start"])), int(str(r["end"]))) for k in gold for r in gold[k]]
        loose = {m[0] for m in LOOSE.finditer(text) if free(m.start(), m.end(), spots)}
        print(name, len(text), len(transfers), *sorted(loose))
    return doc, {"id": name, "scope": "distinct", "relevant": relevant == "yes", **gold, "transfers": transfers}


def main() -> None:
    for folder in ("docs", "gold"):
        (HERE / folder).mkdir(exist_ok=True)
    lines, bad = [], []
    for source in sorted((HERE / "marked").glob("*.txt")):
        for part in re.split(r"(?m)^=== ", source.read_text(encoding="utf-8"))[1:]:
            head, _, rest = part.partition("\n")
            body, _, claims = rest.partition("\n@@\n")
            try:
                doc, gold = document(head, body, [c for c in claims.splitlines() if c.strip()])
            except (ValueError, KeyError, IndexError, AttributeError) as error:
                bad.append(f"{head}: {error!r}")
                continue
            lines.append(json.dumps(doc, ensure_ascii=False))
            for folder, row in (("docs", doc), ("gold", gold)):
                (HERE / folder / f"{doc['id']}.json").write_text(
                    json.dumps(row, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
                )
    (HERE / "docs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if bad:
        sys.exit("\n".join(bad))


if __name__ == "__main__":
    main()
