"""A server with TLS and users: keys of few privileges, keys revoked and rotated, and a server killed under load."""

from __future__ import annotations

import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sinks.elasticsearch import ElasticsearchStore
from sinks.elasticsearch.connection import Connection
from sinks.elasticsearch.settings import Secrets, parse, secrets
from tests.samples import article, event
from tests.sinks.es_server import FewSynonyms, Served, admin, remove, restart, run
from tests.sinks.es_work import check, entries, poll, work
from transforms.contracts import StoreUnavailable

PRIVILEGES = ["read", "write", "maintenance", "view_index_metadata"]
"""What `tocsin run` needs of its indices once `tocsin store init` was run by somebody who may."""


@pytest.fixture
def made(secured: Served) -> Iterator[str]:
    """A prefix with its indices, made by the superuser."""
    name = f"t{uuid.uuid4().hex[:12]}"
    opened(secured, name, secured.secrets).init()
    yield name
    with admin(secured) as client:
        remove(client, name)


def opened(
    served: Served,
    prefix: str,
    load: Callable[[], Secrets],
    *,
    sleep: Callable[[float], object] | None = None,
    patience: float = 150,
) -> ElasticsearchStore:
    settings = replace(parse(f"{served.url}/{prefix}"), patience=patience)
    options: dict[str, Any] = {"sleep": sleep} if sleep else {}
    return FewSynonyms(Connection(settings, load_secrets=load, **options))


def new_key(served: Served, prefix: str) -> tuple[str, str]:
    """(id, encoded key) of an API key that may do no more than run needs."""
    role = {"cluster": [], "indices": [{"names": [f"{prefix}-*"], "privileges": PRIVILEGES}]}
    with admin(served) as client:
        made = client.security.create_api_key(name="tocsin-run", role_descriptors={"run": role})
    return str(made["id"]), str(made["encoded"])


def test_a_key_of_few_privileges_is_enough_to_run(secured: Served, made: str) -> None:
    _, key = new_key(secured, made)
    store = opened(secured, made, lambda: Secrets(api_key=key, ca=secured.ca))
    store.init()
    poll(store, entries(10))
    work(lambda: opened(secured, made, lambda: Secrets(api_key=key, ca=secured.ca)), "w")
    check(store, 10)
    assert store.lease_owners() == set()


def test_a_revoked_key_is_replaced_in_its_file_under_the_running_store(
    secured: Served, made: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    id, key = new_key(secured, made)
    file.write_text(key)
    environment = {"TOCSIN_ES_API_KEY_FILE": str(file), "TOCSIN_ES_CA": secured.ca or ""}
    pauses = 0

    def sleep(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 3:
            file.write_text(new_key(secured, made)[1])

    store = opened(secured, made, lambda: secrets(environment), sleep=sleep)
    store.put_articles([article("a1")])
    with admin(secured) as client:
        client.security.invalidate_api_key(ids=[id])
    store.put_articles([article("a2")])
    assert pauses == 3
    assert set(store.articles(["a1", "a2"])) == {"a1", "a2"}


def test_refused_credentials_are_told_without_showing_them(secured: Served, made: str) -> None:
    wrong = Secrets(basic=("operator", "Wrong-Password-1"), ca=secured.ca)
    store = opened(secured, made, lambda: wrong, patience=0.1)
    with pytest.raises(StoreUnavailable, match="401 security_exception: unable to authenticate") as told:
        store.put_articles([article()])
    assert "Wrong-Password-1" not in str(told.value)
    assert "Wrong-Password-1" not in repr(wrong)


def test_a_server_that_is_not_the_one_certified_is_refused(secured: Served, made: str) -> None:
    store = opened(secured, made, lambda: replace(secured.secrets(), ca=None), patience=0.1)
    with pytest.raises(StoreUnavailable, match="certificate verify failed"):
        store.events(["v1"])


@pytest.mark.slow
def test_a_server_killed_under_load_loses_nothing(secured: Served, made: str) -> None:
    """SIGKILL in the middle of two workers' writes, then a start on the same data: they go on by themselves."""
    store = opened(secured, made, secured.secrets)
    poll(store, entries(120))
    half, ended, lock = threading.Event(), [0], threading.Lock()

    def done(count: int) -> None:
        with lock:
            ended[0] += count
            if ended[0] >= 40:
                half.set()

    workers = [
        threading.Thread(
            target=work, args=(lambda: opened(secured, made, secured.secrets), f"w{n}"), kwargs={"done": done}
        )
        for n in range(2)
    ]
    for worker in workers:
        worker.start()
    assert half.wait(120)
    os.kill(int(run("status", "--name", secured.name).split()[-1]), signal.SIGKILL)
    killed_at = ended[0]
    restart(secured)
    for worker in workers:
        worker.join()
    assert killed_at < 120
    assert store.put_event(event("v9"), "")
    assert store.events(["v9"])["v9"].value == event("v9")
    with admin(secured) as client:
        client.delete(index=f"{made}-events", id="v9", refresh=True)
    check(store, 120)
