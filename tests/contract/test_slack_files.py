"""Images in blocks that are files of the workspace: slack_file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refusal, refused
from tests.contract.rig import Json, Rig, said

COHORT = "cohort-new-parents"
POST = "chat.postMessage"
INVALID = f"{POST}: invalid_blocks"
OBJECT = "docs.slack.dev/reference/block-kit/composition-objects/slack-file-object"
HOUR = 3600.0


@pytest.fixture
def slow(make_rig: MakeRig) -> Rig:
    """A workspace that looks at a file for an hour."""
    return make_rig(sandbox={"files_ready_after_seconds": HOUR})


@pytest.fixture
def quick(make_rig: MakeRig) -> Rig:
    """A workspace in which a file is ready as soon as it is complete."""
    return make_rig(sandbox={"files_ready_after_seconds": 0})


def upload(rig: Rig, name: str = "chart.png") -> Json:
    done: Json = rig.client.files_upload_v2(filename=name, content="pixels")["file"]
    return done


def image(**source: Any) -> Json:
    return {"type": "image", "alt_text": "a chart", **source}


def post(rig: Rig, *blocks: Json) -> Any:
    return rig.client.chat_postMessage(channel=rig.channel(COHORT), text="t", blocks=list(blocks))


@pins(
    "A file that was only just uploaded is in no block yet; files.info has its kind once it is.",
    "github.com/slackapi/python-slack-sdk/issues/1658",
    Sure.REPORTED,
    refuses=[INVALID],
)
def test_a_file_needs_some_time_before_a_block_shows_it(slow: Rig) -> None:
    file = upload(slow)["id"]
    assert slow.client.files_info(file=file)["file"]["mimetype"] == ""
    answer = refusal(post, slow, image(slack_file={"id": file}))
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert slow.box.posted() == []
    slow.box.clock.advance(timedelta(seconds=HOUR))
    assert slow.client.files_info(file=file)["file"]["mimetype"] == "image/png"
    assert post(slow, image(slack_file={"id": file}))["ok"]


@pins("A file in a block is named by its id or its address.", OBJECT)
def test_a_file_is_named_by_its_id_or_its_address(quick: Rig) -> None:
    file = quick.client.files_info(file=upload(quick)["id"])["file"]
    for named in ({"id": file["id"]}, {"url": file["url_private"]}, {"url": file["permalink"]}):
        assert post(quick, image(slack_file=named))["ok"]


@pins(
    "A file in a block is named once, and is the only source of the image.",
    OBJECT,
    refuses=[INVALID],
)
def test_a_file_is_named_once(quick: Rig) -> None:
    file = quick.client.files_info(file=upload(quick)["id"])["file"]
    both = {"id": file["id"], "url": file["permalink"]}
    wrong: list[Json] = [
        {"slack_file": both},
        {"slack_file": {}},
        {"slack_file": file["id"]},
        {"slack_file": {"id": file["id"]}, "image_url": "https://example.org/a.png"},
    ]
    for source in wrong:
        assert refused(post, quick, image(**source)) == "invalid_blocks"


@pins("A file in a block is a PNG, a JPEG or a GIF.", OBJECT, refuses=[INVALID])
def test_only_pictures_are_shown(quick: Rig) -> None:
    for name in ("a.png", "b.JPG", "c.jpeg", "d.gif"):
        assert post(quick, image(slack_file={"id": upload(quick, name)["id"]}))["ok"]
    for name in ("a.pdf", "b.svg", "c.webp", "png"):
        source = {"id": upload(quick, name)["id"]}
        assert refused(post, quick, image(slack_file=source)) == "invalid_blocks"


@pins(
    "A file in a block is one that is there and that the app may see.",
    OBJECT,
    refuses=[INVALID],
)
def test_only_files_that_are_there_are_shown(quick: Rig) -> None:
    gone = upload(quick)["id"]
    quick.client.files_delete(file=gone)
    announced = quick.client.files_getUploadURLExternal(filename="a.png", length=1)["file_id"]
    for named in (
        {"id": gone},
        {"id": announced},
        {"id": "F0SBX999999"},
        {"url": "https://example.org/a.png"},
    ):
        assert refused(post, quick, image(slack_file=named)) == "invalid_blocks"


@pins(
    "What is no id of a file is told so by its pattern.",
    "github.com/slackapi/python-slack-sdk/issues/1521",
    Sure.REPORTED,
    refuses=[INVALID],
)
def test_an_id_has_a_pattern(quick: Rig) -> None:
    answer = refusal(post, quick, said("t"), image(slack_file={"id": "chart"}))
    pattern = "input must match regex pattern: ^[F][A-Z0-9]{8,}$"
    assert answer["errors"] == [f"{pattern} [json-pointer:/blocks/1/slack_file/id]"]


@pins(
    "It is the same for images beside a text, in a context and in a changed message.",
    page_of("chat.update"),
    Sure.GUESSED,
    refuses=[INVALID, "chat.update: invalid_blocks"],
)
def test_images_inside_other_blocks_are_looked_at(quick: Rig) -> None:
    inside = image(slack_file={"id": "F0SBX999999"})
    for block, place in (
        ({"type": "context", "elements": [inside]}, "elements/0"),
        ({**said("t"), "accessory": inside}, "accessory"),
    ):
        answer = refusal(post, quick, block)
        assert answer["errors"] == [
            f"invalid slack file [json-pointer:/blocks/0/{place}/slack_file]"
        ]
    posted = post(quick, said("t"))
    change = {"channel": posted["channel"], "ts": posted["ts"], "text": "t", "blocks": [inside]}
    assert refused(quick.client.chat_update, **change) == "invalid_blocks"
    assert quick.box.posted(COHORT)[-1]["blocks"][0]["type"] == "section"
