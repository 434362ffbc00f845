#!/usr/bin/env python3
"""Imports Tocsin's data views, charts and dashboards into Kibana; needs nothing but Python.

    KIBANA_URL=https://kibana.example:5601 KIBANA_API_KEY_FILE=/run/secrets/kibana deploy/kibana/install.py

What is there under the same ids is replaced, so an import can be repeated. ``--rules`` also makes the alerting rules,
disabled and without actions; a rule that is there is left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BOUNDARY = "tocsin-saved-objects"


class Failed(Exception):
    """Kibana cannot be reached or refuses; the message says what to do, and holds no secret."""


def objects(prefix: str) -> list[dict[str, Any]]:
    """The saved objects, over the indices of a prefix."""
    lines = (HERE / "tocsin.ndjson").read_text(encoding="utf-8").splitlines()
    return [with_prefix(json.loads(line), prefix) for line in lines]


def with_prefix(one: dict[str, Any], prefix: str) -> dict[str, Any]:
    """An object over the indices of another prefix: data views and the requests in Vega name them."""
    attributes = one["attributes"]
    if one["type"] == "index-pattern":
        attributes["title"] = attributes["title"].replace("tocsin-", f"{prefix}-", 1)
    elif "visState" in attributes:
        state = json.loads(attributes["visState"])
        if state["type"] == "vega":
            spec = json.loads(state["params"]["spec"])
            for data in spec["data"]:
                if "url" in data:
                    data["url"]["index"] = data["url"]["index"].replace("tocsin-", f"{prefix}-", 1)
            state["params"]["spec"] = json.dumps(spec, indent=1)
            attributes["visState"] = json.dumps(state)
    return one


def rules(prefix: str) -> list[dict[str, Any]]:
    """The alerting rules, over the indices of a prefix."""
    found: list[dict[str, Any]] = json.loads((HERE / "rules.json").read_text(encoding="utf-8"))
    for rule in found:
        params = rule["body"]["params"]
        params["index"] = [index.replace("tocsin-", f"{prefix}-", 1) for index in params["index"]]
    return found


class Kibana:
    """Kibana's HTTP API. Secrets are in headers only, and in no message."""

    def __init__(self, url: str, space: str) -> None:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise Failed("KIBANA_URL: where Kibana answers, as in https://kibana.example:5601")
        self._base = url.rstrip("/") + (f"/s/{urllib.parse.quote(space)}" if space else "")
        self._headers = {"kbn-xsrf": "tocsin"}
        if key := _secret("KIBANA_API_KEY"):
            self._headers["authorization"] = f"ApiKey {key}"
        try:
            self._context = ssl.create_default_context(cafile=os.environ.get("KIBANA_CA"))
        except OSError as error:
            raise Failed(f"KIBANA_CA: cannot be read: {error}") from None

    def post(self, path: str, body: bytes, content_type: str) -> tuple[int, dict[str, Any]]:
        """Status and answer of a POST; raises Failed where there is none, or none in JSON."""
        headers = {**self._headers, "content-type": content_type}
        request = urllib.request.Request(self._base + path, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, context=self._context, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            try:
                told = json.loads(text)
            except ValueError:
                told = {"message": text[:500]}
            return error.code, told if isinstance(told, dict) else {"message": str(told)}
        except (OSError, ValueError) as error:
            raise Failed(f"Kibana does not answer as it should: {getattr(error, 'reason', error)}") from None


def install(kibana: Kibana, prefix: str) -> Iterator[str]:
    """Import the objects; yields what is wrong, one line an object."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects(prefix))
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="tocsin.ndjson"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
    )
    body = f"{head}{lines}\r\n--{BOUNDARY}--\r\n".encode()
    path = "/api/saved_objects/_import?overwrite=true"
    status, told = kibana.post(path, body, f"multipart/form-data; boundary={BOUNDARY}")
    if status >= 300:
        raise Failed(f"Kibana refuses the import ({status}): {told.get('message', told)}")
    for error in told.get("errors", []):
        why = error.get("error", {})
        reason = why.get("references", why.get("message", ""))
        yield f"{error.get('type')} {error.get('id')}: {why.get('type')} {reason}"


def make_rules(kibana: Kibana, prefix: str) -> Iterator[str]:
    """Make the rules that are not there; yields what is wrong, one line a rule."""
    for rule in rules(prefix):
        body = json.dumps(rule["body"]).encode()
        status, told = kibana.post(f"/api/alerting/rule/{rule['id']}", body, "application/json")
        if status >= 300 and status != 409:  # 409: it is there, perhaps changed by hand
            yield f"rule {rule['body']['name']!r} ({status}): {told.get('message', told)}"


def _secret(name: str) -> str:
    path = os.environ.get(f"{name}_FILE")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, "")
    except OSError as error:
        raise Failed(f"{name}_FILE: cannot be read: {error.strerror}") from None


def main() -> int:
    """Exit code 1: some objects or rules were refused; 2: nothing could be done."""
    parser = argparse.ArgumentParser(
        description="Import Tocsin's dashboards into Kibana.",
        epilog="Environment: KIBANA_URL, KIBANA_API_KEY or KIBANA_API_KEY_FILE, KIBANA_CA.",
    )
    parser.add_argument("--space", default="", help="Kibana space; the default one where none is given")
    parser.add_argument("--prefix", default="tocsin", help="prefix of the store's indices (tocsin)")
    parser.add_argument("--rules", action="store_true", help="also make the alerting rules, disabled")
    options = parser.parse_args()
    try:
        kibana = Kibana(os.environ.get("KIBANA_URL", ""), options.space)
        wrong = list(install(kibana, options.prefix))
        if options.rules:
            wrong += make_rules(kibana, options.prefix)
    except Failed as error:
        print(f"Error {error}", file=sys.stderr)
        return 2
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(objects(options.prefix))} objects sent" + (f", {len(wrong)} refused" if wrong else ", none refused"))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
