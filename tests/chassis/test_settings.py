import pytest

from chassis.settings import BadSettings, Settings, load_settings, settings_page

ADDRESSES = {"nats_url": "nats://127.0.0.1:4222", "postgres_dsn": "postgresql://onboarding:hunter22@db.local/ruche"}
LONG_WORDS = "sixteen letters and more"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RUCHE_{name.upper()}", raising=False)


def complaint(**given: object) -> str:
    with pytest.raises(BadSettings) as caught:
        load_settings(**given)
    return str(caught.value)


def test_what_is_missing_is_named_with_what_it_is_for():
    told = complaint()

    assert "RUCHE_NATS_URL is missing: Addresses of the NATS servers" in told
    assert "RUCHE_POSTGRES_DSN is missing: Address of the database" in told


def test_real_servers_need_a_deployment_secret():
    assert "RUCHE_DEPLOYMENT_SECRET is missing" in complaint(**ADDRESSES)
    assert "at least 16" in complaint(**ADDRESSES, deployment_secret=LONG_WORDS[:15])


def test_embedded_servers_need_none():
    assert load_settings(**ADDRESSES, embedded=True).secret == b"embedded"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RUCHE_NATS_URL", "nats://a:4222, nats://b:4222")
    monkeypatch.setenv("RUCHE_POSTGRES_DSN", ADDRESSES["postgres_dsn"])
    monkeypatch.setenv("RUCHE_DEPLOYMENT_SECRET", LONG_WORDS)
    monkeypatch.setenv("RUCHE_PUBLISHERS", '{"https://forum.example/": "discourse"}')
    monkeypatch.setenv("RUCHE_CONDUCTED", "true")

    settings = load_settings()

    assert settings.nats_options("onboarding")["servers"] == ["nats://a:4222", "nats://b:4222"]
    assert settings.publishers == {"https://forum.example/": "discourse"}
    assert settings.conducted
    assert settings.secret == LONG_WORDS.encode()


def test_no_secret_is_shown():
    user = {"nats_user": "onboarding", "nats_password": "pass-word"}
    settings = load_settings(**ADDRESSES, **user, deployment_secret=LONG_WORDS)

    shown = f"{settings!r} {settings} {settings.model_dump_json()}"

    for word in (LONG_WORDS, "pass-word", "hunter22"):
        assert word not in shown


def test_a_complaint_never_repeats_the_value():
    told = complaint(
        nats_url="http://user:pass-word@host:4222",
        postgres_dsn="mysql://user:hunter22@host/db",
        deployment_secret=LONG_WORDS,
        log_level=LONG_WORDS,
        http_host=LONG_WORDS,
        publishers={"https://forum.example/": LONG_WORDS},
    )

    for word in (LONG_WORDS, "pass-word", "hunter22"):
        assert word not in told
    assert "RUCHE_NATS_URL wants addresses like nats://host:4222" in told
    assert "RUCHE_POSTGRES_DSN wants an address like" in told
    assert "RUCHE_LOG_LEVEL input should be 'debug', 'info'" in told
    assert "RUCHE_HTTP_HOST wants an address of this machine" in told
    assert "RUCHE_PUBLISHERS" in told


def test_user_and_password_go_together():
    assert "go together" in complaint(**ADDRESSES, deployment_secret=LONG_WORDS, nats_user="onboarding")


def test_a_user_inside_the_address_is_taken_out_of_it():
    settings = load_settings(
        **ADDRESSES | {"nats_url": "nats://onboarding:pass%2Dword@a:4222,nats://b:4222"}, embedded=True
    )

    assert settings.nats_url == "nats://a:4222,nats://b:4222"
    assert {"user": "onboarding", "password": "pass-word"}.items() <= settings.nats_options("onboarding").items()
    assert "pass" not in repr(settings).replace("nats_password", "")


def test_two_users_are_refused():
    told = complaint(**ADDRESSES | {"nats_url": "nats://a:x@a:4222,nats://b:y@b:4222"}, embedded=True)

    assert "RUCHE_NATS_URL has more than one user" in told


def test_a_connection_is_never_given_up():
    options = load_settings(**ADDRESSES, embedded=True).nats_options("onboarding")

    assert options["max_reconnect_attempts"] == -1
    assert options["inbox_prefix"] == b"_INBOX_onboarding"
    assert options["ping_interval"] <= 20


def test_answers_arrive_under_the_user_whose_permissions_name_it():
    def prefix(user):
        return load_settings(**ADDRESSES, embedded=True, nats_user=user, nats_password="-").inbox_prefix("operator")  # noqa: S106 - of nobody

    assert prefix("camille") == "_INBOX_camille"
    assert prefix("no token.of > a subject") == "_INBOX_operator"


def test_every_setting_stands_in_the_page_with_its_words():
    page = settings_page()

    for name, field in Settings.model_fields.items():
        assert f"`RUCHE_{name.upper()}`" in page
        assert field.description
    assert page == settings_page()
