"""Files: uploaded with the SDK's own three steps, seen by people, deleted again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import ControlError
from sandbox.server import FILES_READY_AFTER_SECONDS
from tests.contract.conftest import MakeRig
from tests.contract.doors import status_of
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refused
from tests.contract.rig import EVERY_SCOPE, Json, Rig, said

ANNOUNCE, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
UPLOADS = "docs.slack.dev/messaging/working-with-files"
COHORT, PRIVATE = "cohort-new-parents", "care-moderators"
TEXT = "day,mood\n2026-12-01,4\n"


def dm(rig: Rig, person: str) -> str:
    return str(rig.client.conversations_open(users=person)["channel"]["id"])


def upload(rig: Rig, channel: str | None, **more: Any) -> Json:
    done = rig.client.files_upload_v2(
        channel=channel, filename="days.csv", title="My days", content=TEXT, **more
    )
    found: Json = done["file"]
    return found


def raw(rig: Rig, content: bytes, length: int | None = None) -> tuple[str, int]:
    """Announce and upload by hand; return the file's id and the status of the upload."""
    size = len(content) if length is None else length
    started = rig.client.files_getUploadURLExternal(filename="a.txt", length=size)
    request = Request(str(started["upload_url"]), content, method="POST")
    return str(started["file_id"]), status_of(request)


def get(url: str, token: str | None = None) -> tuple[bytes, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urlopen(Request(url, headers=headers)) as response:
        return response.read(), response.headers


@pins("A file is announced, sent to an address and completed with a place to be shown.", UPLOADS)
def test_the_sdk_uploads_a_file_into_a_direct_message(offline: Rig) -> None:
    channel = dm(offline, offline.maya.id)
    done = upload(offline, channel, initial_comment="Here it is.")
    (file,) = offline.box.files("maya")
    assert (file["id"], file["name"], file["title"]) == (done["id"], "days.csv", "My days")
    assert file["content"] == TEXT.encode()
    assert (file["channel"], file["text"]) == (channel, "Here it is.")
    (message,) = offline.maya.messages("lantern")
    assert message["text"] == "Here it is."
    assert message["files"][0]["title"] == "My days"
    assert offline.box.posted("maya")[0]["ts"] == file["ts"]
    assert offline.box.files("kofi") == []
    assert offline.box.files() == [file]


@pins(
    "The kind of a file and where it is shared are told some time after it is complete.",
    "github.com/slackapi/python-slack-sdk/issues/1277",
    Sure.REPORTED,
)
def test_where_a_file_is_shared_is_told_by_its_info_and_not_yet_at_once(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    done = upload(offline, channel)
    early = offline.client.files_info(file=done["id"])["file"]
    for told in (done, early):
        assert (told["mimetype"], told["filetype"], told["shares"]) == ("", "", {})
        assert told["channels"] == []
    offline.box.clock.advance(timedelta(seconds=FILES_READY_AFTER_SECONDS))
    info = offline.client.files_info(file=done["id"])["file"]
    assert (info["mimetype"], info["size"]) == ("text/csv", len(TEXT))
    ts = info["shares"]["public"][channel][0]["ts"]
    history = offline.client.conversations_history(channel=channel)["messages"][0]
    assert (history["ts"], history["files"][0]["id"]) == (ts, done["id"])


@pins("All the files of a call come in one message.", page_of(COMPLETE), Sure.GUESSED)
def test_several_files_come_in_one_message(offline: Rig) -> None:
    offline.client.files_upload_v2(
        channel=offline.channel(COHORT),
        file_uploads=[
            {"filename": "a.csv", "content": "1"},
            {"filename": "b.json", "content": "{}"},
        ],
    )
    (message,) = offline.box.posted(COHORT)
    assert [file["name"] for file in offline.box.files(COHORT)] == ["a.csv", "b.json"]
    assert {file["ts"] for file in offline.box.files(COHORT)} == {message["ts"]}


@pins(
    "A deleted file is gone for everybody, and is not deleted twice.",
    page_of("files.delete"),
    refuses=["files.info: file_deleted", "files.delete: file_deleted"],
)
def test_a_deleted_file_is_gone_for_everybody_and_its_message_with_it(offline: Rig) -> None:
    file = upload(offline, dm(offline, offline.maya.id))
    shown = offline.maya.messages("lantern")[0]["files"][0]
    offline.client.files_delete(file=file["id"])
    assert offline.maya.messages("lantern") == []
    assert offline.box.files() == []
    assert refused(offline.client.files_info, file=file["id"]) == "file_deleted"
    assert refused(offline.client.files_delete, file=file["id"]) == "file_deleted"
    with pytest.raises(ControlError, match="no such file"):
        offline.control.get(shown["url"])
    assert offline.client.files_list()["files"] == []


@pins("The words that came with a file stay when it is deleted.", "", Sure.GUESSED)
def test_words_that_came_with_a_file_stay(offline: Rig) -> None:
    file = upload(offline, dm(offline, offline.maya.id), initial_comment="Here it is.")
    offline.client.files_delete(file=file["id"])
    (message,) = offline.maya.messages("lantern")
    assert (message["text"], message["files"]) == (
        "Here it is.",
        [{"id": file["id"], "deleted": True}],
    )


def test_only_those_who_see_the_message_get_its_file(offline: Rig) -> None:
    upload(offline, dm(offline, offline.maya.id))
    url = offline.box.url + offline.maya.messages("lantern")[0]["files"][0]["url"]
    content, headers = get(url)
    assert content == TEXT.encode()
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(HTTPError) as caught:
        get(url.replace(offline.maya.id, offline.kofi.id))
    caught.value.close()


@pins("A file is given out for the app's token; without it there is a page to sign in.", UPLOADS)
def test_the_app_downloads_with_its_token_and_gets_a_page_without(offline: Rig) -> None:
    file = upload(offline, dm(offline, offline.maya.id))
    address = offline.client.files_info(file=file["id"])["file"]["url_private"]
    assert get(address, offline.box.bot_token)[0] == TEXT.encode()
    for token in (None, "xoxb-other"):
        page, headers = get(address, token)
        assert TEXT.encode() not in page
        assert headers["Content-Type"].startswith("text/html")


@pins("A file that is completed without a place is the app's alone.", page_of(COMPLETE))
def test_a_file_shared_nowhere_is_the_apps_alone(offline: Rig) -> None:
    file = upload(offline, None)
    assert offline.box.files() == []
    assert [each["id"] for each in offline.client.files_list()["files"]] == [file["id"]]


@pins(
    "Files are listed in numbered pages; by place, person, kind and time.",
    page_of("files.list"),
    refuses=[
        "files.list: channel_not_found",
        "files.list: user_not_found",
        "files.list: unknown_type",
        "files.list: invalid_arguments",
    ],
)
def test_files_are_listed_by_conversation_and_in_pages(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    for _each in range(3):
        upload(offline, channel)
    upload(offline, dm(offline, offline.maya.id))
    listed = offline.client.files_list(channel=channel, count=2, page=2)
    assert len(listed["files"]) == 1
    assert listed["paging"] == {"count": 2, "total": 3, "page": 2, "pages": 2}
    client, wanted = offline.client, offline.client.files_list
    assert refused(wanted, channel="C404") == "channel_not_found"
    assert refused(wanted, user="U404") == "user_not_found"
    assert refused(wanted, types="poems") == "unknown_type"
    assert refused(wanted, ts_from="yesterday") == "invalid_arguments"
    counts = [
        len(wanted(**how)["files"])
        for how in (
            {},
            {"user": client.auth_test()["user_id"]},
            {"user": offline.maya.id},
            {"types": "images,pdfs"},
            {"ts_to": "1"},
            {"ts_from": "1", "ts_to": "9999999999"},
        )
    ]
    assert counts == [4, 4, 0, 0, 0, 4]


@pins(
    "A file goes only where the app is, and by the id of a conversation.",
    page_of(COMPLETE),
    refuses=[f"{COMPLETE}: channel_not_found", f"{COMPLETE}: not_in_channel"],
)
@pins(
    "A file does not go into an archived channel; with which word it is refused nobody says.",
    page_of(COMPLETE),
    Sure.GUESSED,
    refuses=[f"{COMPLETE}: is_archived"],
)
@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("C404", "channel_not_found"),
        ("person", "channel_not_found"),
        ("general", "not_in_channel"),
        (PRIVATE, "channel_not_found"),
        ("archived", "is_archived"),
    ],
)
def test_a_file_goes_only_where_the_app_may_post(offline: Rig, place: str, error: str) -> None:
    channels = {"person": offline.maya.id, "archived": offline.channel(COHORT)}
    channels |= {"general": offline.channel("general"), PRIVATE: offline.channel(PRIVATE)}
    offline.box.remove_bot(PRIVATE)
    offline.box.archive(COHORT)
    file, _status = raw(offline, b"x")
    complete = offline.client.files_completeUploadExternal
    assert refused(complete, files=[{"id": file}], channel_id=channels.get(place, place)) == error
    assert offline.box.files() == []


@pins("A person's id is taken among several channels only, and no stranger's.", "", Sure.GUESSED)
def test_a_file_can_be_shared_with_a_person_by_their_id_in_the_other_argument(
    offline: Rig,
) -> None:
    file, _status = raw(offline, b"x")
    complete = offline.client.files_completeUploadExternal
    offline.box.share_channel("general")
    stranger = offline.box.add_person("far", external=True, channels=["general"])
    assert refused(complete, files=[{"id": file}], channels=[stranger]) == "channel_not_found"
    complete(files=[{"id": file}], channels=[offline.maya.id])
    assert [each["name"] for each in offline.box.files("maya")] == ["a.txt"]


@pins(
    "What was not announced and sent is no file.",
    page_of(COMPLETE),
    refuses=[
        f"{COMPLETE}: file_not_found",
        "files.info: file_not_found",
        "files.delete: file_not_found",
    ],
)
def test_what_was_not_uploaded_cannot_be_completed(offline: Rig) -> None:
    complete, channel = offline.client.files_completeUploadExternal, offline.channel(COHORT)
    started = offline.client.files_getUploadURLExternal(filename="a.txt", length=1)
    for file in (started["file_id"], "F404"):
        error = refused(complete, files=[{"id": file}], channel_id=channel)
        assert error == "file_not_found"
    for call in (offline.client.files_info, offline.client.files_delete):
        assert refused(call, file=started["file_id"]) == "file_not_found"
    assert refused(complete, files=[], channel_id=channel) == "invalid_arguments"
    assert refused(complete, files=[{}], channel_id=channel) == "invalid_arguments"


@pins(
    "An upload is as long as it was announced, and its address takes no more once it is complete.",
    UPLOADS,
    Sure.GUESSED,
    refuses=["upload: refused"],
)
def test_an_upload_address_takes_what_was_announced_and_only_once(offline: Rig) -> None:
    assert raw(offline, b"xy", length=3)[1] == 400
    started = offline.client.files_getUploadURLExternal(filename="a.txt", length=1)
    request = Request(str(started["upload_url"]), b"x", method="POST")
    assert status_of(request) == 200
    offline.client.files_completeUploadExternal(files=[{"id": started["file_id"]}])
    assert status_of(request) == 400
    wrong = Request(f"{offline.box.url}/upload/v1/none", b"x", method="POST")
    assert status_of(wrong) == 400


@pins(
    "A file has a name and a length, and is not empty.",
    page_of(ANNOUNCE),
    refuses=[f"{ANNOUNCE}: missing_argument", f"{ANNOUNCE}: invalid_arguments"],
)
def test_a_file_has_a_length(offline: Rig) -> None:
    start: Any = offline.client.files_getUploadURLExternal
    assert refused(start, filename="a.txt", length=0) == "missing_argument"
    for length in (-1, "many"):
        assert refused(start, filename="a.txt", length=length) == "invalid_arguments"
    assert refused(start, filename="", length=1) == "invalid_arguments"


@pins(
    "Files have 1 GB, snippets 1 MB, and their descriptions 1,000 characters.",
    page_of(ANNOUNCE),
    refuses=[
        f"{ANNOUNCE}: file_upload_size_restricted",
        f"{ANNOUNCE}: snippet_too_large",
        f"{ANNOUNCE}: alt_txt_too_large",
    ],
)
def test_a_file_is_not_endless(offline: Rig) -> None:
    def announce(length: int, **more: str) -> Any:
        start = offline.client.files_getUploadURLExternal
        return start(filename="a.txt", length=length, **more)

    assert announce(1_000_000_000)["ok"]
    assert refused(announce, 1_000_000_001) == "file_upload_size_restricted"
    assert announce(1_000_000, snippet_type="python")["ok"]
    assert refused(announce, 1_000_001, snippet_type="python") == "snippet_too_large"
    assert announce(1, alt_txt="x" * 1000)["ok"]
    assert refused(announce, 1, alt_txt="x" * 1001) == "alt_txt_too_large"


@pins(
    "A file goes into a hundred channels at once, and into a thread that is there.",
    page_of(COMPLETE),
    refuses=[f"{COMPLETE}: channels_limit_exceeded"],
)
@pins(
    "A file for a thread that is not there, or for nobody's Messages tab, is refused.",
    "",
    Sure.GUESSED,
    refuses=[f"{COMPLETE}: thread_not_found", f"{COMPLETE}: messages_tab_disabled"],
)
def test_a_file_goes_to_so_many_places(make_rig: MakeRig) -> None:
    rig = make_rig(messages_tab="off")
    complete: Any = rig.client.files_completeUploadExternal
    file = [{"id": raw(rig, b"x")[0]}]
    channel = rig.channel(COHORT)
    for count, wanted in ((100, "channel_not_found"), (101, "channels_limit_exceeded")):
        assert refused(complete, files=file, channels=["C404"] * count) == wanted
    code = refused(complete, files=file, channel_id=channel, thread_ts="1.000001")
    assert code == "thread_not_found"
    tab = dm(rig, rig.maya.id)
    assert refused(complete, files=file, channel_id=tab) == "messages_tab_disabled"
    ts = rig.client.chat_postMessage(channel=channel, text="first")["ts"]
    assert complete(files=file, channel_id=channel, thread_ts=ts)["ok"]
    assert rig.box.posted(COHORT)[-1]["thread_ts"] == ts


@pins(
    "Blocks may come with a file where there are no words; they follow the rules of blocks.",
    page_of(COMPLETE),
    refuses=[f"{COMPLETE}: invalid_blocks"],
)
def test_blocks_may_come_with_a_file(offline: Rig) -> None:
    complete: Any = offline.client.files_completeUploadExternal
    channel, file = offline.channel(COHORT), [{"id": raw(offline, b"x")[0]}]
    for blocks in ([said("x" * 3001)], ["text"]):
        code = refused(complete, files=file, channel_id=channel, blocks=json.dumps(blocks))
        assert code == "invalid_blocks"
    assert offline.box.files() == []
    complete(files=file, channel_id=channel, blocks=json.dumps([said("Look")]))
    assert offline.maya.messages(COHORT)[-1]["blocks"][0]["text"]["text"] == "Look"


@pins("Each of the three steps of an upload can fail.", "", Sure.OURS)
def test_each_step_of_an_upload_can_go_wrong(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.box.fail("files.getUploadURLExternal", error="internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        upload(offline, channel)
    offline.box.fail("upload", status=504)
    with pytest.raises(HTTPError, match="504") as failed:  # which the SDK does not translate
        upload(offline, channel)
    failed.value.close()
    offline.box.fail("files.completeUploadExternal", channel=COHORT, error="internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        upload(offline, channel)
    assert offline.box.files() == []
    offline.box.fail("files.completeUploadExternal", after=True, cut=True)
    offline.client.retry_handlers.clear()
    with pytest.raises(ConnectionError):
        upload(offline, channel)
    assert len(offline.box.files(COHORT)) == 1
    methods = [call["method"] for call in offline.box.calls()]
    assert methods.count("upload") == 3


@pytest.mark.parametrize("scope", ["files:read", "files:write"])
def test_files_need_their_scopes(make_rig: MakeRig, scope: str) -> None:
    rig = make_rig(scopes=[each for each in EVERY_SCOPE if each != scope])
    client = rig.client
    if scope == "files:write":
        start = client.files_getUploadURLExternal
        assert refused(start, filename="a.txt", length=1) == "missing_scope"
        complete = client.files_completeUploadExternal
        assert refused(complete, files=[{"id": "F1"}]) == "missing_scope"
        assert refused(client.files_delete, file="F1") == "missing_scope"
    else:
        file = upload(rig, rig.channel(COHORT))
        assert refused(client.files_info, file=file["id"]) == "missing_scope"
        assert refused(client.files_list) == "missing_scope"
