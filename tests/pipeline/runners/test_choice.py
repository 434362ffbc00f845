"""What cannot work is refused before anything starts, with what would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.runners.choice import choose
from pipeline.runners.names import Runner

SQLITE, ELASTIC = "sqlite:///t.db", "http://localhost:9200"


def test_in_process_needs_nothing() -> None:
    choice = choose(Runner.direct, [], store=SQLITE, once=True)
    assert (choice.flags, choice.distributed, choice.runner.streams) == ([], False, False)


def test_prism_works_in_the_submitting_process_by_default() -> None:
    choice = choose(Runner.prism, [], store=SQLITE)
    assert (choice.environment, choice.own_pool, choice.distributed) == ("LOOPBACK", False, False)


def test_prism_with_a_pool_of_its_own_or_a_named_one() -> None:
    own = choose(Runner.prism, ["environment_type=EXTERNAL"], store=SQLITE)
    assert (own.own_pool, own.distributed, own.flags) == (True, False, ["--environment_type=EXTERNAL"])
    named = choose(Runner.prism, ["environment_type=EXTERNAL", "environment_config=localhost:5"], store=SQLITE)
    assert (named.own_pool, named.distributed) == (False, False)


def test_options_are_passed_through() -> None:
    given = ["job_endpoint=jobs:8099", "--environment_type=EXTERNAL", "no_color", "experiments=a=b", "parallelism=4"]
    given += ["flink_master=flink:8081"]
    choice = choose(Runner.flink, given, store=ELASTIC)
    assert choice.flags == [
        "--job_endpoint=jobs:8099", "--environment_type=EXTERNAL", "--no_color", "--experiments=a=b", "--parallelism=4"
    ]  # fmt: skip
    assert choice.distributed
    assert choice.get("parallelism") == "4"
    assert choice.get("nothing") is None
    assert (choice.master, choice.has("no_color"), choice.has("nothing")) == ("flink:8081", True, False)


@pytest.mark.parametrize(
    ("runner", "beam", "store", "once", "says"),
    [
        (Runner.flink, [], ELASTIC, False, "job_endpoint=HOST:PORT"),
        (Runner.flink, ["job_endpoint=j:1"], ELASTIC, False, "flink_master=HOST:PORT"),
        (Runner.flink, ["job_endpoint=j:1", "flink_master=http://j:2"], ELASTIC, False, "flink_master=HOST:PORT"),
        (Runner.flink, ["job_endpoint=j:1", "flink_master=j:2"], SQLITE, False, "cannot share a SQLite file"),
        (Runner.prism, ["environment_type=EXTERNAL", "environment_config=far:5"], SQLITE, False, "SQLite"),
        (Runner.prism, ["environment_type=DOCKER"], SQLITE, False, "LOOPBACK or EXTERNAL"),
        (Runner.prism, ["job_endpoint=j:1"], SQLITE, False, "its own Prism"),
        (Runner.prism, [], SQLITE, True, "--once"),
        (Runner.direct, ["parallelism=4"], SQLITE, False, "takes no options"),
        (Runner.flink, ["job endpoint"], ELASTIC, False, "NAME=VALUE"),
        (Runner.flink, ["runner=Other", "job_endpoint=j:1"], ELASTIC, False, "--runner says it"),
        (Runner.prism, ["prism_location=/x"], SQLITE, False, "TOCSIN_PRISM"),
    ],
)
def test_what_cannot_work(runner: Runner, beam: list[str], store: str, once: bool, says: str) -> None:
    with pytest.raises(UserError, match=says):
        choose(runner, beam, store=store, once=once)


def test_the_command_ends_with_two_and_a_message(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "run", "--runner", "FlinkRunner", "--beam", "job_endpoint=j:1"]
    command += ["--beam", "flink_master=j:2"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot share a SQLite file" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_prism_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources: [{id: a, url: 'https://a.example/feed'}]")
    environment = {"PATH": str(tmp_path), "TOCSIN_CACHE": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "pipeline.cli", "run", "--runner", "PrismRunner"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 2
    assert "deploy/prism/build" in done.stderr
