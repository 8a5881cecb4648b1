"""Bolt's own OAuth flow, from its page to its installation store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

from tests.contract.conftest import MakeRig
from tests.contract.consents import ENDS, browse, says
from tests.contract.doors import Serve, Wsgi
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, recording
from tests.waiting import until


class Door:
    """A WSGI application whose Bolt comes later, for Bolt must know its own address."""

    app: Wsgi | None = None

    def __call__(self, environ: Json, start: Callable[..., Any]) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start)


@pytest.fixture
def store(tmp_path: Path) -> FileInstallationStore:
    return FileInstallationStore(base_dir=str(tmp_path / "installations"))


@pytest.fixture
def bolted(
    make_rig: MakeRig, serve: Serve, store: FileInstallationStore, tmp_path: Path
) -> tuple[Rig, str]:
    """A Bolt without a token, behind a request URL; it can only be installed."""
    door = Door()
    base = serve(door).removesuffix("/slack/events")
    back = f"{base}/slack/oauth_redirect"
    rig = make_rig(redirect_urls=[back], events=ENDS)
    rig.box.uninstall()
    rig.app = App(
        client=WebClient(base_url=rig.box.api_url),
        signing_secret=rig.box.signing_secret,
        process_before_response=True,
        oauth_settings=OAuthSettings(
            client_id=rig.box.client_id,
            client_secret=rig.box.client_secret,
            scopes=["chat:write", "commands", "channels:history"],
            redirect_uri=back,
            authorization_url=rig.box.authorize_url,
            installation_store=store,
            state_store=FileOAuthStateStore(
                expiration_seconds=600, base_dir=str(tmp_path / "states")
            ),
        ),
    )
    rig.app.enable_token_revocation_listeners()
    door.app = SlackRequestHandler(rig.app)
    rig.box.deliver_over_http(f"{base}/slack/events")
    return rig, base


def sent_back(rig: Rig, base: str) -> tuple[str, str]:
    """Let maya agree to what Bolt's own page asks for; return where that leads, and her cookie."""
    _, page, _, cookie = browse(f"{base}/slack/install")
    found = re.search(r'href="([^"]+/oauth/v2/authorize[^"]+)"', page)
    assert found
    return says(rig, browse(unescape(found[1]))[1])[1], cookie.partition(";")[0]


def installed_by(rig: Rig, base: str) -> int:
    """Let maya go all the way; return how Bolt answers in the end."""
    location, cookie = sent_back(rig, base)
    return browse(location, Cookie=cookie)[0]


@pins("Bolt's own OAuth flow installs the app.", "slack_bolt 1.30.0", Sure.READ)
def test_bolt_is_installed_and_serves_people(
    bolted: tuple[Rig, str], store: FileInstallationStore
) -> None:
    rig, base = bolted
    rig.app.command("/hello")(recording("Good morning")[0])
    assert rig.maya.types("/hello").outcome == "unknown_command"
    assert installed_by(rig, base) == 200
    team = rig.client.auth_test()["team_id"]
    kept = store.find_bot(enterprise_id=None, team_id=team)
    assert kept is not None
    assert kept.bot_token == rig.box.bot_token
    assert rig.maya.types("/hello").outcome == "acked"
    assert rig.maya.is_shown("Good morning")


@pins("Bolt refuses a callback without the state that it gave out.", "slack_bolt 1.30.0", Sure.READ)
def test_bolt_refuses_a_callback_without_its_state(bolted: tuple[Rig, str]) -> None:
    rig, base = bolted
    location, _ = sent_back(rig, base)
    assert browse(location)[0] == 400
    with pytest.raises(SlackApiError, match="account_inactive"):
        rig.client.auth_test()


@pins(
    "An app that leaves by apps.uninstall is told of it as of any other end.",
    "docs.slack.dev/reference/methods/apps.uninstall",
)
def test_bolt_forgets_an_installation_that_ended(
    bolted: tuple[Rig, str], store: FileInstallationStore
) -> None:
    rig, base = bolted
    installed_by(rig, base)
    team = rig.client.auth_test()["team_id"]
    ours = {"client_id": rig.box.client_id, "client_secret": rig.box.client_secret}
    assert rig.client.apps_uninstall(**ours)["ok"]
    with pytest.raises(SlackApiError, match="account_inactive"):
        rig.client.auth_test()
    until(lambda: store.find_bot(enterprise_id=None, team_id=team) is None)
