"""What the image of deploy/Dockerfile holds, put together without a container engine: the wheel, built from what the
Dockerfile copies, and nothing but the image's lock, in a clean environment, used by another user in another folder.

A worker pool in it, started by the manifests' command, does the whole main job for a real Prism.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.manifests import DEPLOY, ROOT
from tests.deploy.test_manifests import POOL

NOBODY = 65534
PATIENCE = 600
"""Seconds until a wait is given up; only a guard."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The environment, as /opt/tocsin is in the image."""
    folder = tmp_path_factory.mktemp("image")
    folder.chmod(0o755)
    for above in folder.parents:  # pytest keeps its folders to itself; another user must get in
        if os.access(above, os.W_OK) and above.stat().st_uid == os.getuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
    source = folder / "src"
    _copy(source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder / "out"), str(source))
    shutil.rmtree(source)
    (wheel,) = (folder / "out").glob("*.whl")
    _run(_interpreter(), "-m", "venv", "--without-pip", str(folder / "opt"))
    install = [*pip, "--python", str(folder / "opt/bin/python"), "install"]
    _run(*install, "--require-hashes", "-r", str(DEPLOY / "requirements.lock"))
    _run(*install, "--no-deps", str(wheel))
    yield folder / "opt"
    shutil.rmtree(folder, ignore_errors=True)  # 1 GB


def _interpreter() -> str:
    """A Python of this version that the other user may run: ours may be in a home that is closed to others."""
    name = f"python3.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/local/bin/{name}", f"/usr/bin/{name}"):
        try:
            subprocess.run([candidate, "-c", ""], check=True, **_user())  # type: ignore[call-overload]
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip(f"no {name} that another user may run")


def _user() -> dict[str, object]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def _copy(target: Path) -> None:
    """What the Dockerfile's first stage copies."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    stage = text[text.index(" AS wheel") : text.index("\nFROM ", text.index(" AS wheel"))]
    for sources, place in re.findall(r"^COPY (.+) (\S+)$", stage, re.MULTILINE):
        for source in sources.split():
            to = target / place / source if place == "./" else target / place
            to.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, to, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, to)


def _run(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def as_somebody_else(image: Path, home: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the image's under another user (where we may), in its own folder, with nothing of ours around it."""
    environment = {
        "PATH": f"{image / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "TOCSIN_CACHE": str(home / "cache"),
        "TOCSIN_PRISM": str(home / "prism"),
    }
    process = subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **_user()
    )  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of that user's."""
    for above in (tmp_path, *tmp_path.parents):
        if above.stat().st_uid == os.getuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
    folder = tmp_path / "home"
    folder.mkdir()
    if _user():
        os.chown(folder, NOBODY, NOBODY)
    return folder


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_worker_pool_of_the_image_does_the_main_job_for_prism(image: Path, home: Path) -> None:
    _put_prism(home / "prism")
    shutil.copytree(ROOT / "samples", home / "samples")
    port, site = _free_port(), _free_port()
    sources = home / "samples" / "sources.yaml"
    sources.write_text(sources.read_text(encoding="utf-8").replace("127.0.0.1:8917", f"127.0.0.1:{site}"))
    for page in (home / "samples" / "site").rglob("*"):
        if page.suffix in {".xml", ".html", ".json", ".txt"}:
            page.write_text(page.read_text(encoding="utf-8").replace("127.0.0.1:8917", f"127.0.0.1:{site}"))
    store = home / "events.db"
    program = str(image / "bin" / POOL[0])
    run = [
        str(image / "bin" / "tocsin"), "run", "--runner=PrismRunner", "--sources", str(sources),
        "--serve", str(home / "samples" / "site"), "--store", f"sqlite:///{store}", "--log-format=json",
        "--beam=environment_type=EXTERNAL", f"--beam=environment_config=localhost:{port}",
    ]  # fmt: skip
    with (
        as_somebody_else(image, home, program, *POOL[1:], str(port), "json") as pool,
        as_somebody_else(image, home, *run) as service,
    ):
        until = time.monotonic() + PATIENCE
        while not _done(store):
            assert service.poll() is None, service.stdout and service.stdout.read()
            assert pool.poll() is None, pool.stdout and pool.stdout.read()
            assert time.monotonic() < until, "no events"
            time.sleep(0.5)
        service.terminate()
        assert service.wait(60) == 0
    events = _run(str(image / "bin" / "tocsin"), "export", "events", "--store", f"sqlite:///{store}")
    pairs = {(row["supplier"]["iso3"], row["recipient"]["iso3"]) for row in map(json.loads, events.splitlines())}
    here = _expected(home)
    assert pairs == here and pairs


def _done(store: Path) -> bool:
    """Whether entries have come, and all have their outcome."""
    if not store.exists():
        return False
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        try:
            rows = connection.execute("SELECT outcome IS NULL, count(*) FROM inbox GROUP BY 1").fetchall()
        except sqlite3.OperationalError:  # being made
            return False
    return [pending for pending, _ in rows] == [0]


def _expected(home: Path) -> set[tuple[str, str]]:
    """The pairs of a round of this checkout's on the in-process runner."""
    store = home / "expected.db"
    tocsin = str(Path(sys.executable).with_name("tocsin"))
    folder = home / "samples"
    options = ["--sources", str(folder / "sources.yaml"), "--serve", str(folder / "site")]
    _run(tocsin, "run", "--once", *options, "--store", f"sqlite:///{store}")
    events = _run(tocsin, "export", "events", "--store", f"sqlite:///{store}")
    return {(row["supplier"]["iso3"], row["recipient"]["iso3"]) for row in map(json.loads, events.splitlines())}


def _put_prism(target: Path) -> None:
    """Prism, where the other user may run it."""
    done = subprocess.run([sys.executable, DEPLOY / "prism" / "build"], check=False, capture_output=True, text=True)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"no Prism: {done.stderr}")
        pytest.skip(f"no Prism: {done.stderr.strip()}")
    shutil.copy(done.stdout.strip(), target)
    target.chmod(0o755)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
