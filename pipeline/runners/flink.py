"""Flink's own REST interface, as far as our jobs must be found and ended there.

Beam's job server forgets its jobs when it is started again, and "cancels" one by no longer waiting for it: on a cluster
of its own the job goes on (seen with Beam 2.62 on Flink 1.19). So jobs are cancelled where they run.
https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/
"""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

_OVER = {"FINISHED", "CANCELED", "FAILED"}
_TICK = 0.25


class FlinkError(Exception):
    """Flink does not answer, or not as expected; the message says what."""


def cancel_jobs(
    master: str, name: str, *, patience: float = 15.0, sleep: Callable[[float], None] = time.sleep
) -> list[str]:
    """Cancel every job of a name that is not over, and wait until it is; returns their ids.

    master: HOST:PORT of the REST interface. patience: seconds for the cancelling. Raises FlinkError.
    """
    try:
        with httpx.Client(base_url=f"http://{master}", timeout=10.0, trust_env=False) as client:
            ids = _alive(client, name)
            for id in ids:
                client.patch(f"/jobs/{id}", params={"mode": "cancel"})
            end = time.monotonic() + patience
            while ids and set(ids) & set(_alive(client, name)):
                if time.monotonic() > end:
                    raise FlinkError(f"{master}: {', '.join(ids)}: not cancelled within {patience:.0f} s")
                sleep(_TICK)
            return ids
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise FlinkError(f"{master}: Flink's REST interface does not answer as expected: {error!r}") from error


def _alive(client: httpx.Client, name: str) -> list[str]:
    jobs = client.get("/jobs/overview").raise_for_status().json()["jobs"]
    return [job["jid"] for job in jobs if job["name"] == name and job["state"] not in _OVER]
