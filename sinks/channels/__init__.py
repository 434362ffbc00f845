"""Alert channels: mail, signed webhook, Atom feed, and through Apprise the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sinks.channels.atom import AtomFeed
from sinks.channels.chat import Chat
from sinks.channels.mail import Mailbox
from sinks.channels.webhook import Webhook
from transforms.notify.channel import Sends
from transforms.notify.schema import Channel, Settings


@dataclass(frozen=True, slots=True)
class Channels:
    """Makes the sender of a configured channel. folder: where the files of feeds are relative to."""

    folder: Path

    def __call__(self, channel: Channel, settings: Settings) -> Sends:
        """See :data:`transforms.notify.channel.SenderOf`."""
        if channel.webhook:
            return Webhook(channel.webhook, channel.secret_env or "", allow_private=channel.allow_private)
        if channel.atom:
            return AtomFeed(self.folder / channel.atom)
        if channel.mail and settings.mail:
            return Mailbox(channel.mail, settings.mail)
        return Chat(channel.apprise or "")
