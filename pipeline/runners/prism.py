"""Where Prism is, and what it says."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from importlib.metadata import version
from pathlib import Path
from typing import IO

from pipeline.errors import UserError

_log = logging.getLogger("tocsin.prism")
_LEVELS = {"DEBUG": logging.DEBUG, "INFO": logging.INFO, "WARN": logging.WARNING, "ERROR": logging.ERROR}


def cache_folder() -> Path:
    """Where ``deploy/prism/build`` keeps it."""
    if given := os.environ.get("TOCSIN_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin"


def locate() -> Path:
    """Prism: ``TOCSIN_PRISM``, else what ``deploy/prism/build`` left in the cache, else ``prism`` on the path.

    Raises UserError where there is none.
    """
    beam = version("apache-beam")
    if named := os.environ.get("TOCSIN_PRISM"):
        if not os.access(named, os.X_OK):
            raise UserError(f"TOCSIN_PRISM={named}: is no program")
        return Path(named)
    cached = cache_folder() / f"prism-v{beam}"
    if os.access(cached, os.X_OK):
        return cached
    if found := shutil.which("prism"):
        return Path(found)
    raise UserError(
        "--runner PrismRunner: there is no Prism. Build it once: deploy/prism/build (needs Go), or `go install "
        f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{beam}`, and name it in TOCSIN_PRISM or have it on the path"
    )


def follow(stream: IO[bytes]) -> threading.Thread:
    """Pass Prism's log on, in a thread, until its end: its own warnings, and what workers log through it."""

    def work() -> None:
        try:
            for line in stream:
                _pass_on(line.decode("utf-8", "replace").strip())
        except ValueError:  # closed
            pass

    thread = threading.Thread(target=work, name="prism-log", daemon=True)
    thread.start()
    return thread


def _pass_on(line: str) -> None:
    try:
        said = json.loads(line)
        level = _LEVELS.get(str(said["level"]).partition("+")[0], logging.INFO)
        message = str(said["msg"])
    except (ValueError, KeyError, TypeError):
        if line:
            _log.warning("%s", line[:2000])
        return
    sdk = said.get("sdk")
    if message == "log from SDK worker" and isinstance(sdk, dict):
        if level >= logging.WARNING or str(sdk.get("msg", "")):
            _log.log(level if level >= logging.WARNING else logging.DEBUG, "worker: %s", str(sdk.get("msg"))[:2000])
    elif level >= logging.WARNING:
        told = {key: value for key, value in said.items() if key not in {"time", "level", "msg", "source"}}
        _log.log(level, "%s %s", message, json.dumps(told, default=str)[:2000] if told else "")
