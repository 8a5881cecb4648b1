"""What Slack refuses in cards, containers and the small buttons below a message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.blocks import (
    COHORT,
    REFERENCE,
    REFUSED,
    actions,
    below,
    beside,
    button,
    card,
    chart,
    container,
    data_table,
    each,
    error,
    feedback,
    form,
    image,
    line,
    post,
    publish,
    refused,
    rich,
    select,
    table,
    taken,
    trash,
    word,
)
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, modal, plain, recording, said

BLOCKS = f"{REFERENCE}/blocks"
VALIDATOR = "github.com/TightknitAI/slack-block-kit-validator"


@pins(
    "A card has a title and subtitle of up to 150 characters, a body of 200 and 3 buttons, and"
    " at least a picture, a title, a body or a button.",
    "slackapi/java-slack-sdk, model/block/CardBlock.java",
    Sure.READ,
    refuses=REFUSED,
)
def test_a_card_is_short(offline: Rig) -> None:
    full = card(title=plain("x" * 150), subtitle=plain("x" * 150), body=plain("x" * 200))
    presses = [button(action_id=name) for name in "abc"]
    assert (
        taken(offline, {**full, "actions": presses, "hero_image": image(), "icon": image()}) == []
    )
    wrong = [
        card(title=plain("x" * 151)),
        card(subtitle=plain("x" * 151)),
        card(body=plain("x" * 201)),
        card(title=None, subtitle=plain("x")),
        card(actions=[*presses, button(action_id="d")]),
        card(actions=[select()]),
        card(hero_image=button()),
        card(icon=image(), slack_icon="star"),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "A carousel has 1 to 10 cards.",
    f"{BLOCKS}/carousel-block",
    refuses=REFUSED,
)
def test_a_carousel_has_ten_cards(offline: Rig) -> None:
    assert taken(offline, {"type": "carousel", "elements": [card()] * 10}) == []
    wrong: list[Any] = [[], [card()] * 11, [said("x")], [card(title=plain("x" * 151))], None]
    assert refused(offline, *each({"type": "carousel"}, "elements", wrong)) == []


@pins(
    "A container has a title of up to 150 characters and 1 to 10 blocks of the older kinds.",
    f"{BLOCKS}/container-block",
    refuses=REFUSED,
)
def test_a_container_has_ten_blocks(offline: Rig) -> None:
    folded = container(said("x"), is_collapsible=True, default_collapsed=True, width="wide")
    assert taken(offline, container(*[said("x")] * 10), folded) == []
    wrong = [
        container(),
        container(*[said("x")] * 11),
        container(container(said("x"))),
        container(card()),
        container(said("x" * 3001)),
        container(said("x"), title=plain("x" * 151)),
        container(said("x"), title=None),
        container(said("x"), width="endless"),
        container(said("x"), default_collapsed=True),
        container(said("x"), is_collapsible=True, has_header_divider=True),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "Below a message stand up to 5 small buttons: a pair for feedback, or icons.",
    f"{BLOCKS}/context-actions-block",
    refuses=REFUSED,
)
def test_small_buttons_stand_below_messages(offline: Rig) -> None:
    bins = [trash(action_id=str(number)) for number in range(6)]
    assert taken(offline, below(feedback(), *bins[:4]), home=False) == []
    wrong = [
        below(),
        below(*bins),
        below(button()),
        below(trash(icon="bomb")),
        below(trash(text=plain("x" * 76))),
        below(feedback(negative_button=None)),
        below(feedback(positive_button={"text": plain("x" * 76), "value": "x"})),
        actions(trash()),
    ]
    assert refused(offline, *wrong, home=False) == []
    assert publish(offline, below(feedback())) == "invalid_arguments"


@pins(
    "Charts, tables, containers, data tables, cards and markdown do not stand in modals.",
    f"{BLOCKS}, {VALIDATOR}",
    Sure.REPORTED,
    refuses=["views.update: invalid_arguments"],
)
def test_a_modal_shows_the_older_blocks(rig: Rig) -> None:
    view_id, update = form(rig), rig.client.views_update
    carousel = {"type": "carousel", "elements": [card()]}
    for block in (chart(), table(), container(said("x")), data_table(), card(), carousel):
        assert error(update, view_id=view_id, view=modal(block)) == "invalid_arguments"
    assert error(update, view_id=view_id, view=modal(rich(line(word())))) is None


# What stands in a block works


@pins(
    "What stands in a card or container can be used, under the id of the block it stands in.",
    "",
    Sure.GUESSED,
)
@pytest.mark.parametrize(
    "block",
    [
        card(block_id="inner", actions=[button()]),
        {"type": "carousel", "elements": [card(), card(block_id="inner", actions=[button()])]},
        container({**actions(button()), "block_id": "inner"}),
        container({**beside(button()), "block_id": "inner"}),
    ],
)
def test_a_button_within_works(rig: Rig, block: Json) -> None:
    listener, bodies = recording()
    rig.app.action("go")(listener)
    assert post(rig, block) is None
    (message,) = rig.box.posted()
    assert rig.maya.clicks("go", message=(COHORT, message["ts"])).ok
    assert bodies[0]["actions"][0]["block_id"] == "inner"


@pins(
    "No two blocks have the same block_id, also within others.", "", Sure.GUESSED, refuses=REFUSED
)
def test_blocks_within_have_ids_of_their_own(offline: Rig) -> None:
    twin = {**said("x"), "block_id": "twin"}
    assert refused(offline, container(twin, twin), container(twin, block_id="twin")) == []


@pins(
    "A pair of feedback buttons brings the value of the one that was pressed.",
    f"{REFERENCE}/block-elements/feedback-buttons-element",
)
def test_feedback_brings_its_value(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("rate")(listener)
    rig.app.action("bin")(listener)
    assert post(rig, below(feedback(), trash(value="7"))) is None
    (message,) = rig.box.posted()
    assert rig.maya.clicks("rate", "bad", message=(COHORT, message["ts"])).ok
    assert rig.maya.clicks("bin", message=(COHORT, message["ts"])).ok
    assert [body["actions"][0]["value"] for body in bodies] == ["bad", "7"]
    assert bodies[0]["actions"][0]["type"] == "feedback_buttons"
