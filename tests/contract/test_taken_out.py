"""How an app learns that it was taken out of a workspace, and what it can do no more."""

from __future__ import annotations

from tests.contract.behind import Listen, refused, told
from tests.contract.facts import Sure, pins
from tests.contract.rig import buttons, modal, opening

ENDED = "docs.slack.dev/reference/events/app_uninstalled"
REVOKED = "docs.slack.dev/reference/events/tokens_revoked"
COHORT = "cohort-new-parents"


@pins("An app that is uninstalled is sent app_uninstalled.", ENDED)
@pins("It is sent tokens_revoked with the bot's id as well.", REVOKED)
@pins("tokens_revoked comes first.", "", Sure.GUESSED)
@pins(
    "After that its bot token is answered account_inactive.",
    "docs.slack.dev/reference/methods/auth.test",
    refuses=["auth.test: account_inactive", "chat.postMessage: account_inactive"],
)
def test_an_app_taken_out_hears_of_it_and_can_do_nothing_more(listen: Listen) -> None:
    rig, bodies = listen()
    rig.app.command("/hello")(opening(modal()))
    channel = rig.channel(COHORT)
    ts = str(rig.client.chat_postMessage(channel=channel, text="t", blocks=[buttons("go")])["ts"])
    rig.client.views_publish(user_id=rig.maya.id, view={"type": "home", "blocks": [buttons("go")]})
    rig.box.uninstall()
    rig.box.uninstall()
    assert told(bodies) == ["tokens_revoked", "app_uninstalled"]
    bot = bodies[0]["event"]["tokens"]["bot"]
    assert refused(rig.client.auth_test) == "account_inactive"
    assert refused(rig.client.chat_postMessage, channel=channel, text="t") == "account_inactive"
    assert rig.maya.types("/hello", COHORT).outcome == "unknown_command"
    assert rig.maya.uses_shortcut("light").outcome == "unknown_shortcut"
    assert rig.maya.clicks("go", message=(COHORT, ts)).outcome == "not_enabled"
    assert rig.maya.home is None
    assert rig.maya.opens_home().outcome == "not_enabled"
    rig.maya.says("still here", COHORT)
    rig.box.deactivate("kofi")
    assert len(bodies) == 2
    rig.box.install()
    assert rig.client.auth_test()["user_id"] == bot[0]
    assert refused(rig.client.chat_postMessage, channel=channel, text="t") == "not_in_channel"
    rig.box.invite_bot(COHORT)
    assert rig.client.chat_postMessage(channel=channel, text="t")["ok"]
    assert rig.maya.types("/hello", COHORT).ok


@pins("An app that did not subscribe to its end hears nothing of it.", ENDED)
def test_an_app_that_did_not_ask_is_taken_out_in_silence(listen: Listen) -> None:
    rig, bodies = listen(events=["message.channels"])
    rig.box.uninstall()
    assert bodies == []
    assert refused(rig.client.auth_test) == "account_inactive"


@pins("An app whose token is revoked is sent tokens_revoked.", REVOKED)
@pins(
    "A bot token that was revoked for an app that stays is answered token_revoked.",
    "",
    Sure.GUESSED,
    refuses=["auth.test: token_revoked"],
)
def test_a_revoked_token_is_refused_by_its_own_name(listen: Listen) -> None:
    rig, bodies = listen()
    rig.box.revoke_token()
    assert told(bodies) == ["tokens_revoked"]
    assert refused(rig.client.auth_test) == "token_revoked"
