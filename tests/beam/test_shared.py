"""What a process has once: made at the first use, closed after the last."""

from __future__ import annotations

import threading
from typing import Any, cast

from transforms.beam.shared import SharedStore, acquire, release


class Thing:
    closed = 0

    def outcomes(self) -> dict[str, int]:
        return {"indexed": 1}

    def close(self) -> None:
        self.closed += 1


def test_one_for_all_and_closed_once() -> None:
    made: list[Thing] = []

    def make() -> Thing:
        made.append(Thing())
        return made[-1]

    threads = [threading.Thread(target=lambda: acquire("key", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(7):
        release("key")
    assert (len(made), made[0].closed) == (1, 0)
    release("key")
    release("key")  # once too often is harmless
    assert made[0].closed == 1
    assert acquire("key", make) is not made[0]
    release("key")


def test_stages_of_a_job_share_a_store() -> None:
    made: list[Thing] = []

    def make() -> Any:
        made.append(Thing())
        return made[-1]

    one, two = SharedStore(make, "job")(), SharedStore(make, "job")()
    other = SharedStore(make, "another")()
    assert len(made) == 2
    assert two.outcomes() == {"indexed": 1}
    one.close()
    one.close()  # twice gives back one's own alone
    assert made[0].closed == 0
    two.close()
    other.close()
    assert [cast(Thing, thing).closed for thing in made] == [1, 1]
