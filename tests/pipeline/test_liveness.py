"""``GET /health``: 200 while the service is well, 503 where an orchestrator should do something."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from pipeline.errors import UserError
from pipeline.liveness import FAILURES, SILENT, Health, answering


def get(port: int, path: str = "/health") -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_answers() -> None:
    now = [100.0]
    health = Health("PrismRunner", clock=lambda: now[0])
    with answering("0", health) as port:
        now[0] = 103.0
        assert get(port) == (
            200,
            {
                "status": "pass", "state": "starting", "runner": "PrismRunner", "uptime_seconds": 3.0,
                "last_sign_seconds": None, "failures_in_a_row": 0,
            },
        )  # fmt: skip
        health.set("running", failures=1)
        health.beat(0.5)
        status, details = get(port, "/")
        assert (status, details["state"], details["last_sign_seconds"]) == (200, "running", 0.5)
        health.set("restarting", failures=FAILURES)
        assert get(port)[0] == 503
        assert get(port, "/metrics")[0] == 404


def test_silence_is_illness() -> None:
    now = [0.0]
    health = Health("DirectRunner", clock=lambda: now[0])
    health.beat()
    now[0] = SILENT - 1
    assert health.report()[0]
    now[0] = SILENT
    assert not health.report()[0]
    health.beat()
    assert health.report()[0]


@pytest.mark.parametrize("address", ["", "here", "70000", "127.0.0.1:x"])
def test_a_bad_address_says_what_is_expected(address: str) -> None:
    with pytest.raises(UserError, match=r"\[HOST:\]PORT"), answering(address, Health("DirectRunner")):
        pass


def test_a_taken_port_is_told() -> None:
    with answering("0", Health("a")) as port:
        second = answering(str(port), Health("b"))
        with pytest.raises(UserError, match="cannot be used"):
            second.__enter__()
