"""Which runner, with which of Beam's options; what cannot work is refused before anything starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import UserError
from pipeline.runners.names import Runner
from sinks.urls import is_elasticsearch

_OPTION = re.compile(r"(?:--)?([a-z][a-z0-9_]*)(?:=(.*))?", re.DOTALL)
_ADDRESS = re.compile(r"[\w.-]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}")
_OURS = {
    "runner": "--runner says it",
    "prism_location": "set TOCSIN_PRISM",
    "streaming": "a job of PrismRunner and FlinkRunner always is",
    "save_main_session": "Tocsin is installed, not pickled",
}
_MASTER = "flink_master"
_HERE = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A runner with Beam's options by name (value None: a flag)."""

    runner: Runner
    options: tuple[tuple[str, str | None], ...] = ()

    def get(self, name: str) -> str | None:
        """The last value given of an option."""
        return next((value for key, value in reversed(self.options) if key == name), None)

    def has(self, name: str) -> bool:
        """Whether an option was given, with a value or without."""
        return any(key == name for key, _ in self.options)

    @property
    def flags(self) -> list[str]:
        """The options as Beam reads them. The master is for us alone: the job server has its own."""
        told = ((name, value) for name, value in self.options if name != _MASTER)
        return [f"--{name}" if value is None else f"--{name}={value}" for name, value in told]

    @property
    def master(self) -> str | None:
        """HOST:PORT of Flink's REST interface."""
        return self.get(_MASTER)

    @property
    def environment(self) -> str:
        """How workers are started: LOOPBACK (in the submitting process), EXTERNAL (by a pool), or Beam's others."""
        return (self.get("environment_type") or "LOOPBACK").upper()

    @property
    def own_pool(self) -> bool:
        """Whether a worker pool is started beside the job: EXTERNAL on Prism, and nobody named another pool."""
        return self.runner == Runner.prism and self.environment == "EXTERNAL" and not self.get("environment_config")

    @property
    def distributed(self) -> bool:
        """Whether workers may be on other machines than this one."""
        if self.runner == Runner.flink:
            return True
        pool = self.get("environment_config") or "localhost"
        return self.runner == Runner.prism and self.environment == "EXTERNAL" and not pool.startswith(_HERE)


def choose(runner: Runner, beam: Sequence[str], *, store: str, once: bool = False) -> Choice:
    """Check a command line. beam: ``name=value``, as given to ``--beam``. Raises UserError for what cannot work."""
    choice = Choice(runner=runner, options=tuple(_option(text) for text in beam))
    if choice.options and not runner.streams:
        raise UserError(f"--beam: {runner} takes no options of Beam's; it runs in this process")
    if once and runner.streams:
        raise UserError(f"--once: {runner} runs one job without an end; a single round is for --runner DirectRunner")
    if runner == Runner.prism and choice.get("job_endpoint"):
        raise UserError("--beam job_endpoint: PrismRunner starts its own Prism, with which it also ends")
    if runner == Runner.prism and choice.environment not in {"LOOPBACK", "EXTERNAL"}:
        raise UserError(f"--beam environment_type={choice.environment}: with PrismRunner it is LOOPBACK or EXTERNAL")
    if runner == Runner.flink and not (choice.get("job_endpoint") or choice.get("flink_job_server_jar")):
        raise UserError(
            "--runner FlinkRunner needs a job server, and downloads none: --beam job_endpoint=HOST:PORT "
            "(docs/flink.md), or --beam flink_job_server_jar=FILE"
        )
    if runner == Runner.flink and not _ADDRESS.fullmatch(choice.master or ""):
        raise UserError(
            "--runner FlinkRunner needs the address of Flink's REST interface, where its job is cancelled in the end: "
            "--beam flink_master=HOST:PORT, as the job server has it (docs/flink.md)"
        )
    if choice.distributed and not is_elasticsearch(store):
        raise UserError(
            f"--store {store}: {runner} has workers on other machines, which cannot share a SQLite file; "
            "give an Elasticsearch, as in --store http://localhost:9200"
        )
    return choice


def _option(text: str) -> tuple[str, str | None]:
    found = _OPTION.fullmatch(text)
    if not found:
        raise UserError(f"--beam {text!r}: expected NAME=VALUE, as in --beam job_endpoint=localhost:8099")
    if found[1] in _OURS:
        raise UserError(f"--beam {found[1]}: {_OURS[found[1]]}")
    return found[1], found[2]
