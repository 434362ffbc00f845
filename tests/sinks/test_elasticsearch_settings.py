"""Store URLs of Elasticsearch, and secrets that stay out of them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from sinks.elasticsearch import ElasticsearchStore
from sinks.elasticsearch.settings import Settings, parse, secrets
from sinks.urls import StoreAt
from transforms.contracts import StoreError


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("http://localhost", Settings(hosts=("http://localhost:9200",))),
        ("https://es.example/", Settings(hosts=("https://es.example:443",))),
        (
            "https://a:9200,b:9201,[::1]:9202/arms-test",
            Settings(hosts=("https://a:9200", "https://b:9201", "https://[::1]:9202"), prefix="arms-test"),
        ),
        (
            "http://h:1/p?shards=3&replicas=1&wait_for_active_shards=all&patience=5&timeout=7",
            Settings(
                hosts=("http://h:1",), prefix="p", shards=3, replicas=1, active="all", patience=5.0, timeout=7.0
            ),
        ),
        ("http://h?replicas=0", Settings(hosts=("http://h:9200",), replicas=0)),
    ],
)  # fmt: skip
def test_urls(url: str, settings: Settings) -> None:
    assert parse(url) == settings


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://elastic:hunter2@h:9200", "a user or password in it would be seen"),
        ("http://h/?api_key=hunter2", "no option 'api_key'.*Secrets go into the environment"),
        ("http://h/?shards=hunter2", "shards is a whole number from 1 to 1024"),
        ("http://h/?replicas=-1", "replicas is a whole number from 0 to 16"),
        ("http://h/?wait_for_active_shards=most", "'all' or a number"),
        ("http://h/Arms", "lower-case letters"),
        ("http://h/a/b", "lower-case letters"),
        ("http://", "is no host"),
        ("http://h:port", "is no host"),
        ("http://a,,b", "is no host"),
    ],
)
def test_a_wrong_url_says_what_would_be_right_and_repeats_no_secret(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as told:
        StoreAt(url)()
    assert "hunter2" not in str(told.value)


def test_a_password_before_a_host_is_not_repeated_for_other_stores_either() -> None:
    with pytest.raises(StoreError, match=r"store URL 'mysql://h/db': no store for 'mysql'") as told:
        StoreAt("mysql://root:hunter2@h/db")()
    assert "hunter2" not in str(told.value)


def test_the_factory_is_picklable_and_connects_to_nothing() -> None:
    factory = StoreAt("http://127.0.0.1:9/none")
    assert pickle.loads(pickle.dumps(factory)) == factory
    assert isinstance(factory(), ElasticsearchStore)


def test_secrets_come_from_the_environment_or_files(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("abc\n")
    assert secrets({"TOCSIN_ES_API_KEY_FILE": str(key)}).api_key == "abc"
    assert secrets({"TOCSIN_ES_API_KEY": "abc", "TOCSIN_ES_USER": "u", "TOCSIN_ES_PASSWORD": "p"}).basic is None
    assert secrets({"TOCSIN_ES_USER": "u", "TOCSIN_ES_PASSWORD_FILE": str(key)}).basic == ("u", "abc")
    assert secrets({"TOCSIN_ES_CLOUD_ID": "c:x"}).cloud_id == "c:x"
    assert "abc" not in repr(secrets({"TOCSIN_ES_API_KEY": "abc"}))


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"TOCSIN_ES_USER": "hunter2"}, "go together"),
        ({"TOCSIN_ES_API_KEY_FILE": "/nowhere"}, "TOCSIN_ES_API_KEY_FILE: /nowhere cannot be read: No such file"),
        ({"TOCSIN_ES_CA": "/nowhere"}, "TOCSIN_ES_CA: there is no file /nowhere"),
    ],
)
def test_wrong_secrets_are_told_by_the_variables_name(environment: dict[str, str], message: str) -> None:
    with pytest.raises(StoreError, match=message) as told:
        secrets(environment)
    assert "hunter2" not in str(told.value)


def test_the_store_command_knows_the_file_too(tmp_path: Path) -> None:
    runner, url = CliRunner(), f"sqlite:///{tmp_path}/tocsin.db"
    missing = runner.invoke(app, ["store", "status", "--store", url])
    assert (missing.exit_code, "not made yet" in missing.output) == (1, True)
    made = runner.invoke(app, ["store", "init", "--store", url])
    assert (made.exit_code, "schema version" in made.output) == (0, True)
    assert runner.invoke(app, ["store", "status", "--store", url]).exit_code == 0
    assert runner.invoke(app, ["store", "upgrade", "--rebuild", "--store", url]).exit_code == 0
