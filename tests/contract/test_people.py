"""People: who they are, where they live, which language they read."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.facts import pins
from tests.contract.refusals import page_of
from tests.contract.rig import Rig


@pins("A person's locale is told only to those who ask for it.", page_of("users.info"))
def test_a_person_has_a_zone_and_a_locale_if_asked(offline: Rig) -> None:
    brief = offline.client.users_info(user=offline.maya.id)["user"]
    assert (brief["name"], brief["tz"]) == ("maya", "Europe/Berlin")
    assert "locale" not in brief
    assert "email" not in brief["profile"]
    full = offline.client.users_info(user=offline.maya.id, include_locale=True)["user"]
    assert full["locale"] == "en-GB"


@pins("The offset of a zone is the one of the moment, summer time or not.", page_of("users.info"))
def test_the_offset_of_a_zone_follows_the_clock_of_the_workspace(offline: Rig) -> None:
    def zone() -> tuple[str, int]:
        user = offline.client.users_info(user=offline.maya.id)["user"]
        return user["tz_label"], user["tz_offset"]

    year = offline.box.clock.now().year + 1
    offline.box.clock.jump(datetime(year, 1, 15, tzinfo=UTC))
    assert zone() == ("Central European Time", 3600)
    offline.box.clock.jump(datetime(year, 7, 15, tzinfo=UTC))
    assert zone() == ("Central European Summer Time", 7200)


@pins("Nobody has an unknown id.", page_of("users.info"), refuses=["users.info: user_not_found"])
def test_an_unknown_person_is_not_found(offline: Rig) -> None:
    with pytest.raises(SlackApiError, match="user_not_found"):
        offline.client.users_info(user="U404")


@pins("The list of people comes in pages that the SDK follows.", page_of("users.list"))
def test_the_list_of_people_has_pages_that_the_sdk_follows(offline: Rig) -> None:
    pages = [page["members"] for page in offline.client.users_list(limit=10, include_locale=True)]
    assert [len(page) for page in pages] == [10, 10, 7]
    members = [member for page in pages for member in page]
    assert len({member["id"] for member in members}) == 27
    assert all("locale" in member for member in members)
    assert [member["name"] for member in members if member["is_bot"]] == ["lantern"]


@pins(
    "A limit is a whole number of one or more.",
    "docs.slack.dev/apis/web-api/pagination",
    refuses=["users.list: invalid_arguments"],
)
@pytest.mark.parametrize("limit", [0, -1, "many", "٣"])
def test_a_limit_must_be_a_number_of_one_or_more(offline: Rig, limit: int | str) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        offline.client.api_call("users.list", params={"limit": limit})


def test_the_company_is_spread_over_zones_and_cohorts(offline: Rig) -> None:
    people = offline.client.users_list()["members"]
    zones = Counter(person["tz"] for person in people if not person["is_bot"])
    assert set(zones) == {"Europe/Berlin", "America/New_York", "Asia/Kolkata"}
    assert min(zones.values()) >= 8
    listed = offline.client.conversations_list(types="public_channel,private_channel")["channels"]
    sizes = {channel["name"]: channel["num_members"] for channel in listed}
    assert sizes["cohort-new-parents"] - 1 == 12
    assert sizes["cohort-first-leads"] - 1 == 6
    assert sizes["care-moderators"] - 1 == 3
    assert sizes["general"] == sizes["random"] == 26
