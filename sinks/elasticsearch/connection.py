"""One client a process, and the patience around every request.

Every request goes through :meth:`Connection.call`: what may pass (no answer, an answer cut short, 429, 502–504, a
write block, refused credentials) is tried again with backoff and jitter until the patience is over, then it is
StoreUnavailable; what will not pass is a StoreError at once. Messages name the hosts and the server's reason, never a
secret.
"""

from __future__ import annotations

import logging
import os
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from elasticsearch import ApiError, Elasticsearch, SerializationError, TransportError

from sinks.elasticsearch.settings import Secrets, Settings, secrets
from transforms.contracts import StoreError, StoreUnavailable

_log = logging.getLogger("tocsin.elasticsearch")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 15.0
_REPORT_EVERY = 30.0
"""Seconds between two log lines about a server that does not answer."""
PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that may pass. 500 too: a node that shuts down or runs out of disk answers it in the middle of work."""
REFUSED = frozenset({401, 403})
"""Credentials may be renewed under us; a write block (403) is lifted when the disk has room or an upgrade is done."""

Call = Callable[[Elasticsearch], Any]


class Connection:
    """The client for one store, opened where it is used and never carried over a fork."""

    def __init__(
        self,
        settings: Settings,
        *,
        load_secrets: Callable[[], Secrets] = secrets,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.settings = settings
        self._load_secrets = load_secrets
        self._sleep = sleep
        self._lock = threading.Lock()
        self._client: Elasticsearch | None = None
        self._secrets: Secrets | None = None
        self._pid = os.getpid()

    def client(self) -> Elasticsearch:
        """The calling process's client. Raises StoreError for secrets that cannot be read."""
        with self._lock:
            if self._client is None or self._pid != os.getpid():
                self._pid = os.getpid()
                self._secrets = self._load_secrets()
                self._client = _open(self.settings, self._secrets)
            return self._client

    def close(self) -> None:
        """Close this process's client; another call opens a new one."""
        with self._lock:
            if self._client is not None and self._pid == os.getpid():
                self._client.close()
            self._client = None

    def call(self, call: Call, *, doing: str) -> dict[str, Any]:
        """The body of the answer to a request. ``doing`` is for messages ("write articles").

        Raises StoreUnavailable where the patience is over, :class:`NotFound` for 404, :class:`Rejected` for every
        other refusal.
        """
        return self.call_marked(call, doing=doing)[0]

    def call_marked(self, call: Call, *, doing: str) -> tuple[dict[str, Any], bool]:
        """As :meth:`call`, and whether an earlier try may have been carried out though its answer was lost."""
        pauses, lost = self.pauses(doing), False
        while True:
            try:
                body = call(self.client()).body
                if isinstance(body, dict):
                    return body, lost
                lost, reason = True, "an answer without a body"  # cut off behind its status line
            except ApiError as error:
                status, reason = error.meta.status, explain(error)
                if status == 404:
                    raise NotFound(f"{self.settings.shown}: cannot {doing}: {reason}") from None
                if status in REFUSED and self._renewed():
                    continue
                if status not in PASSING | REFUSED:
                    raise Rejected(f"{self.settings.shown}: cannot {doing}: {reason}", status) from None
            except (TransportError, SerializationError) as error:  # no answer, or one that was cut short
                lost, reason = True, _plain(error)
            next(pauses)(reason)

    def mget(self, index: str, wanted: Sequence[Mapping[str, Any]], *, doing: str) -> list[dict[str, Any]]:
        """Documents by id, in order; one that does not exist has ``found`` false.

        A shard that is not there yet (a node has just come back) is an error of its documents in an answer that is
        otherwise fine: they are asked for again, for they must not pass for missing.
        """
        pauses = self.pauses(doing)
        while True:
            answers = self.call(lambda client: client.mget(index=index, docs=wanted), doing=doing)["docs"]
            error = next((answer["error"] for answer in answers if "error" in answer), None)
            if error is None:
                return cast("list[dict[str, Any]]", answers)
            next(pauses)(reason_of(error))

    def pauses(self, doing: str) -> Iterator[Callable[[str], None]]:
        """Pauses to take between tries, each called with the reason of the last failure; the one that would exceed the
        patience raises StoreUnavailable. Each is a random part of an interval that doubles: workers that failed
        together do not come back together."""
        begun = time.monotonic()
        reported = begun - _REPORT_EVERY
        interval = _FIRST_PAUSE
        while True:

            def pause(reason: str, interval: float = interval) -> None:
                nonlocal reported
                waited = time.monotonic() - begun
                left = self.settings.patience - waited
                if left <= 0:
                    raise StoreUnavailable(f"{self.settings.shown}: could not {doing} for {waited:.0f} s: {reason}")
                if waited >= 1 and time.monotonic() - reported >= _REPORT_EVERY:
                    reported = time.monotonic()
                    _log.warning("%s: cannot %s now, trying again: %s", self.settings.shown, doing, reason)
                self._sleep(min(left, random.uniform(interval / 2, interval)))  # noqa: S311 (no secret)

            yield pause
            interval = min(interval * 2, _LONGEST_PAUSE)

    def _renewed(self) -> bool:
        """Whether the secrets have changed since they were read: then the next call takes a new client."""
        with self._lock:
            if self._load_secrets() == self._secrets:
                return False
            self._client = None  # not closed: another thread may be in the middle of a request
            return True


class Rejected(StoreError):
    """The server refuses a request for good."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class NotFound(StoreError):
    """There is no such index or document."""


def explain(error: ApiError) -> str:
    """The server's reason in one line."""
    body = error.body
    cause = body.get("error", body) if isinstance(body, Mapping) else body
    return f"{error.meta.status} {reason_of(cause)}"


def reason_of(cause: object) -> str:
    """An error object of the server's, in one line: its type, its reason and the innermost cause."""
    if not isinstance(cause, Mapping):
        return str(cause)[:500]
    told = f"{cause.get('type', '')}: {cause.get('reason', '')}".strip(": ")
    inner = cause.get("caused_by")
    if isinstance(inner, Mapping):
        told = f"{told} ({reason_of(inner)})"
    return told[:1500] or "refused without a reason"


def _plain(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    return f"{type(error).__name__}: {message}"[:500]


def _open(settings: Settings, known: Secrets) -> Elasticsearch:
    # The client logs every request and every failed try; what people need to know of it is said by Connection.
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    options: dict[str, Any] = {
        "request_timeout": settings.timeout,
        "max_retries": 0,  # the patience is ours
        "retry_on_timeout": False,
        "api_key": known.api_key,
        "basic_auth": known.basic,
        "connections_per_node": 8,
    }
    if known.cloud_id:
        options["cloud_id"] = known.cloud_id
    else:
        options["hosts"] = list(settings.hosts)
        if known.ca and settings.hosts[0].startswith("https"):
            try:
                options["ssl_context"] = ssl.create_default_context(cafile=known.ca)
            except ssl.SSLError as error:
                raise StoreError(f"TOCSIN_ES_CA: {known.ca} is no certificate in PEM form ({error.reason})") from None
    return Elasticsearch(**options)
