"""The import script against a server that answers as Kibana's API does; it shows no secret."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.kibana.replay import KIBANA

SCRIPT = KIBANA / "install.py"
KEY = "c2VjcmV0LWtleQ=="


def install(server: HTTPServer | None, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if "KIBANA" not in name}
    if server:
        known["KIBANA_URL"] = server.url_for("").rstrip("/")
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=known | environment, cwd="/")


def objects_of(request: Request) -> list[dict[str, object]]:
    return [json.loads(line) for line in request.files["file"].read().decode().splitlines()]


def test_all_objects_are_sent_with_the_key(httpserver: HTTPServer, tmp_path: Path) -> None:
    sent: list[Request] = []
    names: list[list[dict[str, object]]] = []

    def answer(request: Request) -> Response:
        sent.append(request)
        names.append(objects_of(request))
        return Response(json.dumps({"success": True, "successCount": 1}), content_type="application/json")

    httpserver.expect_request("/s/arms/api/saved_objects/_import", method="POST").respond_with_handler(answer)
    secret = tmp_path / "key"
    secret.write_text(f"{KEY}\n")
    done = install(httpserver, "--space", "arms", "--prefix", "arms", KIBANA_API_KEY_FILE=str(secret))
    assert (done.returncode, done.stderr) == (0, "")
    (request,), (found,) = sent, names
    assert request.args["overwrite"] == "true"
    assert request.headers["authorization"] == f"ApiKey {KEY}"
    assert request.headers["kbn-xsrf"]
    titles = {one["attributes"]["title"] for one in found if one["type"] == "index-pattern"}  # type: ignore[index]
    assert "arms-events" in titles and not any(title.startswith("tocsin") for title in titles)
    (vega,) = (one for one in found if one["id"] == "tocsin-flows")
    assert re.findall(r"[a-z]+-events", json.dumps(vega)) == ["arms-events"]
    assert f"{len(found)} objects sent, none refused" in done.stdout


def test_rules_are_made_once(httpserver: HTTPServer) -> None:
    made: list[str] = []

    def rule(request: Request) -> Response:
        made.append(request.json["name"])
        return Response("{}", status=409 if len(made) == 1 else 200, content_type="application/json")

    httpserver.expect_request("/api/saved_objects/_import").respond_with_json({"success": True})
    httpserver.expect_request(re.compile("/api/alerting/rule/.*"), method="POST").respond_with_handler(rule)
    done = install(httpserver, "--rules", KIBANA_API_KEY=KEY)
    assert done.returncode == 0
    assert len(made) == len(json.loads((KIBANA / "rules.json").read_text()))


def test_what_kibana_refuses_is_told(httpserver: HTTPServer) -> None:
    error = {"type": "lens", "id": "tocsin-volume", "error": {"type": "missing_references", "references": ["x"]}}
    httpserver.expect_request("/api/saved_objects/_import").respond_with_json({"success": False, "errors": [error]})
    done = install(httpserver, KIBANA_API_KEY=KEY)
    assert done.returncode == 1
    assert "lens tocsin-volume: missing_references ['x']" in done.stderr
    assert "1 refused" in done.stdout


def test_a_refused_key_is_not_shown(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/saved_objects/_import").respond_with_json({"message": "unauthorized"}, status=401)
    done = install(httpserver, KIBANA_API_KEY=KEY)
    assert done.returncode == 2
    assert "Kibana refuses the import (401): unauthorized" in done.stderr
    assert KEY not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "KIBANA_URL: where Kibana answers"),
        ({"KIBANA_URL": "http://127.0.0.1:9"}, "Kibana does not answer"),
        (
            {"KIBANA_URL": "http://127.0.0.1:9", "KIBANA_API_KEY_FILE": "/nowhere"},
            "KIBANA_API_KEY_FILE: cannot be read",
        ),
        ({"KIBANA_URL": "http://127.0.0.1:9", "KIBANA_CA": "/nowhere"}, "KIBANA_CA: cannot be read"),
    ],
)
def test_what_is_wrong_outside_is_one_message(environment: dict[str, str], message: str) -> None:
    done = install(None, **environment)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
