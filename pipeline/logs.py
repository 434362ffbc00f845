"""Logs on standard error: for people by default, one JSON object a line with ``--log-format json``."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from rich.console import Console
from rich.logging import RichHandler

Format = Literal["text", "json"]


class JsonFormatter(logging.Formatter):
    """ECS names: ``@timestamp``, ``log.level``, ``log.logger``, ``message``, and ``tocsin.*`` for fields of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, object] = {
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "log.level": record.levelname.lower(),
            "log.logger": record.name,
            "message": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line |= {f"tocsin.{key}": value for key, value in fields.items()}
        if record.exc_info:
            line["error.stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(format: Format, *, verbose: bool = False) -> None:
    """Set up the ``tocsin`` loggers; libraries are heard from warnings up."""
    handler: logging.Handler
    console = Console(stderr=True)
    if format == "json":
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter())
    elif console.is_terminal:
        handler = RichHandler(console=console, show_path=False, rich_tracebacks=False)
        handler.setFormatter(logging.Formatter("%(message)s", datefmt="%H:%M:%S"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("tocsin").setLevel(logging.DEBUG if verbose else logging.INFO)


def quieten() -> None:
    """Keep one line off every start: Beam's import complains, at the root logger, of a Google client it can do
    without."""
    logging.getLogger().addFilter(_wanted)


def _wanted(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("apitools not found")
