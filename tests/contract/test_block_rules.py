"""What Slack refuses in blocks: each limit, at it and one beyond."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.block_kit import blocks as kept
from sandbox.errors import SlackError
from tests.contract.blocks import (
    COHORT,
    DIVIDER,
    REFERENCE,
    REFUSED,
    actions,
    beside,
    button,
    each,
    form,
    image,
    post,
    publish,
    reasons,
    refused,
    select,
    taken,
)
from tests.contract.blocks import error as refusal
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, buttons, field, modal, plain, said


def fields(count: int, length: int = 1) -> Json:
    return {"type": "section", "fields": [plain("x" * length)] * count}


def header(text: Any = None, **more: Any) -> Json:
    return {"type": "header", "text": plain("x") if text is None else text, **more}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


# As a whole


@pins(
    "A message has at most 50 blocks, a modal or Home tab at most 100.",
    f"{REFERENCE}/blocks",
    refuses=REFUSED,
)
def test_a_message_has_fifty_blocks_and_a_home_a_hundred(offline: Rig) -> None:
    assert post(offline, *[DIVIDER] * 50) is None
    assert post(offline, *[DIVIDER] * 51) == "invalid_blocks"
    assert publish(offline, *[DIVIDER] * 100) is None
    assert publish(offline, *[DIVIDER] * 101) == "invalid_arguments"


@pins(
    "No two blocks of a message or view have the same block_id.",
    f"{REFERENCE}/blocks/section-block",
    refuses=REFUSED,
)
def test_two_blocks_do_not_share_an_id(offline: Rig) -> None:
    assert post(offline, buttons("a"), buttons("b")) == "invalid_blocks"
    assert publish(offline, buttons("a"), buttons("b")) == "invalid_arguments"


@pins(
    "A block_id and an action_id have at most 255 characters.",
    f"{REFERENCE}/blocks/actions-block",
    refuses=REFUSED,
)
def test_ids_have_an_end(offline: Rig) -> None:
    named = [{**DIVIDER, "block_id": "x" * 255}, actions(button(action_id="x" * 255))]
    assert taken(offline, *named) == []
    named = [{**DIVIDER, "block_id": "x" * 256}, actions(button(action_id="x" * 256))]
    assert refused(offline, *named, {**DIVIDER, "block_id": 7}) == []


@pins(
    "No two elements of a block have the same action_id; two of different blocks may.",
    f"{REFERENCE}/block-elements/button-element",
    refuses=REFUSED,
)
def test_two_elements_of_a_block_do_not_share_an_id(offline: Rig) -> None:
    assert refused(offline, actions(button(), button())) == []
    assert post(offline, actions(button()), actions(button())) is None


@pins(
    "A kind of block or element that Slack does not know is refused.",
    f"{REFERENCE}/blocks",
    refuses=REFUSED,
)
def test_what_slack_does_not_know_is_refused(offline: Rig) -> None:
    hologram = {"type": "hologram", "action_id": "h"}
    assert refused(offline, hologram, actions(hologram), beside(hologram), context(hologram)) == []


@pins(
    "One field that Slack does not know, or knows elsewhere only, spoils the message or view.",
    "github.com/slackapi/bolt-js/issues/1891",
    Sure.REPORTED,
    refuses=REFUSED,
)
def test_one_unknown_field_spoils_it_all(offline: Rig) -> None:
    more = {"wobbles": True}
    with_url = {"text": plain("A"), "value": "a", "url": "https://example.com"}
    spoilt: list[Json] = [
        {**DIVIDER, **more},
        {**said("x"), **more},
        {"type": "section", "text": {**plain("x"), **more}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
        actions(button(disabled=True)),
        actions(button(confirm={"title": plain("x"), "text": plain("x"), **more})),
        actions(select(0, options=[with_url])),
    ]
    assert refused(offline, *spoilt) == []


@pins(
    "A refusal names each reason with its place; for a message it does so under errors, too.",
    "github.com/slackapi/java-slack-sdk/issues/1017",
    Sure.REPORTED,
    refuses=["chat.postMessage: invalid_blocks"],
)
def test_a_refusal_says_what_is_wrong_and_where(offline: Rig) -> None:
    arguments: Json = {"channel": offline.channel(COHORT), "text": "t"}
    arguments["blocks"] = [said("a"), said("x" * 3001)]
    (reason,) = reasons(offline.client.chat_postMessage, **arguments)
    assert reason.startswith("[ERROR] must be less than 3001 characters")
    assert "/blocks/1/text/text" in reason


@pins(
    "An alert stands in modals only.",
    "github.com/slackapi/node-slack-sdk/pull/2567",
    Sure.REPORTED,
    refuses=["chat.postMessage: invalid_blocks", "views.publish: invalid_arguments"],
)
def test_an_alert_stands_in_modals_only(rig: Rig) -> None:
    view_id, alert = form(rig), {"type": "alert", "text": plain("x" * 200), "level": "warning"}
    update = rig.client.views_update
    assert refused(rig, alert) == []
    assert refusal(update, view_id=view_id, view=modal(alert)) is None
    for wrong in ({"text": plain("x" * 201)}, {"level": "loud"}, {"text": None}):
        assert refusal(update, view_id=view_id, view=modal(alert | wrong)) == "invalid_arguments"


# Sections, headers, context, pictures


@pins(
    "A section has a text of 1 to 3000 characters, or up to 10 fields of 2000, or both.",
    f"{REFERENCE}/blocks/section-block",
    refuses=REFUSED,
)
def test_a_section_has_words(offline: Rig) -> None:
    right = [said("x" * 3000), fields(10), fields(1, 2000), {**said("x"), "fields": [plain("x")]}]
    assert taken(offline, *right) == []
    empty: list[Json] = [said(""), {"type": "section"}, fields(0)]
    long = [said("x" * 3001), fields(11), fields(1, 2001)]
    assert refused(offline, *empty, *long, {**said("x"), "expand": "yes"}) == []


@pins(
    "A header has a plain text of up to 150 characters, and a level from 1 to 4.",
    f"{REFERENCE}/blocks/header-block",
    refuses=REFUSED,
)
def test_a_header_is_short_and_plain(offline: Rig) -> None:
    assert taken(offline, header(plain("x" * 150)), header(level=4)) == []
    texts = [plain("x" * 151), plain(""), {"type": "mrkdwn", "text": "x"}]
    assert refused(offline, *map(header, texts), header(level=5)) == []


@pins(
    "A context has 1 to 10 texts and images.",
    f"{REFERENCE}/blocks/context-block",
    refuses=REFUSED,
)
def test_a_context_has_ten_elements(offline: Rig) -> None:
    assert taken(offline, context(*[plain("x")] * 9, image())) == []
    assert refused(offline, context(), context(*[plain("x")] * 11), context(button())) == []


@pins(
    "An image has an alternative text, a title of up to 2000 characters, and either an address"
    " of up to 3000 or a file of Slack's by its id or its address.",
    f"{REFERENCE}/blocks/image-block",
    refuses=REFUSED,
)
def test_an_image_is_described_and_comes_from_one_place(offline: Rig) -> None:
    long = "https://example.com/" + "x" * 2980
    assert taken(offline, image(image_url=long), image(title=plain("x" * 2000))) == []
    assert publish(offline, image(image_url=None, slack_file={"id": "F1"})) is None
    wrong: list[Json] = [
        {"alt_text": None},
        {"alt_text": ""},
        {"alt_text": "x" * 2001},
        {"title": plain("x" * 2001)},
        {"image_url": long + "x"},
        {"image_url": None},
        {"slack_file": {"id": "F1"}},
        {"image_url": None, "slack_file": {}},
        {"image_url": None, "slack_file": {"id": "F1", "url": "https://files.example.com/F1"}},
    ]
    assert refused(offline, *(image(**change) for change in wrong)) == []


@pins(
    "Slack fetches a picture when it is posted, so its address must be one of the internet's.",
    "github.com/otiai10/amesh-bot/issues/24",
    Sure.REPORTED,
    refuses=REFUSED,
)
def test_a_picture_on_this_machine_is_out_of_slacks_reach(offline: Rig) -> None:
    here = ["http://localhost/a.png", "http://127.0.0.1:80/a.png", "ftp://example.com/a.png", "a"]
    assert refused(offline, *each(image(), "image_url", here)) == []


@pins(
    "A video has a title of less than 200 characters and an https address.",
    f"{REFERENCE}/blocks/video-block",
    refuses=REFUSED,
)
def test_a_video_is_titled_and_comes_over_https(offline: Rig) -> None:
    address = "https://example.com/v"
    video: Json = {"type": "video", "alt_text": "a", "video_url": address}
    video |= {"title": plain("x" * 199), "thumbnail_url": address, "author_name": "x" * 49}
    assert taken(offline, video) == []
    wrong: list[Json] = [
        {"title": plain("x" * 200)},
        {"title": None},
        {"alt_text": None},
        {"thumbnail_url": None},
        {"author_name": "x" * 50},
        {"video_url": "http://example.com/v"},
        {"title_url": "http://example.com/v"},
    ]
    assert refused(offline, *({**video, **change} for change in wrong)) == []


@pins(
    "No app may send a file block.",
    f"{REFERENCE}/blocks/file-block",
    refuses=REFUSED,
)
def test_a_file_block_is_slacks_own(offline: Rig) -> None:
    assert refused(offline, {"type": "file", "external_id": "F1", "source": "remote"}) == []


@pins(
    "An actions block has 1 to 25 elements.",
    f"{REFERENCE}/blocks/actions-block",
    refuses=REFUSED,
)
def test_an_actions_block_has_twenty_five_elements(offline: Rig) -> None:
    assert taken(offline, actions(*(button(action_id=str(n)) for n in range(25)))) == []
    assert (
        refused(offline, actions(), actions(*(button(action_id=str(n)) for n in range(26)))) == []
    )


@pins(
    "An input has a label and a hint, both plain and of up to 2000 characters.",
    f"{REFERENCE}/blocks/input-block",
    refuses=REFUSED,
)
def test_an_input_is_labelled(offline: Rig) -> None:
    named = field("name") | {"label": plain("x" * 2000), "hint": plain("x" * 2000)}
    assert taken(offline, named) == []
    labels = [None, plain(""), plain("x" * 2001), {"type": "mrkdwn", "text": "x"}]
    without = {"type": "input", "label": plain("x")}
    wrong = [*each(field("name"), "label", labels), without]
    assert refused(offline, *wrong, field("name") | {"hint": plain("x" * 2001)}) == []


@pytest.mark.parametrize("depth", [100, 100_000])
def test_blocks_may_not_be_nested_without_end(depth: int) -> None:
    block: Json = {"type": "container"}
    for _ in range(depth):
        block = {"type": "container", "child_blocks": [block]}
    with pytest.raises(SlackError, match="invalid"):
        kept.complete([block], "blocks", "message")
