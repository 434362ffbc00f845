"""The sender of alerts: leases what is due in the outbox, sends it, marks it. Runs beside the rounds, in a thread.

One sender works at a time (a lease in the store), so that what belongs together is told together. The order at each
message: its key is noted on its rows, it is counted for the cap, it is sent, its rows are marked. A process that dies
between the receiver's acceptance and the mark sends it once more, with the same key; at any other point nothing twice.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transforms import owner as owners
from transforms.codec import decode, encode
from transforms.contracts import AlertLease, Store, StoreFactory, StoreUnavailable
from transforms.notify.announce import announce
from transforms.notify.channel import Receipt, SenderOf
from transforms.notify.content import compose
from transforms.notify.current import Current
from transforms.notify.feedback import feedback_on
from transforms.notify.plan import Dispatch, Known, counted, make_plan
from transforms.notify.schedule import retry_after
from transforms.notify.state import Delivered, note_key
from transforms.records import DeadLetter, Event, Moment

_HELD = timedelta(minutes=2)
"""How long a sender holds the office without renewing it; a slow receiver costs at most half a minute."""
_LEASE = timedelta(minutes=3)
_PASS = timedelta(minutes=2)
"""A pass leases rows for three minutes and begins no message after two; what a dead sender held is free after three."""
_ROUND = timedelta(minutes=1)
"""How long sending waits for a round's end; one that takes longer has much to read, and what is due must go out."""
_PAGE = 500
_MOST = 50_000  # rows a pass, so that a digest of a very busy day is one message all the same
_SWEEP = 200
_log = logging.getLogger("tocsin.sender")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Office:
    """Who sends now."""

    owner: str
    until: Moment


class Sender:
    """Sends what is due. workers: receivers that are served at once; messages to one receiver go in order."""

    def __init__(
        self,
        store: Store,
        current: Current,
        sender_of: SenderOf,
        *,
        owner: str,
        clock: Callable[[], datetime],
        workers: int = 4,
    ) -> None:
        self._store = store
        self._current = current
        self._sender_of = sender_of
        self._owner = owner
        self._clock = clock
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="alerts")  # kept: a store connects once a thread

    def close(self) -> None:
        """Wait for what is being sent."""
        self._pool.shutdown()

    def run_once(self) -> Counter[str]:
        """One pass over what is due now; nothing where another sender holds the office. Returns what was done.

        Raises StoreUnavailable, and SubscriptionsError where the file never was valid.
        """
        if not self._holds():
            return Counter()
        matcher = self._current.matcher()
        for event in self._store.unannounced(_SWEEP):  # of a stage that died before it could tell
            announce(self._store, event, matcher, self._clock())
        now = self._clock()
        leases = list(self._lease_all(now))
        if not leases:
            return Counter()
        plan = make_plan(leases, self._known(leases), now)
        self._store.put_alerts(plan.changed)
        done = Counter("dropped" if row.alert.state == "dropped" else "put_off" for row in plan.changed)
        lanes: dict[str, list[Dispatch]] = {}
        for message in plan.messages:
            lanes.setdefault(message.channel.fingerprint, []).append(message)
        until = now + _PASS
        for counts in self._pool.map(lambda lane: self._work(lane, until), lanes.values()):
            done += counts
        return done

    def _holds(self) -> bool:
        """Take the office or renew it in time; False where another living sender has it."""
        while True:
            now = self._clock()
            note = self._store.notes("sender", ["lease"])["lease"]
            if note.value:
                holder = decode(_Office, note.value)
                if holder.owner == self._owner:
                    if holder.until - now > _HELD / 2:
                        return True
                elif holder.until > now and not owners.is_dead(holder.owner):
                    return False
            mine = _Office(owner=self._owner, until=now + _HELD)
            if self._store.put_note("sender", "lease", encode(mine), note.version):
                return True

    def _lease_all(self, now: datetime) -> Iterator[AlertLease]:
        """Everything that is due at one moment; their leases expire together, so groups stay together."""
        taken = 0
        while taken < _MOST:
            page = self._store.lease_alerts(owner=self._owner, now=now, limit=_PAGE, duration=_LEASE)
            if not page:
                return
            yield from page
            taken += len(page)

    def _known(self, leases: Sequence[AlertLease]) -> Known:
        matcher = self._current.matcher()
        events = self._with_survivors({lease.alert.event for lease in leases})
        keys = {note_key(lease.alert.subscription, lease.alert.channel) for lease in leases}
        notes = self._store.notes("subscription", keys)
        states = {key: decode(Delivered, note.value) for key, note in notes.items() if note.value}
        return Known(matcher=matcher, events=events, feedback=feedback_on(self._store, events), states=states)

    def _with_survivors(self, ids: Collection[str]) -> dict[str, Event]:
        found: dict[str, Event] = {}
        asked: set[str] = set()
        wanted = set(ids)
        while wanted:
            read = {id: versioned.value for id, versioned in self._store.events(wanted).items()}
            found.update(read)
            asked |= wanted
            wanted = {event.merged_into for event in read.values() if event.merged_into} - asked
        return found

    def _work(self, lane: Sequence[Dispatch], until: datetime) -> Counter[str]:
        done: Counter[str] = Counter()
        for message in lane:
            if self._clock() >= until or not self._holds():
                self._store.put_alerts(message.rows)  # ends the leases: the next pass takes them
                done["left"] += 1
            elif noted := self._note(message):
                receipt = self._send(noted)
                self._mark(noted, receipt)
                done[receipt.result] += 1
        return done

    def _note(self, message: Dispatch) -> Dispatch | None:
        """Note the key on the rows and count the message; None where the leases were lost meanwhile."""
        if message.fresh:
            rows = tuple(replace(row, alert=replace(row.alert, message=message.key)) for row in message.rows)
            if len(self._store.put_alerts(rows, keep=True)) < len(rows):
                return None
            message = replace(message, rows=rows)
        if message.single:
            now = self._clock()
            self._remember(message, lambda state: counted(state, message, now))
        return message

    def _send(self, message: Dispatch) -> Receipt:
        now = self._clock()
        settings = self._current.matcher().file.settings
        try:
            return self._sender_of(message.channel, settings)(compose(message, settings, now), now)
        except Exception as error:  # a channel's own mistake: it must not stop the others
            _log.exception("%s of %s", message.name, message.subscription.id)
            return Receipt("later", f"{type(error).__name__}: {error}")

    def _mark(self, message: Dispatch, receipt: Receipt) -> None:
        now, tries, reason = self._clock(), message.tries + 1, receipt.reason
        wait = retry_after(tries)
        if receipt.result == "later" and wait is not None:
            due = now + max(wait, receipt.wait or wait)
            rows = [replace(row.alert, due=due, tries=tries, reason=reason) for row in message.rows]
        elif receipt.result == "accepted":
            rows = [replace(row.alert, state="sent", tries=tries, reason=None) for row in message.rows]
        else:
            self._give_up(message, receipt, now)
            rows = [replace(row.alert, state="failed", tries=tries, reason=reason) for row in message.rows]
        if receipt.result != "accepted":
            _log.warning("%s of %s: %s", message.name, message.subscription.id, reason)
        leases = [replace(row, alert=alert) for row, alert in zip(message.rows, rows, strict=True)]
        self._store.put_alerts(leases)

    def _give_up(self, message: Dispatch, receipt: Receipt, now: datetime) -> None:
        if receipt.result == "gone":
            self._remember(message, lambda state: replace(state, gone=message.channel.fingerprint))
        why = f"{message.note}: {receipt.result}: {receipt.reason}"
        self._store.put_dead_letters([DeadLetter(stage="Sender", subject=message.key, reason=why[:2000], at=now)])

    def _remember(self, message: Dispatch, change: Callable[[Delivered], Delivered]) -> None:
        while True:
            note = self._store.notes("subscription", [message.note])[message.note]
            before = decode(Delivered, note.value) if note.value else Delivered()
            after = change(before)
            if after == before or self._store.put_note("subscription", message.note, encode(after), note.version):
                return


@contextmanager
def sending(
    factory: StoreFactory,
    current: Current,
    sender_of: SenderOf,
    *,
    owner: str,
    clock: Callable[[], datetime],
    every: timedelta = timedelta(seconds=5),
    idle: threading.Event | None = None,
) -> Iterator[None]:
    """Send in a thread of its own while the block runs, every few seconds what is due; the rest goes out later.

    idle: set while no round is at work. It is awaited, but not for ever: reports of one event that come in one round
    make one message, not a first one and its corrections.
    """
    stop = threading.Event()

    def work() -> None:
        store = factory()
        sender = Sender(store, current, sender_of, owner=owner, clock=clock)
        try:
            while not stop.is_set():
                if idle is not None:
                    idle.wait(_ROUND.total_seconds())
                _pass(sender)
                stop.wait(every.total_seconds())
        finally:
            sender.close()
            store.close()

    thread = threading.Thread(target=work, name="sender", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        if idle is not None:
            idle.set()
        thread.join(timeout=60)


def send_once(
    store: Store, current: Current, sender_of: SenderOf, *, owner: str, clock: Callable[[], datetime]
) -> None:
    """Send what is due now (``tocsin run --once``)."""
    sender = Sender(store, current, sender_of, owner=owner, clock=clock)
    try:
        _pass(sender)
    finally:
        sender.close()


def _pass(sender: Sender) -> None:
    try:
        done = sender.run_once()
    except StoreUnavailable as error:
        _log.error("the store does not answer: %s", error)
    except Exception:
        _log.exception("sending alerts failed; it is tried again")
    else:
        if done:
            _log.info("alerts: %s", ", ".join(f"{count} {what}" for what, count in sorted(done.items())))
