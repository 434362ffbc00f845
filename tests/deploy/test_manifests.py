"""The manifests against the code and against each other: nothing in deploy/ can be started where Tocsin is built, so
what can drift apart (versions, ports, options, names, files) is compared here."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections import defaultdict
from importlib.util import find_spec
from typing import Any

import pytest
import typer.main
from apache_beam.options.pipeline_options import FlinkRunnerOptions

from pipeline.cli import app
from pipeline.runners.choice import choose
from tests.deploy.manifests import COMPOSE, DEPLOY, ROOT, compose, containers, images, kubernetes, objects, runs

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BEAM = next(name.partition("==")[2] for name in PROJECT["dependencies"] if name.startswith("apache-beam"))
VERSIONS = {
    "tocsin": PROJECT["version"],
    "flink": r"1\.20\.\d+-scala_2\.12-java17",
    "apache/beam_flink1.20_job_server": re.escape(BEAM),
    "elasticsearch": r"9\.\d+\.\d+",
    "kibana": r"9\.\d+\.\d+",
    "minio/minio": r"RELEASE\.[\dT-]+Z",
}
POOL = ["python", "-m", "pipeline.runners.workers"]
WORKERS = 50000
"""The port of the worker pools."""


def test_every_image_is_pinned_and_of_one_version() -> None:
    seen = defaultdict(set)
    for where, image in images():
        name, _, tag = image.rpartition(":")
        assert name in VERSIONS, f"{where}: {image}"
        assert re.fullmatch(VERSIONS[name], tag), f"{where}: {image}"
        seen[name].add(tag)
    assert {name: len(tags) for name, tags in seen.items()} == dict.fromkeys(VERSIONS, 1)
    assert seen["elasticsearch"] == seen["kibana"]


def test_flink_is_one_that_this_beam_supports() -> None:
    (deployment,) = objects("FlinkDeployment").values()
    minor = deployment["spec"]["flinkVersion"].removeprefix("v").replace("_", ".")
    assert minor == "1.20"
    assert minor in FlinkRunnerOptions.PUBLISHED_FLINK_VERSIONS
    patch = deployment["spec"]["image"].partition(":")[2].partition("-")[0]
    assert patch.startswith(f"{minor}.")
    (main,) = (c for c in containers(deployment) if c["name"] == "flink-main-container")
    plugins = {entry["value"] for entry in main["env"] if entry["name"] == "ENABLE_BUILT_IN_PLUGINS"}
    plugins.add(compose("flink/compose.yaml")["services"]["taskmanager"]["environment"]["ENABLE_BUILT_IN_PLUGINS"])
    assert plugins == {f"flink-s3-fs-presto-{patch}.jar"}


def test_the_image_is_of_a_python_that_the_project_takes_and_copies_what_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)$", text, re.MULTILINE))
    assert arguments["PYTHON"].startswith("3.11.")  # the version that the locks were resolved for
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for path in source.split():
            assert (ROOT / path).exists(), path
    assert "USER 10001:10001" in text
    for place in _places_of_users():
        assert place == 10001


def _places_of_users() -> list[int]:
    users = []
    for found in kubernetes():
        for container in containers(found):
            context = {**found.get("spec", {}).get("template", {}).get("spec", {}).get("securityContext", {})}
            context |= container.get("securityContext", {})
            if container.get("image", "").startswith("tocsin:"):
                users.append(context["runAsUser"])
    return users


def test_the_image_has_the_packages_that_were_tested() -> None:
    """The image's lock is the tests' lock without what only tests need."""
    pins = {name: dict(_pins((ROOT / name).read_text())) for name in ("requirements.lock", "deploy/requirements.lock")}
    tested, shipped = pins["requirements.lock"], pins["deploy/requirements.lock"]
    assert {name: tested.get(name) for name in shipped} == shipped
    assert not {"pytest", "hypothesis", "playwright", "mypy"} & set(shipped)
    assert {re.split(r"[\[=<>]", name)[0].replace(".", "-") for name in PROJECT["dependencies"]} <= set(shipped)


def _pins(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)


@pytest.mark.parametrize("name", COMPOSE)
def test_variables_of_compose_have_a_default_or_stand_in_the_example(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    example = (DEPLOY / name).with_name("compose.env.example").read_text(encoding="utf-8")
    told = set(re.findall(r"^(\w+)=$", example, re.MULTILINE))
    needed = set(re.findall(r"(?<!\$)\$\{(\w+):\?", text))
    optional = set(re.findall(r"(?<!\$)\$\{(\w+):-", text))
    assert not re.findall(r"(?<!\$)\$(?!\$)(?!\{\w+:[?-])", text)  # nothing that compose would make empty in silence
    assert needed <= told <= needed | optional


@pytest.mark.parametrize("name", COMPOSE)
def test_what_compose_mounts_and_waits_for_is_there(name: str) -> None:
    found = compose(name)
    folder = (DEPLOY / name).parent
    for service, settings in found["services"].items():
        for volume in settings.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (folder / source).exists(), f"{service}: {volume}"
            else:
                assert source in found["volumes"], f"{service}: {volume}"
        for other in settings.get("depends_on", ()):
            assert other in found["services"], f"{service}: {other}"
            if isinstance(settings["depends_on"], dict):
                healthy = settings["depends_on"][other]["condition"] == "service_healthy"
                assert not healthy or "healthcheck" in found["services"][other], f"{service}: {other}"
        if "build" in settings:
            context = folder / settings["build"]["context"]
            assert (context / settings["build"]["dockerfile"]).samefile(DEPLOY / "Dockerfile")
        assert "mem_limit" in settings, service
        for port in settings.get("ports", ()):
            assert port.startswith("127.0.0.1:"), f"{service}: {port} listens beyond this machine"


def test_flink_settings_of_compose_and_operator_agree() -> None:
    """One set of settings in two notations; what differs is where, how large and how available."""
    here: dict[str, str] = {}
    for line in compose("flink/compose.yaml")["x-flink"].splitlines():
        key, _, value = line.partition(": ")
        here[key] = value
    (deployment,) = objects("FlinkDeployment").values()
    there = deployment["spec"]["flinkConfiguration"]
    shared = {key for key in here if key.startswith(("execution.", "state.", "restart-", "taskmanager.numberOf"))}
    places = {"state.checkpoints.dir", "state.savepoints.dir"}
    assert {key: here[key] for key in shared - places} == {key: there.get(key) for key in shared - places}
    assert all(here[key].startswith("s3://") and there[key].startswith("s3://") for key in places)
    assert here["taskmanager.memory.process.size"] == deployment["spec"]["taskManager"]["resource"]["memory"]
    assert here["jobmanager.memory.process.size"] == deployment["spec"]["jobManager"]["resource"]["memory"]
    slots = int(there["taskmanager.numberOfTaskSlots"]) * deployment["spec"]["taskManager"]["replicas"]
    assert slots == int(there["parallelism.default"])


def _job_server(arguments: list[str]) -> dict[str, str]:
    return dict(argument.removeprefix("--").split("=", 1) for argument in arguments)


def test_ports_and_names_that_must_meet_do() -> None:
    services = compose("flink/compose.yaml")["services"]
    local = _job_server(services["jobserver"]["command"])
    beam = _beam(services["tocsin"]["command"])
    assert beam["job_endpoint"] == f"jobserver:{local['job-port']}"
    assert beam["flink_master"] == local["flink-master"]
    assert beam["environment_config"] == f"localhost:{WORKERS}"
    assert local["flink-master"].split(":")[0] in services
    assert services["workers"]["network_mode"] == "service:taskmanager"

    server = next(c for c in containers(objects("Deployment")["tocsin-jobserver"]) if c["name"] == "jobserver")
    options = _job_server(server["args"])
    ports = {port["name"]: port["containerPort"] for port in server["ports"]}
    assert ports == {"job": int(options["job-port"]), "artifacts": int(options["artifact-port"])}
    service = objects("Service")["tocsin-jobserver"]["spec"]
    assert {port["name"]: port["port"] for port in service["ports"]} == ports
    assert options["flink-master"] == f"{next(iter(objects('FlinkDeployment')))}-rest:8081"

    run = next(c for c in containers(objects("Deployment")["tocsin"]) if c["name"] == "tocsin")
    beam = _beam(run["args"])
    assert beam["job_endpoint"] == f"tocsin-jobserver:{options['job-port']}"
    assert beam["flink_master"] == options["flink-master"]
    assert beam["environment_config"] == f"localhost:{WORKERS}"
    pool = next(c for c in containers(objects("FlinkDeployment")) if c["name"] == "tocsin-workers")
    assert pool["command"] == [*POOL, str(WORKERS), "json"]
    assert services["workers"]["entrypoint"] + services["workers"]["command"] == pool["command"]
    assert find_spec(POOL[-1]) is not None
    (deployment,) = objects("FlinkDeployment").values()
    slots = deployment["spec"]["flinkConfiguration"]["taskmanager.numberOfTaskSlots"]
    assert beam["sdk_worker_parallelism"] == slots  # a process a slot: one Python process works on one thing at a time
    assert beam["parallelism"] == deployment["spec"]["flinkConfiguration"]["parallelism.default"]


def _beam(arguments: list[str]) -> dict[str, str]:
    prefix = "--beam="
    return dict(a.removeprefix(prefix).split("=", 1) for a in arguments if a.startswith(prefix))


def test_kubernetes_objects_name_what_exists() -> None:
    (kustomization,) = (found for found in kubernetes() if found["kind"] == "Kustomization")
    folder = DEPLOY / "flink" / "kubernetes"
    for resource in kustomization["resources"]:
        assert (folder / resource).is_file()
    maps = {made["name"]: made["files"] for made in kustomization["configMapGenerator"]}
    for files in maps.values():
        assert all((ROOT / file).is_file() for file in files)
    secrets = objects("Secret")
    for found in kubernetes():
        if found["kind"] in ("Deployment", "FlinkDeployment"):
            assert set(_named(found, "secretRef")) <= set(secrets)
            assert set(_named(found, "configMap")) <= set(maps)
        if found["kind"] == "Deployment":
            labels = found["spec"]["template"]["metadata"]["labels"]
            assert found["spec"]["selector"]["matchLabels"].items() <= labels.items()
    for secret in secrets.values():
        assert not any(value for key, value in secret["stringData"].items() if "KEY" in key or "PASSWORD" in key)


def _named(node: object, key: str) -> list[str]:
    if isinstance(node, list):
        return [name for value in node for name in _named(value, key)]
    if not isinstance(node, dict):
        return []
    own = [node[key]["name"]] if isinstance(node.get(key), dict) else []
    return own + [name for value in node.values() for name in _named(value, key)]


def test_environment_variables_are_ones_that_the_code_reads() -> None:
    named = set[str]()
    for name in COMPOSE:
        for settings in compose(name)["services"].values():
            if settings["image"].startswith("tocsin:"):
                named |= set(settings.get("environment", {}))
    named |= set(objects("Secret")["tocsin-store"]["stringData"]) - {"TOCSIN_STORE"}  # the manifest's own, in an option
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("pipeline", "sinks", "transforms")
        for path in (ROOT / folder).rglob("*.py")
    )
    assert {name for name in named if f'"{name}"' not in code} == set()


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_units_restart_and_are_bounded(unit: Any) -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    service = parser["Service"]
    assert service["Restart"] == "always"
    assert service["NoNewPrivileges"] == "yes"
    assert "MemoryMax" in service
    assert parser["Install"]["WantedBy"] == "multi-user.target"


@pytest.mark.parametrize(("where", "arguments"), [pytest.param(w, a, id=w) for w, a in runs()])
def test_command_lines_are_ones_that_tocsin_takes(where: str, arguments: list[str]) -> None:
    name, *rest = arguments
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    with command.make_context(name, list(rest)) as context:  # raises for what it does not know
        given = context.params
    store = given["store"]
    store = "https://elasticsearch.example.org:9200/tocsin" if store.startswith("$") else store
    choice = choose(given["runner"], given["beam"] or (), store=store, once=given["once"])
    assert choice.runner.streams == ("flink" in where or where.startswith("Deployment"))


def test_health_is_asked_where_it_is_answered() -> None:
    for name in COMPOSE:
        service = compose(name)["services"]["tocsin"]
        (port,) = (a.partition("=")[2] for a in service["command"] if a.startswith("--health="))
        assert f"http://127.0.0.1:{port}/health" in service["healthcheck"]["test"][-1]
    run = next(c for c in containers(objects("Deployment")["tocsin"]) if c["name"] == "tocsin")
    (address,) = (a.partition("=")[2] for a in run["args"] if a.startswith("--health="))
    (port,) = run["ports"]
    assert address == f"0.0.0.0:{port['containerPort']}"  # the kubelet asks from outside the pod
    for probe in ("startupProbe", "livenessProbe"):
        assert run[probe]["httpGet"] == {"path": "/health", "port": port["name"]}
