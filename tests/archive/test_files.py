"""Archives as files: other tools read them, a crash costs at most the last record, nobody writes another's file."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import multiprocessing
import os
import re
import subprocess
import sys
from base64 import b32encode
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from tests.archive.samples import Clock, capture
from tests.samples import NOW, entry, later
from transforms.archive.files import Bounds, WarcFiles, prune
from transforms.archive.model import ArchiveError, Capture, Location
from transforms.archive.reading import capture_at, raw_record, responses


def written(folder: Path, *captures: Capture) -> list[Location]:
    files = WarcFiles(folder, Clock())
    try:
        return [files.put(one) for one in captures]
    finally:
        files.close()


def test_other_tools_read_what_is_written(tmp_path: Path) -> None:
    first, second = capture(1), capture(2, entry=None)
    places = written(tmp_path, first, second)
    (path,) = tmp_path.iterdir()
    assert re.fullmatch(rf"tocsin-20240628T120000Z-.+-{os.getpid()}-00000\.warc\.gz", path.name)
    with path.open("rb") as file:
        kinds, offsets = [], {}
        records = ArchiveIterator(file, check_digests="raise")
        for record in records:
            kinds.append(record.rec_type)
            body = record.content_stream().read()
            if record.rec_type == "response":
                told = record.rec_headers
                offsets[told.get_header("WARC-Target-URI")] = records.get_record_offset()
                digest = b32encode(hashlib.sha256(body).digest()).decode()
                assert told.get_header("WARC-Payload-Digest") == f"sha256:{digest}"
                assert told.get_header("WARC-Date") == "2024-06-28T12:00:00.000000Z"
                assert record.http_headers.get_header("etag") == '"x"'
                assert record.http_headers.get_header("content-length") == str(len(body))
    assert kinds == ["warcinfo", "metadata", "response", "response"]
    assert offsets == {first.url: places[0].offset, second.url: places[1].offset}
    check = subprocess.run([sys.executable, "-m", "warcio.cli", "check", path], capture_output=True, check=False)
    assert check.returncode == 0, check.stdout


def test_what_is_kept_is_found_again_by_its_place(tmp_path: Path) -> None:
    told = [
        capture(1),
        capture(2, body=b"%PDF-1.7 x", headers=(("content-type", "application/pdf"),)),
        capture(3, body=b""),
    ]
    for one, place in zip(told, written(tmp_path, *told), strict=True):
        found = capture_at(tmp_path / place.file, place.offset)
        assert (found.url, found.body, found.retrieved, found.status) == (one.url, one.body, one.retrieved, 200)
        assert found.content_type == one.content_type
        assert Location.parse(str(place)) == place
    (path,) = tmp_path.iterdir()
    assert [found.capture.entry for found in responses(path)] == [one.entry for one in told]


def test_headers_that_no_longer_hold_and_cookies_are_left_out(tmp_path: Path) -> None:
    headers = (
        ("content-encoding", "gzip"),
        ("transfer-encoding", "chunked"),
        ("set-cookie", "session=1"),
        ("content-length", "3"),
        ("x-odd", "one\r\n two"),
        ("not a name", "x"),
    )
    (place,) = written(tmp_path, capture(headers=headers, url="https://news.example/a b\r\nc"))
    found = capture_at(tmp_path / place.file, place.offset)
    assert dict(found.headers) == {"x-odd": "one two", "content-length": str(len(found.body))}
    assert found.url == "https://news.example/a%20b%0D%0Ac"


def test_a_torn_last_record_costs_itself_alone(tmp_path: Path) -> None:
    places = written(tmp_path, *map(capture, range(3)))
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for cut in range(places[2].offset + 1, len(whole) - 30, 37):
        path.write_bytes(whole[:cut])
        assert [found.location.offset for found in responses(path)] == [one.offset for one in places[:2]]
        assert capture_at(path, places[1].offset).body == capture(1).body
        with pytest.raises(ArchiveError, match=re.escape(str(path))):
            capture_at(path, places[2].offset)


def test_a_body_that_was_changed_is_refused(tmp_path: Path) -> None:
    import gzip

    (place,) = written(tmp_path, capture(1))
    path = tmp_path / place.file
    plain = gzip.decompress(path.read_bytes()).replace(b"Body 1", b"Body 2")
    forged = tmp_path / "forged.warc"
    forged.write_bytes(plain)
    assert list(responses(forged)) == []
    with pytest.raises(ArchiveError, match="no whole response begins at"):
        capture_at(forged, plain.rindex(b"WARC/1.1\r\n"))


def test_a_single_record_is_a_file_of_its_own(tmp_path: Path) -> None:
    places = written(tmp_path, capture(1), capture(2))
    alone = tmp_path / "one.warc.gz"
    alone.write_bytes(raw_record(tmp_path / places[1].file, places[1].offset))
    (found,) = responses(alone)
    assert found.capture.url == capture(2).url
    assert capture_at(alone, 0).body == capture(2).body


def test_files_rotate_by_size_and_by_day(tmp_path: Path) -> None:
    clock = Clock()
    files = WarcFiles(tmp_path, clock, Bounds(file=1))
    first, second = files.put(capture(1)), files.put(capture(2))
    files.close()
    assert first.file != second.file
    files = WarcFiles(tmp_path, clock)
    third, fourth = files.put(capture(3)), files.put(capture(4))
    clock.now = later(hours=13)
    fifth = files.put(capture(5))
    files.close()
    assert third.file == fourth.file != fifth.file
    assert "20240629T010000Z" in fifth.file
    assert len(list(tmp_path.iterdir())) == 4


def test_a_file_in_use_is_locked_and_is_not_thrown_away(tmp_path: Path) -> None:
    files = WarcFiles(tmp_path, Clock(), Bounds(file=1))
    old = files.put(capture(1)).file
    used = files.put(capture(2)).file
    with (tmp_path / used).open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (tmp_path / "mine.warc.gz").write_bytes(b"another's")
    assert prune(tmp_path, Bounds(total=0), NOW) == [old]
    files.close()
    assert prune(tmp_path, Bounds(total=0), NOW) == [used]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.warc.gz"]


def test_old_files_go_by_age_and_the_oldest_first_by_size(tmp_path: Path) -> None:
    clock, names = Clock(), []
    for day in range(4):
        clock.now = later(days=day)
        files = WarcFiles(tmp_path, clock)
        names.append(files.put(capture(day)).file)
        files.close()
    assert prune(tmp_path, Bounds(), clock.now) == []
    assert prune(tmp_path, Bounds(age=timedelta(days=2, hours=12)), clock.now) == names[:1]
    left = sum((tmp_path / name).stat().st_size for name in names[2:])  # no two are of one size: ids are random
    assert prune(tmp_path, Bounds(total=left), clock.now) == names[1:2]
    files = WarcFiles(tmp_path, clock, Bounds(total=left // 2))
    files.put(capture(9))
    files.close()
    assert names[2] not in {path.name for path in tmp_path.iterdir()}


def _write_many(folder: Path, start: int) -> None:
    written(folder, *(capture(start + n) for n in range(20)))


def test_two_processes_have_their_own_files(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write_many, args=(tmp_path, start)) for start in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    urls = {found.capture.url for path in files for found in responses(path)}
    assert urls == {capture(start + n).url for start in (0, 100) for n in range(20)}


def test_after_a_write_that_failed_midway_a_new_file_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = WarcFiles(tmp_path, Clock())
    kept = files.put(capture(1))
    real = os.write

    def half(file: int, data: bytes) -> int:
        real(file, bytes(data)[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space left"):
        files.put(capture(2))
    monkeypatch.setattr(os, "write", real)
    after = files.put(capture(3))
    files.close()
    assert after.file != kept.file
    assert capture_at(tmp_path / after.file, after.offset).body == capture(3).body
    assert [found.capture.url for found in responses(tmp_path / kept.file)] == [capture(1).url]


def test_a_full_disk_is_not_littered_and_what_may_go_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = written(tmp_path, capture(1))[0].file
    real = os.write

    def full(file: int, data: bytes) -> int:
        if (tmp_path / old).exists():
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", full)
    files = WarcFiles(tmp_path, Clock(later(days=1)))
    for n in range(3):
        with pytest.raises(OSError, match="No space left"):
            files.put(capture(n))
    assert [path.name for path in tmp_path.iterdir()] == [old]
    files = WarcFiles(tmp_path, Clock(later(days=9)), Bounds(age=timedelta(days=8)))
    place = files.put(capture(2))
    files.close()
    assert [path.name for path in tmp_path.iterdir()] == [place.file]


def test_what_is_no_archive_is_refused_with_a_reason(tmp_path: Path) -> None:
    import gzip

    odd = tmp_path / "odd.warc"
    odd.write_bytes(b"<html>no archive</html>\n")
    with pytest.raises(ArchiveError, match="is no WARC file"):
        list(responses(odd))
    with pytest.raises(ArchiveError, match="cannot be read: No such file"):
        list(responses(tmp_path / "none.warc"))
    (place, _) = written(tmp_path, capture(1), capture(2))
    lump = tmp_path / "lump.warc.gz"
    lump.write_bytes(gzip.compress(gzip.decompress((tmp_path / place.file).read_bytes())))
    with pytest.raises(ArchiveError, match="warcio recompress"):
        list(responses(lump))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    body=st.binary(max_size=300),
    url=st.text(max_size=40),
    headers=st.lists(st.tuples(st.text(max_size=10), st.text(max_size=20)), max_size=4),
    title=st.text(max_size=20),
    status=st.integers(100, 999),
)
def test_any_answer_is_kept_to_the_byte(
    tmp_path: Path, body: bytes, url: str, headers: list[tuple[str, str]], title: str, status: int
) -> None:
    one = capture(
        url=f"https://a.example/{url}", body=body, headers=tuple(headers), status=status, entry=entry(title=title)
    )
    (place,) = written(tmp_path, one)
    found = capture_at(tmp_path / place.file, place.offset)
    assert (found.body, found.status) == (body, status)
    (listed,) = responses(tmp_path / place.file)
    assert listed.capture.entry == one.entry


@given(data=st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_an_archive_or_an_archive_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.warc.gz"
    for content in (data, b"WARC/1.1\r\n" + data, b"\x1f\x8b" + data):
        path.write_bytes(content)
        for read in (lambda: list(responses(path)), lambda: capture_at(path, 0), lambda: raw_record(path, 0)):
            with contextlib.suppress(ArchiveError):
                read()
