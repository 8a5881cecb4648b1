"""How a person lets an app into a workspace by OAuth v2, and how it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.request import Request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.contract.conftest import MakeRig
from tests.contract.consents import BACK, ENDS, browse, link, says, told
from tests.contract.doors import status_of
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig
from tests.waiting import until

GUIDE = "docs.slack.dev/authentication/installing-with-oauth"
ACCESS = "docs.slack.dev/reference/methods/oauth.v2.access"
Exchange = Callable[..., Any]


@pytest.fixture
def rig(make_rig: MakeRig) -> Rig:
    return make_rig(redirect_urls=[BACK], events=ENDS)


@pytest.fixture
def exchange(rig: Rig) -> Exchange:
    """Let maya agree, and give a function that exchanges her code, with other arguments if told."""

    def call(asked: dict[str, str | None] | None = None, **other: Any) -> Any:
        code = told(says(rig, browse(link(rig, **(asked or {})))[1])[1])["code"]
        given: dict[str, Any] = {
            "client_id": rig.box.client_id,
            "client_secret": rig.box.client_secret,
            "code": code,
            "redirect_uri": BACK,
        }
        return WebClient(base_url=rig.box.api_url).oauth_v2_access(**(given | other))

    return call


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


# The page


@pins("A person is asked at /oauth/v2/authorize, and sees for what.", GUIDE)
def test_a_person_sees_what_the_app_asks_for(rig: Rig) -> None:
    status, page, _, _ = browse(link(rig, user_scope="search:read"))
    assert status == 200
    for words in ("Lantern", "chat:write", "commands", "search:read", "Maya"):
        assert words in page


@pins("Whoever agrees is sent to the redirect URI with a code and the state.", GUIDE)
def test_whoever_agrees_comes_back_with_a_code_and_the_state(rig: Rig) -> None:
    status, location = says(rig, browse(link(rig))[1])
    assert (status, location.partition("?")[0]) == (302, BACK)
    assert set(told(location)) == {"code", "state"}
    assert told(location)["state"] == "s&1"


@pins("Whoever does not agree is sent there with error=access_denied and the state.", GUIDE)
def test_whoever_cancels_comes_back_without_a_code(rig: Rig) -> None:
    _, location = says(rig, browse(link(rig))[1], "cancel")
    assert told(location) == {"error": "access_denied", "state": "s&1"}


@pins("A link without a redirect URI leads to the first one that the app has configured.", GUIDE)
def test_a_link_without_an_address_leads_to_the_first_one(make_rig: MakeRig) -> None:
    rig = make_rig(redirect_urls=[f"{BACK}?by=one", BACK])
    _, location = says(rig, browse(link(rig, redirect_uri=None, state=None))[1])
    assert set(told(location)) == {"by", "code"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_id": None}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "<b>"}, "invalid_scope"),
        ({"redirect_uri": "http://127.0.0.1:9/other"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:9/backdoor"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:10/back"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}/../other"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}/%2E%2e\\other"}, "bad_redirect_uri"),
    ],
)
@pins(
    "A link with a wrong client id, scope or redirect URI shows an error and leads nowhere.", GUIDE
)
@pins("What the page with the error says.", "", Sure.GUESSED)
def test_a_wrong_link_leads_nowhere(rig: Rig, asked: dict[str, str | None], code: str) -> None:
    status, page, location, _ = browse(link(rig, **asked))
    assert (status, location) == (400, "")
    assert f"<code>{code}</code>" in page


@pins("A redirect URI may lie beneath one that is configured.", GUIDE)
def test_an_address_beneath_a_configured_one_is_one(rig: Rig) -> None:
    _, location = says(rig, browse(link(rig, redirect_uri=f"{BACK}/deep?x=1"))[1])
    assert location.startswith(f"{BACK}/deep?x=1&code=")


@pins("Nobody is sent away from this machine.", "", Sure.OURS)
def test_nobody_is_sent_away_from_this_machine(make_rig: MakeRig) -> None:
    rig = make_rig(redirect_urls=["https://slack.example/back"])
    assert browse(link(rig, redirect_uri="https://slack.example/back"))[0] == 400
    assert browse(link(rig, redirect_uri=None))[0] == 400


@pins("An answer that is no form answers nothing.", "", Sure.OURS)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"no form"),
        ("application/x-www-form-urlencoded; charset=klingon", b"do=allow"),
        ("application/x-www-form-urlencoded", b"do=\xff"),
    ],
)
def test_an_answer_that_is_no_form_answers_nothing(rig: Rig, kind: str, body: bytes) -> None:
    request = Request(rig.box.authorize_url, body, {"Content-Type": kind}, method="POST")
    assert status_of(request) == 400


@pins("A question is answered once, and by nobody who was not asked.", "", Sure.OURS)
def test_a_question_is_answered_once(rig: Rig) -> None:
    page = browse(link(rig))[1]
    assert says(rig, page)[0] == 302
    assert says(rig, page)[0] == 400
    foreign = {"request": "x", "as": "maya", "do": "allow"}
    assert browse(rig.box.authorize_url, foreign, Origin="https://elsewhere.example")[0] == 403


@pins("A guest cannot install an app.", "docs.slack.dev/app-management/distribution")
def test_a_guest_cannot_install_an_app(rig: Rig) -> None:
    assert says(rig, browse(link(rig))[1], who="binod")[0] == 400


# The code


@pins(
    "A code brings a bot token with its scopes, the bot, the app, the team and the person.", ACCESS
)
@pins("The client id and secret come by HTTP Basic authentication.", ACCESS)
def test_a_code_brings_a_token(rig: Rig, exchange: Exchange) -> None:
    rig.box.uninstall()
    answer = exchange()
    assert (answer["access_token"], answer["token_type"]) == (rig.box.bot_token, "bot")
    assert answer["scope"] == "chat:write,commands"
    known = rig.client.auth_test()
    assert (answer["bot_user_id"], answer["app_id"]) == (known["user_id"], "A0SBXHEARTH")
    assert answer["team"] == {"id": known["team_id"], "name": known["team"]}
    assert (answer["enterprise"], answer["is_enterprise_install"]) == (None, False)
    assert answer["authed_user"] == {"id": rig.maya.id}


@pins("They may come as arguments as well.", ACCESS)
def test_the_client_may_be_named_in_the_arguments(rig: Rig) -> None:
    code = told(says(rig, browse(link(rig))[1])[1])["code"]
    client = {"client_id": rig.box.client_id, "client_secret": rig.box.client_secret}
    given = client | {"code": code, "redirect_uri": BACK}
    assert WebClient(base_url=rig.box.api_url).api_call("oauth.v2.access", data=given)["ok"]


@pins("Whoever was asked for scopes of their own gets a user token for them.", ACCESS)
def test_scopes_of_a_person_bring_a_token_of_theirs(exchange: Exchange) -> None:
    user = exchange({"user_scope": "search:read"})["authed_user"]
    assert (user["scope"], user["token_type"]) == ("search:read", "user")
    assert user["access_token"].startswith("xoxp-")


@pins("Without scopes of the bot there is no bot token.", ACCESS)
def test_without_scopes_of_the_bot_there_is_no_token_of_it(exchange: Exchange) -> None:
    answer = exchange({"scope": None, "user_scope": "search:read"})
    assert "access_token" not in answer.data
    assert answer["authed_user"]["scope"] == "search:read"


@pins("The app holds the scopes that it was granted and no others.", GUIDE)
@pins("Installed again, it keeps what it held and gets what it asks for.", GUIDE)
def test_the_app_holds_what_was_agreed_to(rig: Rig, exchange: Exchange) -> None:
    rig.box.uninstall()
    assert code_of(rig.client.auth_test) == "account_inactive"
    exchange({"scope": "chat:write"})
    assert code_of(rig.client.users_list) == "missing_scope"
    assert exchange({"scope": "users:read"})["scope"] == "chat:write,users:read"
    assert rig.client.users_list()["ok"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"code": "wrong"}, "invalid_code"),
        ({"code": None}, "invalid_code"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "xoxe-1-x"}, "invalid_refresh_token"),
        ({"redirect_uri": f"{BACK}/other"}, "bad_redirect_uri"),
        ({"redirect_uri": None}, "bad_redirect_uri"),
    ],
)
@pins(
    "A wrong client, code, grant type or redirect URI brings no token.",
    ACCESS,
    refuses=[
        "oauth.v2.access: invalid_client_id",
        "oauth.v2.access: bad_client_secret",
        "oauth.v2.access: invalid_code",
        "oauth.v2.access: invalid_grant_type",
        "oauth.v2.access: invalid_refresh_token",
        "oauth.v2.access: bad_redirect_uri",
    ],
)
def test_what_is_wrong_brings_no_token(exchange: Exchange, wrong: Json, code: str) -> None:
    assert code_of(lambda: exchange(**wrong)) == code


@pins(
    "A code is exchanged once.",
    "docs.slack.dev/reference/methods/oauth.access",
    refuses=["oauth.v2.access: code_already_used"],
)
def test_a_code_is_exchanged_once(rig: Rig, exchange: Exchange) -> None:
    code = told(says(rig, browse(link(rig))[1])[1])["code"]
    exchange(code=code)
    assert code_of(lambda: exchange(code=code)) == "code_already_used"


@pins("A code lives ten minutes.", GUIDE)
@pins(
    "A code that is too old is an invalid one.",
    "",
    Sure.GUESSED,
    refuses=["oauth.v2.access: invalid_code"],
)
def test_a_code_lives_ten_minutes(rig: Rig, exchange: Exchange) -> None:
    young, old = (told(says(rig, browse(link(rig))[1])[1])["code"] for _ in range(2))
    rig.box.clock.advance(timedelta(minutes=9, seconds=50))
    assert exchange(code=young)["ok"]
    rig.box.clock.advance(timedelta(seconds=10))
    assert code_of(lambda: exchange(code=old)) == "invalid_code"


# Leaving


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
    ],
)
@pins(
    "Only who knows the client id and secret uninstalls the app.",
    "docs.slack.dev/reference/methods/apps.uninstall",
    refuses=["apps.uninstall: invalid_client_id", "apps.uninstall: bad_client_secret"],
)
def test_only_the_app_itself_leaves(rig: Rig, wrong: dict[str, str], code: str) -> None:
    ours = {"client_id": rig.box.client_id, "client_secret": rig.box.client_secret}
    assert code_of(lambda: rig.client.apps_uninstall(**(ours | wrong))) == code
    assert rig.client.auth_test()["ok"]


@pins(
    "auth.revoke with `test` revokes nothing and says so.",
    "docs.slack.dev/reference/methods/auth.revoke",
)
def test_a_revocation_can_be_tried(rig: Rig) -> None:
    assert rig.client.auth_revoke(test=True)["revoked"] is False
    assert rig.client.auth_test()["ok"]


@pins("auth.revoke says that it revoked the token.", "docs.slack.dev/reference/methods/auth.revoke")
@pins(
    "An app whose last token is revoked is uninstalled: tokens_revoked and app_uninstalled.",
    "github.com/slackapi/bolt-js/issues/1965",
    Sure.REPORTED,
)
@pins(
    "A bot token that was revoked so is answered account_inactive.",
    "",
    Sure.GUESSED,
    refuses=["auth.test: account_inactive"],
)
def test_the_last_token_revoked_is_the_end(rig: Rig) -> None:
    heard: list[str] = []
    for name in ("tokens_revoked", "app_uninstalled"):
        rig.app.event(name)(lambda body: heard.append(body["event"]["type"]))
    rig.connect()
    assert rig.client.auth_revoke()["revoked"] is True
    assert code_of(rig.client.auth_test) == "account_inactive"
    until(lambda: heard == ["tokens_revoked", "app_uninstalled"])
    assert rig.maya.types("/hello").outcome == "unknown_command"
