"""The schema: templates, versioned indices behind aliases, and their upgrade.

A kind of document lives in ``tocsin-events-v1`` behind the alias ``tocsin-events``; the number is the ``version`` of
the index template (deploy/elasticsearch/templates). Another number means another index: it is filled by reindexing
while the old one takes no writes (writers wait, readers notice nothing), then the alias is moved in one step. New
fields alone need no new number: they are added to the index in place. A rebuild makes ``tocsin-events-v1-r2``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from sinks.elasticsearch.connection import Connection, NotFound, Rejected
from sinks.elasticsearch.synonyms import synonym_rules
from sinks.elasticsearch.templates import (
    KINDS,
    component_templates,
    fingerprint,
    generation_of,
    index_template,
    mappings_of,
    number_of,
)
from transforms.contracts import SchemaTooNew, StoreError

_log = logging.getLogger("tocsin.elasticsearch")
OLDEST_SERVER = 9
_POLL, _IDLE = 0.5, 60
"""Seconds between two looks at a copying or at another's lock, and looks without one until the lock is taken over."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where one kind of document stands.

    index: what the alias names, null where there is none; version: its number; wanted: this Tocsin's.
    current: whether index and templates are this Tocsin's. documents: how many, null where there is no index.
    """

    kind: str
    alias: str
    index: str | None
    version: int
    wanted: int
    current: bool
    documents: int | None = None


class Schema:
    """The schema of one store."""

    def __init__(
        self,
        connection: Connection,
        *,
        synonyms: Callable[[], Sequence[str]] = synonym_rules,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._connection = connection
        self._synonyms = synonyms
        self._settings = connection.settings
        self._sleep = sleep

    def init(self) -> None:
        """Create what is missing and upgrade what is older. Raises SchemaTooNew."""
        found = self._check()
        if all(status.current for status in found.values()):
            return
        self._install()
        for kind, status in found.items():
            if status.index is None:
                self._create(self._wanted(kind), kind)
            elif status.version == status.wanted and not status.current:
                self._extend(kind, status.index)
        if older := [kind for kind, status in found.items() if status.index and status.version < status.wanted]:
            with self._alone():
                for kind in older:
                    self._move(kind)

    def upgrade(self, *, rebuild: bool = False) -> None:
        """As :meth:`init`; with ``rebuild`` every index is copied into a new one, made with the templates, the copies
        and the synonyms of today."""
        self.init()
        if rebuild:
            self._install()
            with self._alone():
                for kind in KINDS:
                    self._move(kind, rebuild=True)

    def status(self) -> list[Status]:
        """Where every kind stands, with counts."""
        found = self._look()
        return [
            Status(x.kind, x.alias, x.index, x.version, x.wanted, x.current, self._count(x.index) if x.index else None)
            for x in found.values()
        ]

    def _check(self) -> dict[str, Status]:
        found = self._look()
        if newer := [status for status in found.values() if status.version > status.wanted]:
            told = ", ".join(f"{x.index} where this Tocsin knows v{x.wanted}" for x in newer)
            raise SchemaTooNew(f"{self._settings.shown}: written by a newer Tocsin ({told}); upgrade this one")
        return found

    def _look(self) -> dict[str, Status]:
        prefix = self._settings.prefix

        def ask(client: Elasticsearch) -> Any:
            return client.indices.get(
                index=[f"{prefix}-{kind}-v*" for kind in KINDS], filter_path="*.aliases,*.mappings._meta"
            )

        indices = self._connection.call(ask, doing="read the schema")
        found = {}
        for kind in KINDS:
            template, alias = index_template(prefix, kind), f"{prefix}-{kind}"
            wanted = int(template["version"])
            index = next((name for name, told in indices.items() if alias in told.get("aliases", {})), None)
            meta = indices[index].get("mappings", {}).get("_meta", {}) if index else {}
            version = number_of(index) if index else 0
            current = version == wanted and meta.get("templates") == fingerprint(prefix)
            found[kind] = Status(kind, alias, index, version, wanted, current)
        return found

    def _count(self, index: str) -> int:
        def ask(client: Elasticsearch) -> Any:
            return client.count(index=index)

        return int(self._connection.call(ask, doing="count documents")["count"])

    def _install(self) -> None:
        """Component templates, with this store's copies and synonyms, then index templates."""
        self._check_server()
        prefix = self._settings.prefix
        for name, body in component_templates(prefix).items():
            if name.endswith("-settings"):
                body = self._with_copies(body)
            elif name.endswith("-language"):
                body["template"]["settings"]["analysis"]["filter"]["tocsin_names"]["synonyms"] = list(self._synonyms())

            def put_component(client: Elasticsearch, name: str = name, body: dict[str, Any] = body) -> Any:
                return client.cluster.put_component_template(name=name, template=body["template"], meta=body["_meta"])

            self._connection.call(put_component, doing="install templates")
        for kind in KINDS:
            self._put_template(kind)

    def _put_template(self, kind: str) -> None:
        prefix = self._settings.prefix

        def put(client: Elasticsearch) -> Any:
            return client.perform_request(
                "PUT",
                f"/_index_template/{prefix}-{kind}",
                body=index_template(prefix, kind),
                headers={"content-type": "application/json", "accept": "application/json"},
            )

        self._connection.call(put, doing="install templates")

    def _check_server(self) -> None:
        told = self._connection.call(lambda client: client.info(), doing="ask for the server's version")
        number = str(told["version"]["number"])
        if int(number.partition(".")[0]) < OLDEST_SERVER:
            raise StoreError(f"{self._settings.shown}: Elasticsearch {number}; Tocsin needs {OLDEST_SERVER} or newer")

    def _with_copies(self, body: dict[str, Any]) -> dict[str, Any]:
        settings = body["template"]["settings"] | {"number_of_shards": self._settings.shards}
        if self._settings.replicas is not None:
            del settings["auto_expand_replicas"]
            settings["number_of_replicas"] = self._settings.replicas
        return body | {"template": body["template"] | {"settings": settings}}

    def _wanted(self, kind: str) -> str:
        return f"{self._settings.prefix}-{kind}-v{index_template(self._settings.prefix, kind)['version']}"

    def _create(self, index: str, kind: str, *, alias: bool = True) -> None:
        """Make an index; one that another process has just made is as good."""
        aliases = {f"{self._settings.prefix}-{kind}": {"is_write_index": True}} if alias else {}

        def create(client: Elasticsearch) -> Any:
            return client.indices.create(index=index, aliases=aliases, mappings=self._meta())

        try:
            self._connection.call(create, doing=f"create {index}")
        except Rejected as error:
            if "resource_already_exists_exception" not in str(error):
                raise

    def _meta(self) -> dict[str, Any]:
        return {"_meta": {"templates": fingerprint(self._settings.prefix)}}

    def _extend(self, kind: str, index: str) -> None:
        """Add fields that the index does not have yet."""
        mappings = mappings_of(self._settings.prefix, kind)

        def put(client: Elasticsearch) -> Any:
            return client.indices.put_mapping(
                index=index, properties=mappings["properties"], meta=self._meta()["_meta"]
            )

        try:
            self._connection.call(put, doing=f"add fields to {index}")
        except Rejected as error:
            raise StoreError(
                f"{error}. A field of the templates has another type now: the template needs a higher version"
            ) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only process that copies: the lock is an index, which only one can create. One left behind by a crash
        is taken over when nothing has been copied for half a minute."""
        lock = f"{self._settings.prefix}-upgrade"
        idle = 0
        while True:
            try:
                self._connection.call(lambda client: client.indices.create(index=lock), doing="lock the schema")
                break
            except Rejected as error:
                if "resource_already_exists_exception" not in str(error):
                    raise
            running = self._connection.call(_get("/_tasks?actions=*reindex"), doing="look at tasks")
            idle = 0 if any(node.get("tasks") for node in running.get("nodes", {}).values()) else idle + 1
            if idle > _IDLE:
                self._delete(lock)
            self._sleep(_POLL)
        try:
            yield
        finally:
            self._delete(lock)

    def _move(self, kind: str, *, rebuild: bool = False) -> None:
        """Fill a new index from the old one and move the alias; where that fails, the old one takes writes again."""
        status = self._check()[kind]  # another process may have done it while we waited
        old, new = status.index, self._wanted(kind)
        if old is None or (status.version == status.wanted and not rebuild):
            return
        if rebuild and status.version == status.wanted:
            new = f"{new}-r{generation_of(old) + 1}"
        _log.info("%s: copying %s into %s; writers wait meanwhile", self._settings.shown, old, new)
        self._delete(new)  # what an attempt before this one left
        self._create(new, kind, alias=False)
        self._put_block(old, blocked=True)
        try:
            self._copy(old, new)
            self._point(status.alias, old, new)
        except BaseException:
            self._put_block(old, blocked=False)
            raise
        _log.info("%s: %s is now %s; %s is kept and may be deleted", self._settings.shown, status.alias, new, old)

    def _put_block(self, index: str, *, blocked: bool) -> None:
        def put(client: Elasticsearch) -> Any:
            if blocked:
                return client.indices.add_block(index=index, block="write")
            return client.indices.put_settings(index=index, settings={"index.blocks.write": None})

        self._connection.call(put, doing=f"{'block' if blocked else 'unblock'} writes to {index}")

    def _copy(self, old: str, new: str) -> None:
        def refresh(client: Elasticsearch) -> Any:
            return client.indices.refresh(index=f"{old},{new}")

        def reindex(client: Elasticsearch) -> Any:
            # External versions keep the numbers: an article's is its revision.
            dest = {"index": new, "version_type": "external"}
            return client.reindex(source={"index": old}, dest=dest, wait_for_completion=False)

        self._connection.call(refresh, doing=f"refresh {old}")
        task = str(self._connection.call(reindex, doing=f"copy {old}")["task"])
        self._wait(task, old)
        self._connection.call(refresh, doing=f"refresh {new}")
        before, after = self._count(old), self._count(new)
        if before != after:
            raise StoreError(f"{self._settings.shown}: {old} has {before} documents but its copy {new} has {after}")

    def _point(self, alias: str, old: str, new: str) -> None:
        def move(client: Elasticsearch) -> Any:
            return client.indices.update_aliases(
                actions=[
                    {"remove": {"index": old, "alias": alias, "must_exist": False}},
                    {"add": {"index": new, "alias": alias, "is_write_index": True}},
                ]
            )

        self._connection.call(move, doing=f"move {alias} to {new}")

    def _delete(self, index: str) -> None:
        try:
            self._connection.call(lambda client: client.indices.delete(index=index), doing=f"delete {index}")
        except NotFound:
            pass

    def _wait(self, task: str, old: str) -> None:
        while True:
            try:
                told = self._connection.call(_get(f"/_tasks/{task}"), doing=f"follow the copying of {old}")
            except NotFound:
                raise StoreError(
                    f"{self._settings.shown}: the copying of {old} was lost with its node; run the upgrade again"
                ) from None
            if told["completed"]:
                failures = told.get("response", {}).get("failures") or ([told["error"]] if "error" in told else [])
                if failures:
                    raise StoreError(f"{self._settings.shown}: {old} could not be copied: {str(failures[0])[:1000]}")
                return
            self._sleep(_POLL)


def _get(path: str) -> Callable[[Elasticsearch], Any]:
    """A plain GET: the client warns of its task API as a preview, which it has been for ten years."""
    return lambda client: client.perform_request("GET", path, headers={"accept": "application/json"})
