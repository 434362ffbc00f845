"""Datasette over one store, bound to a port and served until it is told to stop."""

# Datasette has no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"
from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Callable, Collection
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from datasette import handle_exception
from datasette.app import Datasette
from datasette.plugins import pm

from pipeline.browse import plugin
from pipeline.browse.database import NAME, StoreDatabase, needs_immutable
from pipeline.browse.guard import App, Guard
from pipeline.errors import UserError

# It would print a page of local variables to standard output for each address that is not there.
handle_exception.rich = None

HERE = Path(__file__).parent
START = f"/{NAME}"
SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": 5000,  # a question over every event's JSON (0.3 s for 20,000) has time, a slip does not
    "facet_time_limit_ms": 2000,
    "suggest_facets": False,  # it would try every column of every view for each page
    "max_returned_rows": 2000,
    "default_page_size": 50,
    "default_facet_size": 12,
    "truncate_cells_html": 300,
    "allow_download": False,  # the file holds the whole inbox, and a copy taken while it is written may be torn
    "default_cache_ttl": 0,  # the pipeline writes meanwhile
    "num_sql_threads": 4,
}


def metadata() -> dict[str, Any]:
    """What each table, column and question is (metadata.yaml), in Datasette's form."""
    told: dict[str, Any] = yaml.safe_load((HERE / "metadata.yaml").read_text(encoding="utf-8"))
    return told


def site(path: str, *, sql: bool) -> Datasette:
    """Datasette over the store in a file. sql: whether a reader may write SQL of their own. Raises UserError."""
    immutable = needs_immutable(path)
    if not pm.has_plugin("tocsin"):
        pm.register(plugin, name="tocsin")
    made = Datasette(
        [],
        metadata=metadata(),
        template_dir=str(HERE / "templates"),
        static_mounts=[("assets", str(HERE / "static"))],
        settings={**SETTINGS, "default_allow_sql": sql},
        version_note=f"tocsin {version('tocsin')}",
    )
    made.remove_database("_memory")
    made.add_database(StoreDatabase(made, path, immutable=immutable), name=NAME)
    return made


def application(path: str, *, sql: bool = True, hosts: Collection[str] | None = None) -> App:
    """The whole site as an ASGI application; ``hosts`` as in :class:`Guard`."""
    return Guard(site(path, sql=sql).app(), start=START, hosts=hosts)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises UserError."""
    try:
        info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(info[0], info[1])
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(info[4])
            listener.listen(64)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        # No port is taken where the address itself is wrong.
        other = "--host" if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL else "--port"
        raise UserError(f"cannot listen on {host}:{port}: {error.strerror or error}; give another {other}") from None
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(path: str, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the store in a file until interrupted; ``ready`` is given the address once it is listened on.

    Off this machine no SQL of a reader's own is run: a question can keep a processor busy for seconds.
    """
    local = is_loopback(host)
    hosts = {host.lower(), "localhost", "127.0.0.1", "::1"} if local else None
    served = application(path, sql=local, hosts=hosts)
    listener = bind(host, port)
    try:
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listener.getsockname()[1]}{START}"
        config = uvicorn.Config(served, log_level="warning", lifespan="on", access_log=False)
        asyncio.run(_run(_Server(config, lambda: ready(address)), listener))
    finally:
        listener.close()


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


async def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    await server.serve(sockets=[listener])
