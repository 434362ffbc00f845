"""Inbox transitions as properties: whatever happens in whatever order, an entry ends once."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.samples import NOW, entry
from transforms import inbox
from transforms.contracts import InboxRow

STEPS = st.lists(
    st.tuples(st.sampled_from(["poll", "edit", "lease", "finish", "stale", "retry", "wait"]), st.integers(0, 3)),
    max_size=40,
)


@given(STEPS)
def test_an_entry_ends_once_and_only_by_the_newest_lease(steps: list[tuple[str, int]]) -> None:
    row, now, text, ended = InboxRow(entry=entry(), next_due=NOW), NOW, 0, None
    for step, n in steps:
        fence = row.fence
        if step == "poll":
            row, verdict = inbox.admit(row, entry(title=row.entry.title), now)
            assert verdict == "known"
        elif step == "edit":
            text += 1
            row, verdict = inbox.admit(row, entry(title=f"Edit {text}"), now)
            assert (verdict, row.outcome, row.entry.revision) == ("revised", None, text + 1)
            ended = None
        elif step == "lease" and inbox.leasable(row, now):
            row = inbox.lease(row, owner="w", now=now, duration=timedelta(minutes=n))
            assert row.fence > fence
        elif step == "finish":
            done = inbox.finish(row, fence=fence, outcome=("indexed", "failed")[n % 2], reason=None, now=now)  # type: ignore[arg-type]
            if ended is not None:
                assert (done is None) == (("indexed", "failed")[n % 2] != ended)
            elif done:
                row, ended = done, done.outcome
        elif step == "stale":
            assert inbox.finish(row, fence=fence - 1, outcome="copy", reason=None, now=now) is None
            assert inbox.postpone(row, fence=fence + 1, next_due=now, reason="") is None
        elif step == "retry":
            later = inbox.postpone(row, fence=fence, next_due=now + timedelta(minutes=n), reason="503")
            assert (later is None) == (row.outcome is not None)
            row = later or row
        else:
            now += timedelta(minutes=n)
        assert row.outcome == ended
