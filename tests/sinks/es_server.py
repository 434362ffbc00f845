"""A real Elasticsearch for tests: started once a test run, shared by the workers, gone when the run has ended.

Where no server can be started the tests are skipped with the reason; in CI (``CI`` is set) that is a failure.
TOCSIN_TEST_ES_URL names a server to use instead; tests that stop servers are skipped then.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from elasticsearch import Elasticsearch

from sinks.elasticsearch import ElasticsearchStore
from sinks.elasticsearch.connection import Connection
from sinks.elasticsearch.schema import Schema
from sinks.elasticsearch.settings import Secrets, Settings, parse
from transforms.contracts import Store

SERVER = Path(__file__).parents[2] / "deploy" / "elasticsearch" / "server"
SYNONYMS = ("Shahed-136, Geran-2, Герань-2", "North Korea, DPRK, КНДР", "HIMARS, M142")


@dataclass(frozen=True)
class Served:
    """A running server and how to get in."""

    name: str
    url: str
    user: str | None = None
    password: str | None = None
    ca: str | None = None

    def secrets(self) -> Secrets:
        """As the superuser."""
        return Secrets(basic=(self.user, self.password) if self.user and self.password else None, ca=self.ca)

    @property
    def host(self) -> str:
        return self.url.partition("://")[2]

    @property
    def pid(self) -> int:
        return int(run("status", "--name", self.name).split()[-1])


class FewSynonyms(ElasticsearchStore):
    """With a handful of synonyms: the whole set takes seconds to install."""

    def schema(self) -> Schema:
        return Schema(self.connection, synonyms=lambda: SYNONYMS)


def run(*arguments: str) -> str:
    """Run the boot script; what it says where it cannot is the reason for skipping, or the failure in CI."""
    done = subprocess.run([sys.executable, SERVER, *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        told = f"no Elasticsearch: {done.stderr.strip()}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return done.stdout


@cache
def _start(kind: str, *options: str) -> Served:
    parent = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    name = f"tests-{kind}-{parent}"
    told = _assignments(run("start", "--name", name, "--until", str(parent), *options))
    found = Served(name, told["TOCSIN_ES_URL"])
    if "TOCSIN_ES_CA" in told:
        found = replace(
            found, user=told["TOCSIN_ES_USER"], password=told["TOCSIN_ES_PASSWORD"], ca=told["TOCSIN_ES_CA"]
        )
    return found


def _assignments(text: str) -> Mapping[str, str]:
    pairs = (shlex.split(line.removeprefix("export "))[0].partition("=") for line in text.splitlines())
    return {name: value for name, _, value in pairs}


def admin(served: Served) -> Elasticsearch:
    """A client of the tests' own."""
    known = served.secrets()
    return Elasticsearch(served.url, basic_auth=known.basic, ca_certs=known.ca, request_timeout=60)


def store_at(url: str, prefix: str, *, secrets: Secrets | None = None, patience: float = 120, **fields: float) -> Store:
    """A store for tests under a prefix of its own."""
    settings = replace(parse(f"{url}/{prefix}"), patience=patience, **fields)
    return cast(Store, FewSynonyms(_connection(settings, secrets or Secrets())))


def _connection(settings: Settings, secrets: Secrets) -> Connection:
    return Connection(settings, load_secrets=lambda: secrets)


@pytest.fixture
def elasticsearch() -> Served:
    """The fast server, without security; tests keep apart by prefix."""
    if url := os.environ.get("TOCSIN_TEST_ES_URL"):
        return Served("given", url)
    return _start("open")


@pytest.fixture(scope="session")
def worker_prefix() -> Iterator[dict[str, str]]:
    """The prefix of a worker's indices by server, made at the first use: making eight indices takes seconds."""
    made: dict[str, str] = {}
    yield made
    for url, name in made.items():
        with Elasticsearch(url, request_timeout=60) as client:
            remove(client, name)


@pytest.fixture
def prefix(elasticsearch: Served, worker_prefix: dict[str, str]) -> Iterator[str]:
    """A prefix whose indices are there and empty; emptied afterwards."""
    with admin(elasticsearch) as client:
        if elasticsearch.url not in worker_prefix:
            name = _unique()
            store_at(elasticsearch.url, name).init()
            worker_prefix[elasticsearch.url] = name
        yield worker_prefix[elasticsearch.url]
        empty(client, worker_prefix[elasticsearch.url])


@pytest.fixture
def fresh(elasticsearch: Served) -> Iterator[str]:
    """A prefix under which there is nothing; what a test puts there is removed afterwards."""
    name = _unique()
    yield name
    with admin(elasticsearch) as client:
        remove(client, name)


def _unique() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


def empty(client: Elasticsearch, prefix: str) -> None:
    """Delete every document of a prefix. The index of articles is made anew: it would remember for a while the versions
    of those deleted, and take the next test's article of the same id for an older one."""
    client.indices.refresh(index=f"{prefix}-*")
    if client.count(index=f"{prefix}-articles")["count"]:
        ((index, made),) = client.indices.get(index=f"{prefix}-articles").items()
        client.indices.delete(index=index)
        client.indices.create(
            index=index,
            aliases=made["aliases"],
            mappings={"_meta": made["mappings"]["_meta"]},
            wait_for_active_shards=1,
        )
    client.delete_by_query(index=f"{prefix}-*", query={"match_all": {}}, refresh=True, conflicts="proceed")


def remove(client: Elasticsearch, prefix: str) -> None:
    """Remove a test's indices and templates."""
    if indices := list(client.indices.get(index=f"{prefix}-*", filter_path="*.aliases").body):
        client.indices.delete(index=indices)
    client.options(ignore_status=404).indices.delete_index_template(name=f"{prefix}-*")
    client.options(ignore_status=404).cluster.delete_component_template(name=f"{prefix}-*")


@pytest.fixture
def secured() -> Iterator[Served]:
    """The server with TLS and users, for one test at a time: tests may kill it and must leave it running."""
    if os.environ.get("TOCSIN_TEST_ES_URL"):
        pytest.skip("TOCSIN_TEST_ES_URL names a server that is not the tests' own")
    served = _start("secure", "--secure")
    lock = Path(served.ca or "").parents[1] / "exclusive.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield served


def restart(served: Served) -> None:
    """Start a server again that was killed, on the same port with the same data."""
    options = ["--secure"] if served.ca else []
    run("start", "--name", served.name, *options)


def settle(store: Store) -> None:
    """Let searches see everything written."""
    connection = cast(ElasticsearchStore, store).connection
    connection.client().indices.refresh(index=f"{connection.settings.prefix}-*")
