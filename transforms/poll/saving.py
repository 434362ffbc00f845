"""Polls on their way into the store: some at a time, each whole.

What was polled and is not saved yet is polled again after a crash, so no more waits than a moment's worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from transforms.contracts import PollSaved, PollToSave, Store
from transforms.poll.model import PollOutcome

MANY = 100  # polls a transaction; measured with SQLite: a commit for each costs twice what the whole row does
MOMENT = timedelta(seconds=2)


class Saving:
    """Collects outcomes and saves them; a context manager, which saves the last ones at its end.

    versions: of the states that the polls were decided on, by source. told: called with each outcome once it is saved
    (None: somebody else had polled the source meanwhile; its entries are kept, its state is theirs).
    """

    def __init__(
        self,
        store: Store,
        versions: Mapping[str, str],
        clock: Callable[[], datetime],
        told: Callable[[PollOutcome, PollSaved | None], None] = lambda outcome, saved: None,
    ) -> None:
        self._store = store
        self._versions = versions
        self._clock = clock
        self._told = told
        self._waiting: list[PollOutcome] = []
        self._since: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:  # what the store has just refused it would refuse again
            self.flush()

    def add(self, outcome: PollOutcome) -> None:
        """Take an outcome. Raises what the store raises."""
        now = self._clock()
        self._since = self._since or now
        self._waiting.append(outcome)
        if len(self._waiting) >= MANY or outcome.entries or not timedelta() <= now - self._since < MOMENT:
            self.flush()

    def flush(self) -> None:
        """Save what waits."""
        waiting, self._waiting, self._since = self._waiting, [], None
        if not waiting:
            return
        polls = [
            PollToSave(
                state=outcome.state,
                version=self._versions.get(outcome.state.id, ""),
                entries=outcome.entries,
                quiet=outcome.quiet and outcome.state.id in self._versions,
            )
            for outcome in waiting
        ]
        for outcome, saved in zip(waiting, self._store.save_polls(polls, now=self._clock()), strict=True):
            self._told(outcome, saved)
