"""The moderators' channel: what it has to be, and what befalls it later."""

from __future__ import annotations

import pytest

from app import Hearth
from bot.domain.programme import Item, Phase
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.programme.steps import (
    CHANNEL,
    channel_id,
    fills_in,
    goes_to,
    sets_all,
    shown,
)


def test_the_channel_has_to_be_private_unshared_without_guests_and_with_hearth(
    workspace: Sandbox, lead: Person, stored: Stored
) -> None:
    goes_to(lead, "channel")
    chosen = {"channel": channel_id(workspace)}

    def refusal() -> str:
        said = fills_in(lead, unchecked=True, **chosen).errors["channel"]
        assert stored.count("programme") == 0
        return said

    workspace.add_member(CHANNEL, "binod")
    assert "Guests" in refusal()
    workspace.remove_member(CHANNEL, "binod")
    workspace.share_channel(CHANNEL)
    assert "another company" in refusal()
    workspace.unshare_channel(CHANNEL)
    workspace.make_public(CHANNEL)
    assert "Everybody can read" in refusal()
    workspace.make_private(CHANNEL)
    workspace.archive(CHANNEL)
    assert "archived" in refusal()
    workspace.unarchive(CHANNEL)
    workspace.remove_bot(CHANNEL)
    assert "not in this channel" in refusal()
    workspace.invite_bot(CHANNEL)
    assert fills_in(lead, **chosen).ok
    assert stored.count("programme") == 1


def test_a_cohorts_channel_is_not_offered_and_not_taken(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    hearth.services.cohorts.add("Carers", channel_id(workspace), [])
    goes_to(lead, "channel")
    assert "in no private channel yet" in shown(lead)
    assert stored.count("programme") == 0


def test_a_lead_in_the_channel_stands_in_the_list_until_they_left(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    workspace.add_member(CHANNEL, "ines")
    sets_all(workspace, lead)
    assert "who leads the programme" in shown(lead)
    assert hearth.services.programme.checklist().phase is Phase.REHEARSAL
    workspace.remove_member(CHANNEL, "ines")
    goes_to(lead, "channel")
    assert fills_in(lead, channel=channel_id(workspace)).ok
    assert hearth.services.programme.checklist().entries[Item.CHANNEL].state == "done"


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        ("archive", "is archived"),
        ("remove_bot", "was removed from it"),
        ("make_public", "made public"),
        ("share_channel", "shared with another company"),
    ],
)
def test_what_befell_the_channel_later_shows_when_the_list_is_opened(
    workspace: Sandbox, lead: Person, happens: str, words: str
) -> None:
    sets_all(workspace, lead)
    lead.closes(all=True)
    getattr(workspace, happens)(CHANNEL)
    lead.types("/hearth setup")
    assert words in shown(lead)
    assert "Setting up" in shown(lead)


def test_when_slack_does_not_say_the_list_still_opens(workspace: Sandbox, lead: Person) -> None:
    sets_all(workspace, lead)
    lead.closes(all=True)
    workspace.fail("conversations.info", times=1, status=503)
    assert lead.types("/hearth setup").ok
    assert "did not say just now" in shown(lead)


def test_a_guest_who_joins_the_channel_later_shows_within_the_hour_and_goes_again(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    sets_all(workspace, lead)
    programme = hearth.services.programme
    programme.look_at_channel()
    assert stored.count("programme") == 7, "nothing is written while nothing changes"
    workspace.add_member(CHANNEL, "binod")
    programme.look_at_channel()
    assert programme.checklist().phase is Phase.SETTING_UP
    lead.closes(all=True)
    lead.types("/hearth setup")
    assert "Guests are in the channel" in shown(lead)
    workspace.remove_member(CHANNEL, "binod")
    programme.look_at_channel()
    assert programme.checklist().phase is Phase.REHEARSAL


def test_when_slack_does_not_say_the_channel_stays_as_it_was_found(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    sets_all(workspace, lead)
    workspace.fail("conversations.members", times=1, status=503)
    workspace.add_member(CHANNEL, "binod")
    hearth.services.programme.look_at_channel()
    assert hearth.services.programme.checklist().phase is Phase.REHEARSAL
    hearth.services.programme.look_at_channel()
    assert hearth.services.programme.checklist().phase is Phase.SETTING_UP
