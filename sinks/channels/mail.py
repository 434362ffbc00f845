"""Mail by SMTP: text and HTML, threaded by event, with what mail clients need to unsubscribe."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from sinks.channels.environment import NotSet, secret
from transforms.notify.channel import Receipt
from transforms.notify.content import Message
from transforms.notify.render import one_line, render_html, render_text
from transforms.notify.schema import Mail

_TIMEOUT = 30.0  # seconds, of each step; a server that scans what it accepts takes some
_UTF8 = "smtputf8"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address. A message is one SMTP transaction with one recipient: accepted or not, never in part."""

    address: str
    server: Mail

    def __call__(self, message: Message, now: datetime) -> Receipt:
        """Send. 4xx and what the network does are tried again, 5xx to the message or its recipient are final."""
        try:
            mail = compose_mail(message, self.address, self.server, now)
            with _connection(self.server) as smtp:
                wide = not (self.address + self.server.sender).isascii()
                content = mail.as_bytes(policy=SMTPUTF8 if wide else SMTP)
                options = [_UTF8.upper()] if wide and smtp.has_extn(_UTF8) else []
                smtp.sendmail(parseaddr(self.server.sender)[1], [self.address], content, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return _answered(code, text, "the recipient")
        except smtplib.SMTPSenderRefused as error:
            return _answered(error.smtp_code, error.smtp_error, "the sender")
        except smtplib.SMTPDataError as error:
            return _answered(error.smtp_code, error.smtp_error, "the message")
        except smtplib.SMTPResponseException as error:  # greeting, STARTTLS, login: the operator can put it right
            return Receipt("later", f"{self.server.host}: {error.smtp_code} {_text(error.smtp_error)}")
        except (smtplib.SMTPException, OSError) as error:
            return Receipt("later", f"{self.server.host}: {error or type(error).__name__}")
        except NotSet as error:
            return Receipt("later", str(error))
        except (ValueError, UnicodeError) as error:
            return Receipt("refused", f"the mail cannot be written: {error}")
        return Receipt("accepted")


def compose_mail(message: Message, address: str, server: Mail, now: datetime) -> EmailMessage:
    """The mail. Its Message-ID is made from the key, so that a repeat is recognised; changes refer to the first."""
    sender = parseaddr(server.sender)[1]
    domain = sender.rpartition("@")[2]
    mail = EmailMessage()
    mail["From"] = _address(server.sender)
    mail["To"] = _address(address)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    if message.references:
        ids = [f"<{key}@{domain}>" for key in message.references]
        mail["In-Reply-To"] = ids[-1]
        mail["References"] = " ".join(ids)
    subject = quote(f"unsubscribe {message.subscription}")
    way_out = server.unsubscribe or f"mailto:{sender}?subject={subject}"
    mail["List-Id"] = f"<{message.subscription}.tocsin.{domain}>"
    mail["List-Unsubscribe"] = f"<{way_out}>"
    if way_out.startswith("https:"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(render_text(message))
    mail.add_alternative(render_html(message), subtype="html")
    return mail


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    user, _, domain = address.rpartition("@")
    return Address(display_name=name, username=user, domain=domain)


@contextmanager
def _connection(server: Mail) -> Iterator[smtplib.SMTP]:
    """A session, encrypted as configured; an unencrypted one is never fallen back to."""
    context = ssl.create_default_context(cafile=server.ca_file)
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, secret(server.password_env or ""))
        yield smtp
    finally:
        try:
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()


def _answered(code: int, text: bytes | str, about: str) -> Receipt:
    reason = f"{about} was refused: {code} {_text(text)}"
    return Receipt("refused" if 500 <= code < 600 else "later", reason)


def _text(text: bytes | str) -> str:
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
