"""The graph as Flink gets it: what of Beam it uses, and its labels, by which a savepoint finds its state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2 as proto
from apache_beam.runners.portability.portable_runner import PortableRunner

from pipeline.clock import utc_now
from pipeline.graph import Parts, build
from sinks.urls import StoreAt
from tests.deploy.manifests import ROOT
from transforms.beam.stream import TICK_MS, Stream
from transforms.sources import Sources

LABELS = ROOT / "tests" / "golden" / "graph" / "labels.txt"
PARDO = "beam:transform:pardo:v1"


@cache
def graph() -> Any:
    """The graph as it is submitted to Flink."""
    flags = ["--streaming", "--environment_type=EXTERNAL", "--environment_config=localhost:50000"]
    pipeline = beam.Pipeline(runner="PortableRunner", options=PipelineOptions([*flags, "--job_endpoint=localhost:1"]))
    store = StoreAt("https://elasticsearch.example.org:9200/tocsin")
    build(pipeline, Parts(store=store, sources=Sources(), owner="", clock=utc_now, stream=Stream(id="job", ticks=True)))
    return PortableRunner.get_proto_pipeline(pipeline, pipeline.options)


def transforms() -> Iterator[Any]:
    """Every transform but the root, which only holds the others."""
    return (found for found in graph().components.transforms.values() if found.unique_name and found.spec.urn)


def test_nothing_that_costs_a_flink_its_memory_or_its_checkpoints() -> None:
    """One state, never written, that sends a shard's ticks to one worker. What a splittable DoFn defers is never
    dropped (apache/beam#27648), and a source that ends takes timers with it."""
    states = []
    for found in transforms():
        if found.spec.urn == PARDO:
            payload = proto.ParDoPayload.FromString(found.spec.payload)
            states += [(found.unique_name, name) for name in payload.state_specs]
            assert not payload.restriction_coder_id, found.unique_name
            assert not payload.timer_family_specs, found.unique_name
            assert not payload.side_inputs, found.unique_name
            assert not payload.requests_finalization, found.unique_name
            assert not payload.requires_stable_input, found.unique_name
    assert states == [("PollFeeds/Wake", "shard")]
    assert list(graph().requirements) == ["beam:requirement:pardo:stateful:v1"]


def test_ticks_are_the_only_source() -> None:
    roots = [found for found in transforms() if not found.inputs and not found.subtransforms]
    assert [(found.unique_name, found.spec.urn) for found in roots] == [
        ("PollFeeds/Ticks", "flink:transform:streaming_impulse:v1")
    ]
    assert json.loads(roots[0].spec.payload) == {"interval_ms": TICK_MS}


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
