"""What rituals say: calm, never louder than the channel, and nothing typed does more than stand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.content import rituals as content
from bot.domain.rituals import Link, Mode, Shown, State
from bot.views import rituals, support
from bot.views.letters import Letter
from tests.unit.ritual_views import EDITED, LETTERS, LINKS, SHOWN
from tests.unit.shown import parts

SAID = [
    pytest.param(letter, id=f"{name}_{when}")
    for name, said in LETTERS.items()
    for when, letter in said.items()
]
TEMPLATES = [pytest.param(SHOWN[key], id=key) for key in SHOWN]
CARE = SHOWN["hard_event"]


def in_words(letter: Letter) -> str:
    return json.dumps(list(letter.blocks), ensure_ascii=False) + letter.text


def marked(letter: Letter) -> str:
    """Return what stands where Slack reads marks."""
    found = [part["text"] for part in parts(list(letter.blocks)) if part.get("type") == "mrkdwn"]
    return "\n".join([*found, letter.text])


def pressed(letter: Letter) -> list[str]:
    return [part["action_id"] for part in parts(list(letter.blocks)) if "action_id" in part]


@pytest.mark.parametrize("letter", SAID)
def test_nothing_that_is_said_pings_more_than_whoever_holds_or_runs_it(letter: Letter) -> None:
    words = marked(letter)
    for loud in ("<!channel", "<!here", "<!everyone", "<!subteam"):
        assert loud not in words
    assert words.replace("<@U1>", "").replace("<@U2>", "").count("<@") == 0
    assert ("<@U1>" in words) + ("<@U2>" in words) <= 1
    kinds = {part.get("type") for part in parts(list(letter.blocks))}
    assert not kinds & {"broadcast", "user", "usergroup"}


@pytest.mark.parametrize("letter", SAID)
def test_what_a_facilitator_wrote_never_stands_where_slack_reads_marks(letter: Letter) -> None:
    assert "<https://evil" not in marked(letter)
    assert "*bold*" not in json.dumps(
        [part for part in parts(list(letter.blocks)) if part.get("type") == "mrkdwn"]
    )


@pytest.mark.parametrize("said", [pytest.param(LETTERS[name], id=name) for name in LETTERS])
def test_what_the_blocks_say_the_words_alone_say_too(said: dict[str, Letter]) -> None:
    for letter in said.values():
        for part in parts(list(letter.blocks)):
            if part.get("type") in {"mrkdwn", "link"}:
                assert escaped(part["text"]) in letter.text or part["text"] in letter.text
        assert "/support" in letter.text or support.OPEN not in pressed(letter)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("facts", TEMPLATES)
def test_every_post_says_that_reactions_are_public_beside_a_way_to_check_in_privately(
    facts: Shown,
) -> None:
    for state in (State.OPEN, State.CLOSED):
        letter = rituals.post(replace(facts, state=state))
        assert "Reactions are public; nothing is scored." in marked(letter)
        assert rituals.CHECK_IN in pressed(letter)
    for emoji, word in content.legend(facts.legend).items():
        assert f":{emoji}: {word}" in rituals.post(facts).text


@pytest.mark.parametrize(
    ("holder", "rotates", "said"),
    [
        ("U1", True, "Held by <@U1> this time."),
        ("U1", False, "Held by <@U1> this time."),
        (None, True, "Nobody holds it this time. Whoever comes first can begin."),
        (None, False, None),
    ],
)
def test_a_post_names_who_holds_it_and_nobody_who_does_not(
    holder: str | None, rotates: bool, said: str | None
) -> None:
    for tell in (rituals.post, rituals.soon):
        words = marked(tell(replace(SHOWN["quiet_ten"], holder=holder, rotates=rotates)))
        assert (said in words) if said else ("olds it" not in words and "Held" not in words)


def test_while_people_are_together_it_stands_there_who_runs_the_cohort() -> None:
    live = replace(SHOWN["hard_event"], holder=None, rotates=False, facilitators=["U2", "U3"])
    assert "This cohort is run by <@U2>, <@U3>." in marked(rituals.post(live))
    for other in (
        rituals.soon(live),
        rituals.post(replace(live, state=State.CLOSED)),
        rituals.post(replace(live, holder="U1")),
        rituals.post(replace(live, rotates=True)),
        rituals.post(replace(live, mode=Mode.OPEN)),
        rituals.post(replace(live, facilitators=[])),
    ):
        assert "run by" not in marked(other)


@pytest.mark.parametrize(
    ("responders", "said"),
    [
        (0, None),
        (1, "One person reacted."),
        (3, "Three people reacted."),
        (12, "Twelve people reacted."),
        (13, "13 people reacted."),
    ],
)
def test_a_closed_post_thanks_and_counts_without_asking_for_more(
    responders: int, said: str | None
) -> None:
    facts = replace(SHOWN["quiet_ten"], state=State.CLOSED, responders=responders)
    words = rituals.post(facts).text
    assert "This is closed. Thank you for being here." in words
    assert (said in words) if said else ("reacted" not in words)
    assert "React if you like" not in words
    assert "Held by" not in words
    assert "reacted" not in rituals.post(replace(facts, state=State.OPEN)).text


def test_a_round_that_is_not_live_says_once_it_is_closed_that_replies_are_welcome() -> None:
    words = rituals.post(replace(SHOWN["weekly_checkin"], state=State.CLOSED)).text
    assert "This round is over. Replies are still welcome." in words


def test_links_take_turns_and_begin_again() -> None:
    for number, link in enumerate([*LINKS, *LINKS]):
        blocks = rituals.post(replace(EDITED, number=number)).blocks
        found = [(p["text"], p["url"]) for p in parts(list(blocks)) if p.get("type") == "link"]
        assert found == [(link.title, link.url)]
    none: list[Link] = []
    assert '"link"' not in in_words(rituals.post(replace(EDITED, links=none, number=3)))


def test_lines_with_a_dash_become_a_list_and_the_others_stay_as_they_were_written() -> None:
    words = "- one\n•  two\n-three\n\nplain\n- \nlast\n"
    (shown,) = [
        block
        for block in rituals.post(replace(EDITED, words=words, links=[])).blocks
        if block["type"] == "rich_text"
    ]
    kinds = [part["type"] for part in shown["elements"]]
    texts = [part["text"] for part in parts(shown) if part.get("type") == "text"]
    assert kinds == [
        "rich_text_list",
        "rich_text_section",
        "rich_text_list",
        "rich_text_section",
    ]
    assert texts == ["one", "two", "-three\n\nplain", "-", "last"]


@pytest.mark.parametrize("words", ["", "\n\n", "-", "- "])
def test_a_post_with_hardly_a_word_is_still_one(words: str) -> None:
    blocks = rituals.post(replace(SHOWN["own"], words=words)).blocks
    for block in blocks:
        assert block.get("type") != "rich_text" or block["elements"]


def test_the_time_of_a_live_ritual_is_shown_by_each_readers_own_clock() -> None:
    words = rituals.soon(SHOWN["quiet_ten"]).text
    assert "Begins soon, at <!date^1795615200^{time}|15:00 Berlin time>." in words
    assert "It takes ten minutes. Come as you are, or not." in words
    for zone, said in (
        ("America/Argentina/Buenos_Aires", "11:00 Buenos Aires time"),
        ("UTC", "14:00 UTC"),
        ("Nowhere/At_All", "14:00 At All time"),
    ):
        assert f"|{said}>" in rituals.soon(replace(SHOWN["quiet_ten"], zone=zone)).text


@pytest.mark.parametrize("state", [State.SKIPPED, State.MISSED, State.UNSENT])
def test_what_was_announced_and_called_off_invites_nobody_any_more(state: State) -> None:
    words = rituals.soon(replace(SHOWN["quiet_ten"], state=state)).text
    assert "This does not take place this time." in words
    assert "Begins" not in words


# After a hard event


def test_after_a_hard_event_care_stands_first_whatever_a_facilitator_writes() -> None:
    letter = rituals.post(replace(CARE, words="our own words", title="We meet"))
    care = content.template("hard_event").care
    assert letter.text.startswith(f"We meet\n{care}\nour own words")
    texts = [part["text"] for part in parts(list(letter.blocks)) if part.get("type") == "text"]
    assert texts == [care, "our own words"]


def test_after_a_hard_event_help_is_the_first_button_and_no_emoji_cheers() -> None:
    for letter in (rituals.post(replace(CARE, legend="thanks")), rituals.soon(CARE)):
        assert pressed(letter)[0] == support.OPEN
        assert set(emoji_in(letter.text)) <= {"raised_hand"}
    assert ":raised_hand: here" in rituals.post(CARE).text


def emoji_in(text: str) -> list[str]:
    return [word.strip(":") for word in text.split() if word.startswith(":") and word.endswith(":")]


def test_a_gathering_after_a_hard_event_ends_with_the_way_to_help_and_does_not_go_on() -> None:
    assert "/support" in rituals.thanks(CARE).text
    assert "go on" not in rituals.thanks(CARE).text
    assert "go on" in rituals.thanks(SHOWN["quiet_ten"]).text


# What an update took away


def test_a_ritual_of_a_template_and_a_legend_that_are_gone_is_posted_all_the_same() -> None:
    letter = rituals.post(replace(SHOWN["friday_wins"], template="gone", legend="gone"))
    assert ":raised_hand: here" in letter.text
    assert SHOWN["friday_wins"].words in letter.text.replace("&amp;", "&")


@pytest.mark.parametrize("facts", TEMPLATES)
def test_only_live_rituals_say_how_long_they_take(facts: Shown) -> None:
    assert ("It takes" in rituals.post(facts).text) == (facts.mode is Mode.LIVE)
