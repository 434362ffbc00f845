"""Everything that Apprise can reach (Slack, Teams, Matrix, Telegram, ntfy …): short text, for a chat."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sinks.channels.environment import NotSet, filled
from transforms.notify.channel import Receipt
from transforms.notify.content import Message
from transforms.notify.render import one_line, render_short


@dataclass(frozen=True, slots=True)
class Chat:
    """One Apprise URL, with ``${NAME}`` for what comes from the environment."""

    url: str

    def __call__(self, message: Message, now: datetime) -> Receipt:
        """Send. Apprise tells only whether it worked and logs why not; failures are tried again."""
        import apprise  # takes half a second, and most files have no such channel

        try:
            service = apprise.Apprise()
            if not service.add(filled(self.url)):
                return Receipt("refused", f"Apprise knows no {self.url.partition(':')[0]}:// or misses a part of it")
        except NotSet as error:
            return Receipt("later", str(error))
        told = _Told()
        logger = logging.getLogger("apprise")
        logger.addHandler(told)
        try:
            sent = service.notify(
                title=one_line(message.subject), body=render_short(message), body_format=apprise.NotifyFormat.TEXT
            )
        except Exception as error:  # a plugin's own mistake must not stop the other channels
            return Receipt("later", f"Apprise: {type(error).__name__}: {error}")
        finally:
            logger.removeHandler(told)
        return Receipt("accepted") if sent else Receipt("later", told.last or "Apprise could not deliver it")


class _Told(logging.Handler):
    """Keeps the last warning: it says what the receiver answered."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = one_line(record.getMessage())
