"""A configuration is read whole, and all its mistakes are named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from node.config.load import Broken, Loaded, find_file, load
from node.config.sections import Config

NOW = datetime(2026, 9, 3, tzinfo=UTC)
SECRET = "s" * 32
LEAST = f'[server]\nhost = "alpha.test"\nsecret_key = "{SECRET}"\n'


def config(folder: Path, text: str = LEAST, **environ: str) -> Config:
    answer = read(folder, text, **environ)
    assert isinstance(answer, Loaded), answer
    return answer.config


def mistakes(folder: Path, text: str, **environ: str) -> list[str]:
    answer = read(folder, text, **environ)
    assert isinstance(answer, Broken), answer
    return [str(each).replace(f"{folder}/", "") for each in answer.mistakes]


def read(folder: Path, text: str, **environ: str) -> Loaded | Broken:
    path = folder / "config.toml"
    path.write_text(text)
    return load(path, environ, NOW)


def test_two_keys_are_enough(tmp_path: Path) -> None:
    found = config(tmp_path)

    assert found.server.base_url == "https://alpha.test"
    assert found.server.netloc == "alpha.test"
    assert found.server.domain == "alpha.test"
    assert found.server.data_dir == str(tmp_path)
    assert found.database_url == f"sqlite://{tmp_path}/covey.db"
    assert found.federation.queue_retention == timedelta(days=30)


def test_a_url_of_its_own_names_host_and_domain(tmp_path: Path) -> None:
    text = LEAST + 'url = "http://localhost:8420/"\n[federation]\nallow_http = true\n'

    server = config(tmp_path, text).server

    assert (server.base_url, server.netloc) == ("http://localhost:8420", "localhost:8420")
    assert server.domain == "localhost:8420"


def test_an_account_domain_of_its_own_is_what_handles_show(tmp_path: Path) -> None:
    assert config(tmp_path, LEAST + 'account_domain = "example.org"').server.domain == "example.org"


def test_three_mistakes_are_three_lines_each_with_its_place(tmp_path: Path) -> None:
    text = LEAST + 'listen = "x"\n\n[federation]\nconnect_timeout = 5\n[log]\nlevel = "loud"\n'

    listen, timeout, level = mistakes(tmp_path, text)

    assert listen.startswith("config.toml:4: server.listen is 'x': must be a list of ")
    assert timeout.startswith("config.toml:7: federation.connect_timeout is 5: must be a time with")
    assert level == (
        "config.toml:9: log.level is 'loud': must be one of debug, info, warning, error"
    )


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    host, secret = mistakes(tmp_path, "")

    assert host.startswith("server.host: is missing; needs a host name")
    assert secret.startswith("server.secret_key: is missing; needs a text of at least 32")


def test_an_unknown_key_is_a_mistake_with_a_guess(tmp_path: Path) -> None:
    text = LEAST + "listn = []\ncolour = 1\n[federaton]\nallow_http = true\n[limits]\n"

    assert mistakes(tmp_path, text, COVEY__LOG__LEVL="info", COVEY__LOG="info") == [
        "config.toml:4: server.listn: no such key; did you mean listen?",
        "config.toml:5: server.colour: no such key",
        "config.toml:7: federaton.allow_http: no such section; did you mean federation?",
        "$COVEY__LOG: log: no such key",
        "$COVEY__LOG__LEVL: log.levl: no such key; did you mean level?",
    ]


def test_a_key_without_a_section_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, f'host = "alpha.test"\n{LEAST}') == [
        "config.toml:1: host: stands outside of every section"
    ]


def test_a_file_that_cannot_be_read_is_one_mistake(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, "[server")) == 1
    missing = load(tmp_path / "missing.toml", {}, NOW)
    assert isinstance(missing, Broken)
    assert "cannot be read" in str(missing.mistakes[0])


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    found = config(
        tmp_path,
        LEAST,
        COVEY__SERVER__HOST="beta.test",
        COVEY__SERVER__LISTEN='["127.0.0.1:1", "unix:/run/covey.sock"]',
        COVEY__FEDERATION__HOSTS='{ "alpha.test" = "127.0.0.1:2" }',
        COVEY__FEDERATION__ALLOW_HTTP="true",
        COVEY__FEDERATION__REQUEST_TIMEOUT="2m",
        COVEY__LIMITS__MESSAGE_CHARACTERS="100",
        COVEY_CONFIG="ignored",
    )

    assert found.server.host == "beta.test"
    assert found.server.listen == ("127.0.0.1:1", "unix:/run/covey.sock")
    assert found.federation.hosts == {"alpha.test": "127.0.0.1:2"}
    assert found.federation.allow_http is True
    assert found.federation.request_timeout == timedelta(minutes=2)
    assert found.limits.message_characters == 100


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    text = '[server]\nhost = "alpha.test"\nsecret_key_file = "key"\n'

    assert config(tmp_path, text).server.secret_key == SECRET


def test_a_secret_and_its_file_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)

    found = mistakes(tmp_path, LEAST + 'secret_key_file = "key"')

    assert found == [
        "config.toml:3: server.secret_key: give this or server.secret_key_file, not both"
    ]


def test_a_file_for_a_secret_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    text = '[server]\nhost = "alpha.test"\nsecret_key_file = "none"\n'

    assert mistakes(tmp_path, text) == [
        "config.toml:3: server.secret_key_file is 'none': cannot be read: No such file or directory"
    ]


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    text = '[server]\nhost = "alpha.test"\nsecret_key = "hunter2"\n[database]\nurl = "hunter2"\n'

    assert "hunter2" not in "".join(mistakes(tmp_path, text))
    assert SECRET not in repr(config(tmp_path))


def test_keys_that_need_each_other_are_asked_for(tmp_path: Path) -> None:
    text = LEAST + 'url = "http://alpha.test"\ntls_cert = "cert.pem"\n'

    tls, url = mistakes(tmp_path, text)

    assert tls == "config.toml:5: server.tls_cert: needs server.tls_key_file beside it"
    assert url.startswith("config.toml:4: server.url is 'http://alpha.test': must be https unless")


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    found = config(tmp_path, LEAST + 'data_dir = "data"\ntls_cert = ""\n')

    assert found.server.data_dir == str(tmp_path / "data")
    assert found.server.tls_cert == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("server.host", '"alpha.test/"'),
        ("server.host", '"-alpha.test"'),
        ("server.host", '"alpha..test"'),
        ("server.host", '"alpha.test:0"'),
        ("server.host", "5"),
        ("server.url", '"https://alpha.test/path"'),
        ("server.url", '"ftp://alpha.test"'),
        ("server.url", '"https://user@alpha.test"'),
        ("server.name", '"two\\nlines"'),
        ("server.data_dir", "1"),
        ("server.listen", "[]"),
        ("server.listen", '["127.0.0.1"]'),
        ("server.listen", '["127.0.0.1:70000"]'),
        ("server.listen", '["unix:"]'),
        ("server.listen", "[1]"),
        ("server.trusted_proxies", '["localhost"]'),
        ("server.trusted_proxies", '["10.0.0.1/8"]'),
        ("server.failpoints", "1"),
        ("server.failpoints", '"true"'),
        ("database.url", '"sqlite:covey.db"'),
        ("database.url", '"sqlite://covey.db"'),
        ("database.url", '"mysql://host/name"'),
        ("database.url", '"postgres://host"'),
        ("database.url", "1"),
        ("database.pool", "0"),
        ("database.pool", "true"),
        ("database.pool", "201"),
        ("federation.hosts", '["alpha.test"]'),
        ("federation.hosts", '{ "alpha.test" = "127.0.0.1" }'),
        ("federation.hosts", '{ "Alpha.test" = "127.0.0.1:1" }'),
        ("federation.queue_retention", '"30"'),
        ("federation.queue_retention", '"0d"'),
        ("federation.queue_retention", '"30 d"'),
        ("limits.message_characters", "10001"),
        ("log.format", '"xml"'),
    ],
)
def test_a_wrong_value_is_one_mistake(tmp_path: Path, key: str, value: str) -> None:
    section, _, name = key.partition(".")
    least = LEAST.replace('host = "alpha.test"\n', "") if key == "server.host" else LEAST

    head = "" if section == "server" else f"[{section}]\n"

    found = mistakes(tmp_path, f"{least}{head}{name} = {value}\n")

    assert len(found) == 1
    assert key in found[0]
    assert "must be" in found[0]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///srv/covey.db",
        "postgres://covey@127.0.0.1:5432/covey",
        "postgresql://covey:pass@db.test/covey",
    ],
)
def test_both_databases_can_be_named(tmp_path: Path, url: str) -> None:
    assert config(tmp_path, f'{LEAST}[database]\nurl = "{url}"\n').database_url == url


def test_the_file_is_found_in_the_order_of_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_file(None, {}) is None
    (tmp_path / "data").mkdir()
    (tmp_path / "data/config.toml").touch()
    assert find_file(None, {}) == Path("data/config.toml")
    (tmp_path / "config.toml").touch()
    assert find_file(None, {}) == Path("config.toml")
    assert find_file(None, {"COVEY_CONFIG": "elsewhere.toml"}) == Path("elsewhere.toml")
    assert find_file("given.toml", {"COVEY_CONFIG": "elsewhere.toml"}) == Path("given.toml")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "cannot be read: No such file or directory"), ("x", "holds no certificate in PEM")],
)
def test_authorities_that_nobody_can_trust_are_a_mistake_beside_others(
    tmp_path: Path, content: str | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    text = LEAST + '[federation]\nca_file = "ca.pem"\n[log]\nlevel = "loud"\n'

    found = mistakes(tmp_path, text)

    assert len(found) == 2
    assert any("federation.ca_file" in one and complaint in one for one in found)
