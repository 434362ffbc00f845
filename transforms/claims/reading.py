"""A document as sentences of units, each with whose words they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from transforms.claims.model import Sentence
from transforms.claims.tags import Tags
from transforms.claims.units import Span, sentence, spans
from transforms.claims.work import Work
from transforms.recognise.context import Subject
from transforms.records import Mention, Passage
from transforms.text import Segment

_LONGEST = (
    3000  # characters: what runs on longer is a list or no prose, and is read in pieces, so that time stays linear
)


def sentences(work: Work, mentions: Sequence[Mention], passages: Sequence[Passage]) -> list[tuple[Sentence, Tags]]:
    """The sentences of a document with their phrases; furniture is left out."""
    subject = work.subject
    folded = subject.view.folded
    furniture = [folded.locate(p.start, p.end) for p in passages if p.kind == "furniture"]
    speaking = [
        (folded.locate(p.start, p.end), (p.speaker or "speaker", p.iso3)) for p in passages if p.kind == "speaker"
    ]
    every, at, out = spans(subject, mentions), 0, []
    quoted_paragraph, inside = -1, False
    for index, segment in enumerate(_whole(_bounded(subject), every)):
        while at < len(every) and every[at].end <= segment.start:
            at += 1
        within, k = [], at
        while k < len(every) and every[k].start < segment.end:
            if segment.start <= every[k].start and every[k].end <= segment.end:
                within.append(every[k])
            k += 1
        if any(a <= segment.start < b for a, b in furniture):
            continue
        paragraph = subject.view.paragraph_at(segment.start)
        if paragraph != quoted_paragraph:
            quoted_paragraph, inside = paragraph, False
        s = sentence(subject, work.language, segment, within, index, paragraph)
        body = subject.text[segment.start : segment.end]
        s.quoted = inside or body.startswith(('"', "«", "“"))
        if body.count('"') % 2:
            inside = not inside
        s.speaker = next((who for (a, b), who in speaking if a <= segment.start < b), None)
        out.append((s, Tags(s, work.language)))
    return out


def _whole(segments: Iterable[Segment], every: Sequence[Span]) -> list[Segment]:
    """Sentences joined where a mention spans their border ("am 29. | Januar")."""
    out: list[Segment] = []
    starts = [span.start for span in every]
    for segment in segments:
        at = bisect_left(starts, segment.start) - 1
        if out and at >= 0 and every[at].end > segment.start and every[at].start >= out[-1].start:
            out[-1] = Segment(out[-1].start, segment.end)
        else:
            out.append(segment)
    return out


def _bounded(subject: Subject) -> Iterator[Segment]:
    """The text's sentences, overlong ones cut at blanks."""
    for segment in subject.view.sentences:
        start = segment.start
        while segment.end - start > _LONGEST:
            cut = subject.text.rfind(" ", start, start + _LONGEST)
            cut = cut if cut > start else start + _LONGEST
            yield Segment(start, cut)
            start = cut
        yield Segment(start, segment.end)
