import base64
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.retention import Retention
from bot.errors import SettingsError
from bot.settings import load, new_key

KEY = "k1:" + base64.urlsafe_b64encode(bytes(32)).decode()
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "HEARTH_KEYS": KEY}
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OVER_HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "HEARTH_KEYS": KEY}
NO_FILE = Path(os.devnull)


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        load(NO_FILE, environ)
    return refused.value.problems


def test_three_settings_are_enough() -> None:
    settings = load(NO_FILE, GOOD)
    assert settings.api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///hearth.db"
    assert settings.primary_key == "k1"


def test_every_missing_setting_is_named_at_once_with_where_to_find_it() -> None:
    told = problems({})
    assert [problem.split()[0] for problem in told] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "HEARTH_KEYS",
    ]
    assert "OAuth & Permissions" in told[0]
    assert "connections:write" in told[1]
    assert "hearth key" in told[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1"),
        ("SLACK_BOT_TOKEN", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-1 and more"),
        ("SLACK_APP_TOKEN", "xoxb-1"),
        ("HEARTH_KEYS", "no-colon"),
        ("HEARTH_KEYS", "k1:short"),
        ("HEARTH_KEYS", f"{KEY},{KEY}"),
        ("HEARTH_KEYS", "spaced id:" + KEY.split(":")[1]),
        ("HEARTH_KEYS", "k1:" + "ä" * 44),
        ("DATABASE_URL", "mysql://nowhere"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgres://user@host/hearth"),
        ("DATABASE_URL", "postgresql+psycopg2://user@host/hearth"),
        ("DATABASE_URL", "postgresql://user@host"),
        ("DATABASE_URL", "postgresql://user@host/"),
        ("DATABASE_URL", "postgresql://user@host:port/hearth"),
        ("DATABASE_URL", "postgresql://user@[host/hearth"),
        ("DATABASE_URL", "postgresql://user@host/hearth/tables"),
        ("SLACK_API_URL", "not an address"),
        ("SLACK_CLIENT_ID", "1.2"),
        ("HEARTH_LISTEN", "3000"),
        ("HEARTH_LISTEN", ":3000"),
        ("HEARTH_LISTEN", "127.0.0.1:"),
        ("HEARTH_LISTEN", "127.0.0.1:65536"),
        ("HEARTH_LISTEN", "127.0.0.1:٣٠٠٠"),
        ("HEARTH_LISTEN", "off"),
        ("HEARTH_HEALTH", "on"),
        ("HEARTH_HEALTH", "127.0.0.1:-1"),
        ("HEARTH_LOG", "xml"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    (told,) = problems(GOOD | {name: value})
    assert name in told


def test_no_complaint_repeats_a_secret() -> None:
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "HEARTH_KEYS")
    assert "s3cret" not in " ".join(problems(dict.fromkeys(names, "s3cret")))


@pytest.mark.parametrize("place", ["s3#cret", "s3/cret", "s3?cret", "7/s3cret", "s3:c/ret"])
def test_a_password_that_must_be_encoded_is_told_and_not_repeated(place: str) -> None:
    (told,) = problems(GOOD | {"DATABASE_URL": f"postgresql://hearth:{place}@host/hearth"})
    assert "%23" in told
    assert "cret@" not in told


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://hearth:s3%23cret@db.example:5432/hearth?sslmode=require",
        "postgresql://hearth@/hearth?host=/run/postgresql",
        "postgresql:///hearth",
    ],
)
def test_a_database_may_be_on_a_postgresql_server(url: str) -> None:
    settings = load(NO_FILE, GOOD | {"DATABASE_URL": url})
    assert settings.database_url == url
    assert "s3" not in repr(settings)


def test_without_the_servers_driver_it_is_told_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "psycopg", raising=False)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    (told,) = problems(GOOD | {"DATABASE_URL": "postgresql://hearth:s3cret@host/hearth"})
    assert "hearth[postgresql]" in told
    assert "s3cret" not in told


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(load(NO_FILE, GOOD)) + repr(load(NO_FILE, OVER_HTTP))
    assert "xoxb" not in shown
    assert "xapp" not in shown
    assert "k1" not in shown
    assert SECRET not in shown


def test_with_a_signing_secret_slack_comes_over_http() -> None:
    settings = load(NO_FILE, OVER_HTTP)
    assert (settings.app_token, settings.signing_secret) == ("", SECRET)
    assert settings.listen == ("127.0.0.1", 3000)
    elsewhere = load(NO_FILE, OVER_HTTP | {"HEARTH_LISTEN": "[::1]:8080"})
    assert elsewhere.listen == ("::1", 8080)
    assert str(elsewhere.listen) == "[::1]:8080"


def test_one_door_is_chosen_and_not_both() -> None:
    (told,) = problems(GOOD | {"SLACK_SIGNING_SECRET": SECRET})
    assert told.startswith("SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set")
    neither = {name: value for name, value in GOOD.items() if name != "SLACK_APP_TOKEN"}
    (told,) = problems(neither)
    assert told.startswith("SLACK_APP_TOKEN is missing")
    assert "set SLACK_SIGNING_SECRET instead" in told


@pytest.mark.parametrize("secret", ["short", "xoxb-1234567890123456", "two words of some length"])
def test_a_signing_secret_that_is_none_is_named(secret: str) -> None:
    (told,) = problems(OVER_HTTP | {"SLACK_SIGNING_SECRET": secret})
    assert told.startswith("SLACK_SIGNING_SECRET")
    assert "Basic Information" in told


def test_the_operator_is_answered_unless_that_is_switched_off() -> None:
    assert load(NO_FILE, GOOD).health == ("127.0.0.1", 9464)
    assert load(NO_FILE, GOOD | {"HEARTH_HEALTH": "0.0.0.0:80"}).health == ("0.0.0.0", 80)  # noqa: S104
    assert load(NO_FILE, GOOD | {"HEARTH_HEALTH": "Off"}).health is None


def test_the_log_is_written_as_asked_or_as_it_fits() -> None:
    assert load(NO_FILE, GOOD).log is None
    assert load(NO_FILE, GOOD | {"HEARTH_LOG": "JSON"}).log == "json"


def test_another_slack_server_must_be_meant() -> None:
    elsewhere = GOOD | {"SLACK_API_URL": "http://127.0.0.1:9/api"}
    assert "HEARTH_ALLOW_OTHER_SLACK" in problems(elsewhere)[0]
    assert load(NO_FILE, elsewhere | {"HEARTH_ALLOW_OTHER_SLACK": "yes"}).api_url == (
        "http://127.0.0.1:9/api/"
    )


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in GOOD.items()))
    assert load(file, {}).bot_token == "xoxb-1"
    assert load(file, {"SLACK_BOT_TOKEN": "xoxb-2"}).bot_token == "xoxb-2"
    assert load(file, {"SLACK_BOT_TOKEN": ""}).bot_token == "xoxb-1"


def test_several_keys_are_held_and_the_first_one_writes() -> None:
    older = new_key("2025-01")
    settings = load(NO_FILE, GOOD | {"HEARTH_KEYS": f"{new_key('2026-11')}, {older}"})
    assert settings.primary_key == "2026-11"
    assert list(settings.keys) == ["2026-11", "2025-01"]


def test_a_new_key_is_accepted_and_never_the_same() -> None:
    assert new_key("a") != new_key("a")
    load(NO_FILE, GOOD | {"HEARTH_KEYS": new_key("2026-11")})


def test_the_example_file_names_every_setting_with_a_line_of_explanation() -> None:
    root = Path(__file__).parents[2]
    lines = (root / ".env.example").read_text().splitlines()
    named = {}
    for before, line in zip(["", *lines], lines, strict=False):
        if "=" in line and not line.startswith("# "):
            named[line.lstrip("#").split("=")[0]] = before
    code = (root / "bot" / "settings.py").read_text()
    assert set(named) == {
        *KEEP,
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "HEARTH_LISTEN",
        "HEARTH_KEYS",
        "DATABASE_URL",
        "SLACK_API_URL",
        "HEARTH_ALLOW_OTHER_SLACK",
        "HEARTH_HEALTH",
        "HEARTH_LATE_MINUTES",
        "HEARTH_LOG",
    }
    for name, explanation in named.items():
        assert f'"{name}"' in code
        assert explanation.startswith("# ")


KEEP = {
    "HEARTH_KEEP_CHECKINS_DAYS": 396,
    "HEARTH_KEEP_ROLES_DAYS": 730,
    "HEARTH_KEEP_EXPORTS_MINUTES": 60,
    "HEARTH_KEEP_GONE_DAYS": 30,
}


@pytest.mark.parametrize("name", KEEP)
def test_things_can_be_kept_for_a_shorter_time_and_never_for_a_longer_one(name: str) -> None:
    assert load(NO_FILE, GOOD).retention == Retention()
    for value in ("1", str(KEEP[name])):
        load(NO_FILE, GOOD | {name: value})
    for value in (str(KEEP[name] + 1), "0", "-1", "1.5", "forever", "1e3", "\u0663", "9" * 50):
        with pytest.raises(SettingsError) as refused:
            load(NO_FILE, GOOD | {name: value})
        (problem,) = refused.value.problems
        assert problem.startswith(f"{name} should be a whole number from 1 to {KEEP[name]}")


def test_each_time_is_set_by_itself() -> None:
    settings = load(NO_FILE, GOOD | {name: str(n) for n, name in enumerate(KEEP, 1)})
    assert settings.retention == Retention(1, 2, 3, 4)


def test_it_can_be_set_how_late_a_ritual_is_still_posted() -> None:
    assert load(NO_FILE, GOOD).late == timedelta(hours=2)
    assert load(NO_FILE, GOOD | {"HEARTH_LATE_MINUTES": "30"}).late == timedelta(minutes=30)
    for value in ("4", "721", "-5", "1.5", "two", "\u0665\u0665"):
        (problem,) = problems(GOOD | {"HEARTH_LATE_MINUTES": value})
        assert problem.startswith("HEARTH_LATE_MINUTES should be a whole number from 5 to 720")
