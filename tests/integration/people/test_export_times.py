"""Which copies are asked for at once, and from when on their hour counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import Stored, filled_in
from tests.integration.outbox import settled
from tests.integration.weather.conftest import waits
from tests.logs import NOTE


@pytest.mark.parametrize("first", [True, False])
def test_whoever_asks_for_the_other_kind_at_once_is_sent_both(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, first: bool
) -> None:
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    for with_notes in (first, not first, first):
        hearth.services.exports.ask(member.id, with_notes=with_notes)
    settled(hearth)
    assert stored.count("exports") == 2
    sent = [each["content"].decode() for each in workspace.files("maya")]
    assert {NOTE in each for each in sent} == {True, False}


def test_the_hour_counts_from_when_the_files_were_there_and_not_from_the_question(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.fail("files.getUploadURLExternal", error="missing_scope")
    hearth.services.exports.ask(member.id, with_notes=False)
    waits(stored, "missing_scope")
    workspace.clock.advance(timedelta(hours=2))
    settled(hearth)
    for minutes, files in ((0, 2), (59, 2), (2, 0)):
        workspace.clock.advance(timedelta(minutes=minutes))
        hearth.services.exports.end_old()
        settled(hearth)
        assert len(workspace.files("maya")) == files, minutes
