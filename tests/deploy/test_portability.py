"""The portable graph against what Beam's Flink runner takes (deploy/flink/portability.yaml), and its labels, by which a
savepoint finds its state."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import Any

import apache_beam as beam
import pytest
import yaml
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2 as proto
from apache_beam.runners.portability.portable_runner import PortableRunner

from pipeline.clock import utc_now
from pipeline.graph import Parts, build
from sinks.urls import StoreAt
from tests.deploy.manifests import DEPLOY, ROOT
from transforms.beam.stream import Stream
from transforms.sources import Sources

TABLE: dict[str, Any] = yaml.safe_load((DEPLOY / "flink" / "portability.yaml").read_text(encoding="utf-8"))
LABELS = ROOT / "tests" / "golden" / "graph" / "labels.txt"
PARDO = "beam:transform:pardo:v1"


@cache
def graph() -> Any:
    """The graph as it is submitted to Flink."""
    flags = ["--streaming", "--environment_type=EXTERNAL", "--environment_config=localhost:50000"]
    pipeline = beam.Pipeline(runner="PortableRunner", options=PipelineOptions([*flags, "--job_endpoint=localhost:1"]))
    store = StoreAt("https://elasticsearch.example.org:9200/tocsin")
    build(pipeline, Parts(store=store, sources=Sources(), owner="", clock=utc_now, stream=Stream(id="job")))
    return PortableRunner.get_proto_pipeline(pipeline, pipeline.options)


def transforms() -> Iterator[Any]:
    """Every transform but the root, which only holds the others."""
    return (found for found in graph().components.transforms.values() if found.unique_name and found.spec.urn)


def test_the_table_is_of_this_beam() -> None:
    assert TABLE["beam"] == version("apache-beam")
    told = [row["by"] for part in ("transforms", "requirements", "coders", "window_fns", "environments")
            for row in TABLE[part].values()]  # fmt: skip
    assert set(told) <= set(TABLE["sources"])


@pytest.mark.parametrize("part", ["transforms", "coders", "window_fns", "environments", "requirements"])
def test_the_graph_needs_nothing_that_is_not_in_the_table(part: str) -> None:
    components = graph().components
    needed = {
        "transforms": {found.spec.urn for found in transforms()},
        "coders": {found.spec.urn for found in components.coders.values()},
        "window_fns": {found.window_fn.urn for found in components.windowing_strategies.values()},
        "environments": {found.urn for found in components.environments.values()},
        "requirements": set(graph().requirements),
    }[part]
    assert needed == set(TABLE[part])  # equal, so that the table keeps nothing dead either


def test_no_state_no_timers_no_side_inputs_and_one_splittable_dofn() -> None:
    splittable = []
    for found in transforms():
        if found.spec.urn == PARDO:
            payload = proto.ParDoPayload.FromString(found.spec.payload)
            assert not payload.state_specs, found.unique_name
            assert not payload.timer_family_specs, found.unique_name
            assert not payload.side_inputs, found.unique_name
            assert not payload.requests_finalization, found.unique_name
            assert not payload.requires_stable_input, found.unique_name
            splittable += [found.unique_name] if payload.restriction_coder_id else []
    assert splittable == ["PollFeeds/Wake"]


def test_records_are_never_pickled() -> None:
    """Beam pickles what it has no coder for: every collection of ours must have a coder of ours (or a plain one)."""
    makers = [x for x in transforms() if x.unique_name == "PollFeeds/Wake" or "(StageFn)" in x.unique_name]
    ours = {graph().components.pcollections[id].coder_id for maker in makers for id in maker.outputs.values()}
    names = {id: bytes(graph().components.coders[id].spec.payload) for id in ours}
    assert names
    assert {id for id, payload in names.items() if b"RecordCoder" not in payload} == set()


def test_labels_are_unique_and_as_before() -> None:
    """State is found by these names, so a change here breaks savepoints: it takes a line in CHANGELOG."""
    found = sorted(transform.unique_name for transform in transforms())
    assert len(found) == len(set(found))
    # Beam names lambdas of its own by their line; they stand in no state, so the line is left out.
    told = "".join(f"{_without_line(label)}\n" for label in found)
    assert told == LABELS.read_text(encoding="utf-8")


def _without_line(label: str) -> str:
    head, at, tail = label.partition("<lambda at ")
    return f"{head}<lambda>{tail[tail.index('>') + 1 :]}" if at else label
