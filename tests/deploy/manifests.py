"""What the manifests under deploy/ say, read for the tests that check them against the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = ("compose.yaml", "flink/compose.yaml")
KUBERNETES = ("flink.yaml", "jobserver.yaml", "tocsin.yaml", "kustomization.yaml", "secrets.example.yaml")


def compose(name: str) -> dict[str, Any]:
    """A compose file."""
    return dict(yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8")))


def kubernetes() -> Iterator[dict[str, Any]]:
    """Every Kubernetes object, in the files' order."""
    for name in KUBERNETES:
        yield from yaml.safe_load_all((DEPLOY / "flink" / "kubernetes" / name).read_text(encoding="utf-8"))


def objects(kind: str) -> dict[str, dict[str, Any]]:
    """The Kubernetes objects of a kind by name."""
    return {found["metadata"]["name"]: found for found in kubernetes() if found["kind"] == kind}


def containers(node: object) -> Iterator[dict[str, Any]]:
    """Every container in a Kubernetes object, wherever a pod template stands."""
    if isinstance(node, dict):
        yield from node.get("containers", ())
        for value in node.values():
            yield from containers(value)
    elif isinstance(node, list):
        for value in node:
            yield from containers(value)


def images() -> Iterator[tuple[str, str]]:
    """Every image with the place that names it; a variable's default stands for the variable."""
    for name in COMPOSE:
        for service, settings in compose(name)["services"].items():
            yield f"{name}: {service}", re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", settings["image"])
    for found in kubernetes():
        where = f"{found['kind']} {found.get('metadata', {}).get('name', '')}"
        if image := found.get("spec", {}).get("image"):
            yield where, image
        for container in containers(found):
            if "image" in container:
                yield f"{where}: {container['name']}", container["image"]


def runs() -> Iterator[tuple[str, list[str]]]:
    """Every command line of ``tocsin`` in the manifests and the units, with the place that has it."""
    for name in COMPOSE:
        for service, settings in compose(name)["services"].items():
            if service == "tocsin":
                yield f"{name}: {service}", list(settings["command"])
    for found in kubernetes():
        for container in containers(found):
            if container["name"] == "tocsin":
                yield f"{found['kind']}: tocsin", list(container["args"])
    for unit in sorted(DEPLOY.glob("*.service")):
        for line in unit.read_text(encoding="utf-8").splitlines():
            if line.startswith("ExecStart="):
                program, *arguments = line.partition("=")[2].split()
                assert program.endswith("/tocsin"), f"{unit.name}: {program}"
                yield unit.name, arguments
