"""Every view as it is shown, held against golden files and Slack's limits.

`UPDATE_GOLDEN=1 make test` writes the golden files anew; read the difference before keeping it.
"""

import json
import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bot.domain.checkin_command import Quick, read_quick
from bot.domain.checkins import (
    NOTE_LIMIT,
    Answer,
    Capacity,
    Filed,
    History,
    NextStep,
    Opening,
    Receipt,
    Scale,
    next_step,
    recent,
)
from bot.domain.cohorts import Cohort, Listed, Notice, Purpose
from bot.domain.exports import Copy
from bot.domain.pauses import UNTIL_I_SAY, Pause
from bot.domain.people import Choices, Joining, Safety
from bot.domain.programme import (
    Checklist,
    Eap,
    Entry,
    Hours,
    Item,
    Phase,
    Status,
    Step,
    as_value,
)
from bot.domain.roles import GRANTED, Held, Overview, Role
from bot.domain.sharing import SharedCheckIn, Unsent
from bot.domain.visibility import Exposure, Part, Shared, Visibility
from bot.errors import (
    CannotJoin,
    Cause,
    CohortRefused,
    ConsentNeeded,
    HearthError,
    InvalidAnswer,
    NotAllowed,
    NotRead,
    NotSaved,
    Problem,
    Refusal,
    SlackUnavailable,
)
from bot.services.checkins import A_PAGE
from bot.views import (
    accounts,
    checkin_form,
    checkins,
    cohorts,
    errors,
    exports,
    hearth,
    notices,
    pauses,
    people,
    refusals,
    roles,
    setup,
    setup_forms,
    shares,
    visibility,
)
from bot.views import support as support_view
from bot.views.letters import Letter
from tests.unit import pages, support_views

GOLDEN = Path(__file__).parents[1] / "golden"
NOW = datetime.fromisoformat("2026-11-22T09:12+01:00")
TODAY = NOW.date()
EVIL = "<!channel> *bold* <https://evil.example|click> & `code` :wave:"
ANSWER = Answer(mood=2, stress=5, energy=1, capacity=Capacity.OVER, note=EVIL)
DAYS = [(TODAY - timedelta(days=n), 1 + n % 5, 5 - n % 5, 1 + n % 3) for n in range(0, 28, 3)]
JOINING = Joining([], 396)
OPENING = Opening(day=TODAY, visibility=Visibility())
COHORTS = [
    Cohort(UUID(int=1), "New parents", "C1"),
    Cohort(UUID(int=2), "First-time leads", "C2"),
]
WITH_A_DECIDER = [replace(each, has_decider=True) for each in COHORTS]
NOTICE = Notice(
    id=UUID(int=1),
    name=EVIL,
    channel="C1",
    purpose=Purpose.SUPPORT,
    welcomes_deciders=False,
    has_decider=False,
    is_open=False,
    halted_for=None,
    is_closed=False,
    facilitators=["U1", "U2"],
)
NOTICES = {
    "as_it_begins": replace(NOTICE, halted_for=Refusal.UNSEEN),
    "as_usual": NOTICE,
    "nobody_runs_it": replace(NOTICE, facilitators=[], welcomes_deciders=True),
    "with_a_decider": replace(NOTICE, welcomes_deciders=True, has_decider=True, is_open=True),
    "halted": replace(NOTICE, halted_for=Refusal.SHARED),
    "closed": replace(NOTICE, is_closed=True),
}
LISTED = [
    Listed(
        cohort=cohort,
        purpose=purpose,
        halted_for=halted,
        is_mine=is_mine,
        is_run=is_run,
        band="5 to 9" if is_run else None,
    )
    for cohort, purpose, halted, is_mine, is_run in (
        (COHORTS[0], Purpose.SUPPORT, None, True, False),
        (replace(COHORTS[1], name=EVIL), Purpose.SKILL, Refusal.OPEN, False, True),
    )
]
AGAIN = Opening(day=TODAY, visibility=Visibility(), earlier=ANSWER, earlier_at=NOW)


def receipt(*, replaced: bool = False, days: list[Any] = DAYS) -> Receipt:
    return Receipt(
        day=TODAY,
        answer=ANSWER,
        replaced=replaced,
        recent=recent(days, today=TODAY),
        step=next_step(ANSWER),
        visibility=Visibility(),
    )


def filed(day: Any, note: str | None) -> Filed:
    return Filed(day=day, mood=1, stress=5, energy=1, capacity=Capacity.OVER, note=note)


def history(note: str | None, *, entries: int = A_PAGE) -> History:
    return History(
        recent=recent(DAYS, today=TODAY),
        page=[filed(TODAY - timedelta(days=n), note) for n in range(entries)],
        has_earlier=entries == A_PAGE,
    )


COPY = Copy(NOW, True, {}, [], [], [], [])
SHARED_DAY = replace(filed(TODAY, None), shared=Shared(Part.MOOD_AND_CAPACITY, "C1"))


def shared(part: Part, note: str = EVIL) -> SharedCheckIn:
    answer = replace(ANSWER, note=note)
    return SharedCheckIn(person="U1", day=TODAY, answer=answer, shared=Shared(part, "C1"))


def letter_words(letter: Letter) -> str:
    return json.dumps(list(letter.blocks), indent=1, ensure_ascii=False) + "\n" + letter.text


def held(role: Role) -> Held:
    cohort = EVIL if role is Role.FACILITATOR else None
    return Held(UUID(int=7), "U1", role, cohort, by="U2", since=NOW)


def seen_by_a_lead() -> Overview:
    return Overview(
        person="U2",
        mine=[replace(held(Role.LEAD), person="U2", by=None)],
        past=[replace(held(Role.PEER_SUPPORTER), person="U2", ended_by="U2", ended_at=NOW)],
        others=[held(role) for role in GRANTED],
        total=40,
        first=0,
        gives=GRANTED,
        cohorts=COHORTS,
        led=True,
    )


def seen_by_a_member() -> Overview:
    others = [held(Role.MODERATOR)]
    seen = seen_by_a_lead()
    return replace(seen, person="U9", mine=[], past=[], others=others, gives=(), led=False, total=1)


def set_up(*, nothing: bool = False) -> Checklist:
    values: dict[Item, Any] = {
        Item.CHANNEL: {"id": "G1", "problems": []},
        Item.EAP: as_value(Eap(name=EVIL, phone="+49 30 1234567", employer_sees="no")),
        Item.COUNTRIES: ["DE", "US"],
        Item.HOURS: as_value(Hours([0, 1, 2, 3, 4], 540, 1020, "Europe/Berlin")),
        Item.DUTY_LEAD: "U1",
        Item.EMERGENCY_PLAN: EVIL,
    }
    problems = {Item.CHANNEL: [Problem.ARCHIVED], Item.EAP: [Problem.NEVER_TRIED]}
    return Checklist(
        {
            item: Entry(item)
            if nothing or item not in values
            else Entry(item, values[item], 3, "U1", NOW, problems.get(item, []))
            for item in Item
        },
        {},
    )


VIEWS = {
    "consent": people.consent(Quick(), JOINING),
    "day_start": people.day_start(300),
    "day_start_saved": people.day_start_saved(300),
    "forget": people.forget(),
    "forgotten": people.forgotten(taking_away=False),
    "forgotten_shared": people.forgotten(taking_away=True),
    "consent_again": people.consent(Quick(), Joining(["U1", "U2"], 30, again=True)),
    "choices": people.choices(Choices(checkins=True, safety=Safety.HELP, country="DE")),
    "choices_saved": people.choices_saved(Choices(True, Safety.TELL, "DE")),
    "choices_withdrawn": people.choices_saved(Choices(False, Safety.OFF, "DE")),
    "cannot_join": people.cannot_join(),
    "export": exports.form(minutes=60),
    "export_asked": exports.asked(with_notes=True, minutes=5),
    "pause": pauses.form(None, puzzled=False),
    "pause_again": pauses.form(date(2026, 12, 31), puzzled=True),
    "pause_saved": pauses.saved(Pause(date(2026, 12, 31))),
    "form_empty": checkin_form.form(OPENING, Quick()),
    "form_again": checkin_form.form(AGAIN, Quick()),
    "form_puzzled": checkin_form.form(OPENING, read_quick("9 2 steady please")),
    "form_shared": checkin_form.form(
        Opening(
            day=TODAY,
            visibility=Visibility(Shared(Part.CAPACITY, "C1"), may_share=True),
            cohorts=COHORTS,
        ),
        Quick(),
    ),
    "form_with_a_cohort": checkin_form.form(
        Opening(day=TODAY, visibility=Visibility(may_share=True), cohorts=COHORTS[:1]), Quick()
    ),
    "form_with_a_decider": checkin_form.form(
        Opening(
            day=TODAY,
            visibility=Visibility(may_share=True, has_decider=True),
            cohorts=WITH_A_DECIDER,
        ),
        Quick(),
    ),
    "cohort_create": cohorts.create("C1"),
    "cohort_created": cohorts.created(COHORTS[0]),
    "cohort_join": cohorts.join(replace(COHORTS[0], name=EVIL)),
    "cohort_joined": cohorts.joined(COHORTS[0]),
    "cohort_leave": cohorts.leave(COHORTS[0]),
    "cohort_left": cohorts.left(take_back=False),
    "cohort_left_and_taken_back": cohorts.left(take_back=True),
    "cohort_list": cohorts.listing(LISTED),
    "cohort_list_empty": cohorts.listing([]),
    "cohort_list_long": cohorts.listing(LISTED * 40),
    "cohort_no_place": cohorts.no_place(Refusal.CLOSED),
    "receipt": checkins.receipt(receipt()),
    "receipt_shared": checkins.receipt(
        replace(receipt(), visibility=Visibility(Shared(Part.NOTE, "C1")))
    ),
    "receipt_first": checkins.receipt(receipt(days=DAYS[:1], replaced=True)),
    "history": checkins.history(history(EVIL, entries=2)),
    "history_shared": checkins.history(
        replace(history(None, entries=1), page=[replace(SHARED_DAY, note="a walk")])
    ),
    "history_empty": checkins.history(history(None, entries=0)),
    "history_page": checkins.history(history(None)),
    "roles": roles.overview(seen_by_a_lead()),
    "roles_member": roles.overview(seen_by_a_member()),
    "roles_give": roles.give(seen_by_a_lead()),
    "setup": setup.checklist(set_up()),
    "setup_empty": setup.checklist(set_up(nothing=True)),
    **{
        f"setup_{item}": setup_forms.page(Step(entry, set_up(), {"G1": "care"}, "Europe/Berlin"))
        for item, entry in set_up().entries.items()
    },
    "setup_overtaken": setup_forms.page(
        Step(set_up().entries[Item.EMERGENCY_PLAN], set_up()),
        {"emergency_plan": EVIL},
        overtaken=True,
    ),
    "sorry": errors.sorry(NotSaved(Cause.BUSY), "abc123"),
    **support_views.VIEWS,
    **pages.VIEWS,
}
TEXTS = {
    **{f"shared_{part}": letter_words(shares.post(shared(part))) for part in Part},
    **{f"notice_{name}": letter_words(notices.notice(facts)) for name, facts in NOTICES.items()},
    "cohort_halted": "\n".join(
        notices.halted("U1", replace(NOTICE, halted_for=reason)).text
        for reason in (Refusal.OPEN, Refusal.SHARED, Refusal.ARCHIVED, Refusal.NOT_INSIDE)
    ),
    "cohort_refused": "\n".join(refusals.refused(reason) for reason in Refusal),
    "cohort_help": cohorts.help_text(),
    "unsent": "\n".join(
        shares.unsent("U1", "C1", reason, stands=stands, withdrawn=withdrawn).text
        for reason in Unsent
        for stands, withdrawn in ((False, False), (True, False), (True, True))
    ),
    "receipt_text": checkins.receipt_text(receipt()),
    "checkin_help": checkins.help_text(),
    "role_given": letter_words(roles.given(held(Role.FACILITATOR))),
    "role_ended": letter_words(
        roles.ended(replace(held(Role.MODERATOR), ended_by="U2", ended_at=NOW))
    ),
    "status": setup.status(
        Status(Phase.SETTING_UP, ["U1", "U3"], ["U2"], Hours([0, 1, 2], 540, 1020, "UTC"), set_up())
    ),
    "status_member": setup.status(Status(Phase.REHEARSAL, ["U1"], ["U2"], None, None)),
    "setup_not_yours": "\n".join(setup.not_yours(leads) for leads in ([], ["U1"], ["U1", "U2"])),
    "hearth_help": hearth.help_text(),
    "now_a_guest": letter_words(accounts.now_a_guest("U1")),
    "turned_away": letter_words(accounts.turned_away("U1")),
    "returned": letter_words(accounts.returned("U1")),
    "export_files": exports.files("U1", COPY, minutes=60).text,
    "export_unsent": letter_words(exports.unsent("U1")),
    "seen_now": "\n".join(
        [
            *visibility.seen_now(Exposure([(TODAY, Shared(Part.NOTE, "C1"))], ["C1", "C2"], 1)),
            *visibility.seen_now(Exposure([], [], 0)),
        ]
    ),
    "pause_words": "\n".join(pauses.words(Pause(day)) for day in (UNTIL_I_SAY, None)),
    "day_start_words": people.day_start_words(330),
    **support_views.TEXTS,
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_as_it_was_agreed(name: str) -> None:
    shown = json.dumps(VIEWS[name], indent=1, ensure_ascii=False) + "\n"
    agree(GOLDEN / f"{name}.json", shown)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_as_it_was_agreed(name: str) -> None:
    agree(GOLDEN / f"{name}.txt", TEXTS[name] + "\n")


def test_every_error_has_its_agreed_words() -> None:
    told: list[HearthError | Exception] = [
        *(NotSaved(cause) for cause in Cause),
        *(NotRead(cause) for cause in Cause),
        ConsentNeeded(),
        CannotJoin(),
        NotAllowed(),
        CohortRefused(Refusal.TAKEN),
        InvalidAnswer({"mood": Problem.NOT_A_CHOICE}),
        SlackUnavailable(),
        ZeroDivisionError("with a secret"),
    ]
    lines = [
        f"{type(error).__name__} {error if isinstance(error, HearthError) else ''}\n"
        f"  form: {errors.for_form(error, 'abc123')}\n"
        f"  command: {errors.for_command(error, 'abc123')}\n"
        for error in told
    ]
    assert "secret" not in "".join(lines)
    agree(GOLDEN / "errors.txt", "".join(lines))


def agree(file: Path, shown: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == shown


def test_no_golden_file_is_left_over() -> None:
    kept = {file.stem for file in GOLDEN.iterdir()}
    assert kept == {*VIEWS, *TEXTS, "errors"}


# Slack's limits for what we use (docs.slack.dev, Block Kit reference)


def parts(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_keeps_slacks_limits(name: str) -> None:
    check_view(VIEWS[name])


def test_help_for_every_country_keeps_slacks_limits() -> None:
    for shown in support_views.EVERY_HELP:
        check_view(support_view.help_now(shown))
        assert len(support_view.help_text(shown)) <= 3000
    for board in support_views.EVERY_BOARD:
        check_view(board)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("eap.example", "<https://eap.example|eap.example>"),
        ("https://eap.example/a-b", "<https://eap.example/a-b|https://eap.example/a-b>"),
        ("http://eap.example", "http://eap.example"),
        ("eap.example|x> <!channel>", "eap.example|x&gt; &lt;!channel&gt;"),
        ("ask at the desk", "ask at the desk"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_only_what_is_plainly_an_address_becomes_a_link(address: str, shown: str) -> None:
    assert support_view.linked(address) == shown


def test_nothing_that_a_lead_entered_pings_anybody() -> None:
    for shown in support_views.EVERY_HELP:
        assert "<!" not in json.dumps(support_view.help_now(shown))
        assert "<!" not in support_view.help_text(shown)


@pytest.mark.parametrize("name", [*support_views.VIEWS, *support_views.TEXTS])
def test_the_words_of_help_are_calm(name: str) -> None:
    words = TEXTS.get(name) or json.dumps(VIEWS[name], ensure_ascii=False)
    assert "!" not in words
    for word in ("risk", "suicidal", "commit", "don't worry", "crisis!", "please call"):
        assert word not in words.lower()


def check_view(view: dict[str, Any]) -> None:
    for part in ("title", "submit", "close"):
        assert len(view.get(part, {"text": ""})["text"]) <= 24
    assert len(view["blocks"]) <= 100
    assert len(view.get("private_metadata", "")) <= 3000
    assert len(json.dumps(view)) <= 250_000
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))
    has_input = any(block["type"] == "input" for block in view["blocks"])
    assert not has_input or "submit" in view
    for part in parts(view["blocks"]):
        check_part(part)


def check_part(part: dict[str, Any]) -> None:
    if part.get("type") == "section":
        assert 1 <= len(part["text"]["text"]) <= 3000
    if part.get("type") == "context":
        assert len(part["elements"]) <= 10
    if "options" in part:
        assert len(part["options"]) <= {"radio_buttons": 10, "checkboxes": 10}.get(
            part["type"], 100
        )
    if "value" in part and "text" in part:
        assert len(part["value"]) <= 150
        assert len(part["text"]["text"]) <= 75
    if isinstance(part.get("label"), dict):
        assert len(part["label"]["text"]) <= 2000
    if part.get("type") == "button":
        assert len(part["value"]) <= 2000
        assert len(part["text"]["text"]) <= 75
    if "placeholder" in part:
        assert len(part["placeholder"]["text"]) <= 150


def test_the_fullest_history_fits_into_a_view() -> None:
    page = checkins.history(history("😔" * NOTE_LIMIT))
    assert len(json.dumps(page)) <= 250_000
    assert len(page["blocks"]) <= 100


def test_the_words_of_a_receipt_name_the_same_audience_as_its_blocks() -> None:
    shared = replace(receipt(), visibility=Visibility(Shared(Part.NOTE, "C1")))
    assert "everyone in <#C1>" in checkins.receipt_text(shared)
    assert "everyone in <#C1>" in json.dumps(checkins.receipt_blocks(shared))
    assert "your note: everyone" in checkins.receipt_text(shared)


# What people type


@pytest.mark.parametrize("name", ["form_again", "history", "home_member"])
def test_what_a_person_typed_never_stands_in_markdown(name: str) -> None:
    marked = [part["text"] for part in parts(VIEWS[name]) if part.get("type") == "mrkdwn"]
    assert EVIL in json.dumps(VIEWS[name], ensure_ascii=False)
    assert not any("evil" in text or "<!channel>" in text for text in marked)


@pytest.mark.parametrize("text", ["4 2", "9 2 3 steady", "mood 4", "over", "", "nonsense"])
def test_what_was_understood_survives_the_consent(text: str) -> None:
    quick = read_quick(text)
    view = people.consent(quick, JOINING)
    assert people.read_consent({**view, "state": {"values": {}}})[1] == quick


@pytest.mark.parametrize(
    "metadata", ["", "{}", "null", "[]", '{"levels": 4}', '{"levels": {"mood": "x"}}', "\x00"]
)
def test_a_forged_memory_counts_as_empty(metadata: str) -> None:
    assert people.read_consent({"private_metadata": metadata})[1] == Quick()


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {"values": {"mood": 4}}}])
def test_a_form_with_missing_parts_is_an_invalid_answer_or_no_form_of_ours(
    view: dict[str, Any],
) -> None:
    with pytest.raises((InvalidAnswer, ValueError)):
        checkin_form.read(view)


@pytest.mark.parametrize("step", NextStep)
def test_no_next_step_praises_or_alarms(step: NextStep) -> None:
    shown = checkins.receipt(
        Receipt(
            day=TODAY,
            answer=ANSWER,
            replaced=False,
            recent=recent([], today=TODAY),
            step=step,
            visibility=Visibility(),
        )
    )
    words = json.dumps(shown).lower()
    assert "!" not in words
    assert not any(word in words for word in ("great", "well done", "risk", "streak", "warning"))


@pytest.mark.parametrize("scale", Scale)
def test_weeks_without_a_checkin_have_words_too(scale: Scale) -> None:
    empty = recent([], today=TODAY)
    assert "no check-in" in checkins.trend_words(scale, empty.trends[scale])
