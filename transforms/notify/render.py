"""Messages as text and as HTML. What documents brought is escaped; a headline cannot inject markup or a header."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from transforms.notify.content import Changed, Item, Message

_STYLE = "font:16px/1.45 system-ui,sans-serif;color:#1a1a1a;max-width:40em;margin:0 auto;padding:12px"
_LABEL = "color:#666;padding:2px 12px 2px 0;vertical-align:top;white-space:nowrap"
_HEAD = "font-size:18px;margin:20px 0 6px"
_QUOTE = "margin:8px 0;padding:4px 12px;border-left:3px solid #bbb"


def one_line(text: str) -> str:
    """Text fit for a header: no control characters, single spaces, at most 200 characters."""
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return clean if len(clean) <= 200 else clean[:199] + "…"


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def render_text(message: Message) -> str:
    """The message as plain text."""
    lines: list[str] = []
    for item in message.items:
        lines += [*_item_text(item, message), ""]
    lines += [f"And {message.omitted:,} more:"] if message.omitted else []
    lines += [f"  {count:,} × {pair}" for pair, count in message.rest]
    lines += ["", f"Subscription {message.subscription}" + (f" ({message.who})" if message.who else "")]
    return _clean("\n".join(lines)).strip() + "\n"


def _item_text(item: Item, message: Message) -> Iterator[str]:
    yield ("NEW  " if item.is_new else "CHANGED  ") + item.headline
    for change in item.changes:
        yield f"  * {change.label}: {_step(change)}"
    for line in item.lines:
        yield f"  {line.label}: {line.text}"
    for quote in item.quotes:
        yield f"  “{quote.text}”"
        yield "    " + " · ".join(filter(None, (quote.by, quote.title, quote.url)))
    if item.more_reports:
        yield f"  and {item.more_reports} more report{'s' if item.more_reports != 1 else ''}"
    if item.link:
        yield f"  {item.link}"
    yield f"  Useful, wrong, enough? {feedback_command(item, message)}"


def feedback_command(item: Item, message: Message) -> str:
    """What to run to say something of an event."""
    return f"tocsin subscriptions mark {item.event.id} useful|wrong|mute --by {message.subscription}"


def _step(change: Changed) -> str:
    if change.before is not None and change.after is not None:
        return f"{change.before} → {change.after}"
    if change.after is not None:
        return change.after
    return f"no longer {change.before}" if change.before is not None else "changed"


def render_html(message: Message) -> str:
    """The message as an HTML page: one column, readable on a phone, without scripts, images or outside styles."""
    body = "".join(item_html(item, message) for item in message.items)
    if message.omitted:
        rest = "".join(f"<li>{count:,} × {escape(pair)}</li>" for pair, count in message.rest)
        body += f"<p>And {message.omitted:,} more:</p><ul>{rest}</ul>"
    who = f" ({escape(message.who)})" if message.who else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(one_line(message.subject))}</title></head>"
        f'<body style="{_STYLE}">{body}'
        f'<p style="color:#666;font-size:13px">Subscription {escape(message.subscription)}{who}</p></body></html>'
    )


def item_html(item: Item, message: Message) -> str:
    """One event as HTML."""
    badge = "New" if item.is_new else "Changed"
    link = f'<p><a href="{escape(item.link)}">Open the event</a></p>' if item.link else ""
    changes = "".join(
        f"<li><b>{escape(change.label)}</b>: {escape(_clean(_step(change)))}</li>" for change in item.changes
    )
    rows = "".join(
        f'<tr><td style="{_LABEL}">{escape(line.label)}</td><td>{escape(_clean(line.text))}</td></tr>'
        for line in item.lines
    )
    more = f"<p>and {item.more_reports} more reports</p>" if item.more_reports else ""
    command = escape(feedback_command(item, message))
    return (
        f'<h2 style="{_HEAD}">{badge}: {escape(_clean(item.headline))}</h2>'
        + (f"<ul>{changes}</ul>" if changes else "")
        + f'<table style="border-collapse:collapse">{rows}</table>{_quotes_html(item)}{more}{link}'
        + f'<p style="color:#666;font-size:13px">Useful, wrong, enough? <code>{command}</code></p>'
    )


def _quotes_html(item: Item) -> str:
    found = []
    for quote in item.quotes:
        source = escape(_clean(" · ".join(filter(None, (quote.by, quote.title)))))
        named = f'<a href="{escape(quote.url)}">{source or escape(quote.url)}</a>' if quote.url else source
        found.append(f'<blockquote style="{_QUOTE}">“{escape(_clean(quote.text))}”<br>{named}</blockquote>')
    return "".join(found)


def render_short(message: Message) -> str:
    """The message for a chat: a few lines an event."""
    lines: list[str] = []
    for item in message.items:
        lines.append(f"{'NEW' if item.is_new else 'CHANGED'}: {item.headline}")
        lines += [f"· {change.label}: {_step(change)}" for change in item.changes]
        shown = {"Says", "Denies", "When", "Where", "Sources", "Embargo"}
        lines += [f"{line.label}: {line.text}" for line in item.lines if message.single and line.label in shown]
        if item.quotes:
            lines.append(f"“{item.quotes[0].text}” {item.quotes[0].url}".strip())
        lines += [item.link] if item.link else []
        lines += [feedback_command(item, message), ""] if message.single else [""]
    lines += [f"And {message.omitted:,} more."] if message.omitted else []
    return _clean("\n".join(lines)).strip()
