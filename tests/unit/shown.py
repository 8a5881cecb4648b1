"""Every view and text as it is shown, for the golden files and Slack's limits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bot.content import guidelines
from bot.domain.checkin_command import Quick, read_quick
from bot.domain.checkins import (
    Answer,
    Capacity,
    Filed,
    History,
    Opening,
    Receipt,
    next_step,
    recent,
)
from bot.domain.cohorts import Cohort, Door, Listed, Notice, Purpose
from bot.domain.eap import Eap
from bot.domain.exports import Copy
from bot.domain.news import OF_CHANNELS, News, Topic
from bot.domain.pauses import UNTIL_I_SAY, Pause
from bot.domain.people import Choices, Joining, Safety
from bot.domain.programme import (
    Checklist,
    Entry,
    Hours,
    Item,
    Phase,
    Status,
    Step,
    as_value,
)
from bot.domain.reactions import Choice
from bot.domain.roles import GRANTED, Held, Overview, Role
from bot.domain.sharing import SharedCheckIn, Unsent
from bot.domain.visibility import Exposure, Part, Shared, Visibility
from bot.errors import Cause, NotSaved, Problem, Refusal
from bot.services.checkins import A_PAGE
from bot.views import (
    accounts,
    checkin_form,
    checkins,
    cohorts,
    errors,
    exports,
    hearth,
    news,
    notices,
    pauses,
    people,
    reactions,
    refusals,
    roles,
    setup,
    setup_forms,
    shares,
    visibility,
)
from bot.views.letters import Letter
from tests.unit import (
    calendar_views,
    pages,
    ritual_news_views,
    ritual_views,
    rota_views,
    settings_views,
    support_views,
    weekly_views,
)

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
    guidelines=guidelines.template(Purpose.SUPPORT),
)
OF_A_CHANNEL = [*sorted(OF_CHANNELS), Topic.RENAMED, Topic.NOBODY_RUNS]
NOTICES = {
    "as_it_begins": replace(NOTICE, halted_for=Refusal.UNSEEN),
    "as_usual": NOTICE,
    "nobody_runs_it": replace(NOTICE, facilitators=[], welcomes_deciders=True),
    "with_a_decider": replace(NOTICE, welcomes_deciders=True, has_decider=True, is_open=True),
    "halted": replace(NOTICE, halted_for=Refusal.SHARED),
    "closed": replace(NOTICE, is_closed=True),
    "with_edited_guidelines": replace(NOTICE, guidelines=EVIL),
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


COPY = Copy(NOW, True, {}, [], [], [], {}, [])
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
    "forgotten": people.forgotten(minutes=0),
    "forgotten_shared": people.forgotten(minutes=1),
    "forgotten_much": people.forgotten(minutes=7),
    "consent_again": people.consent(Quick(), Joining(["U1", "U2"], 30, again=True)),
    "consent_words_changed": people.words_changed(),
    "consent_in_full": people.consent_in_full(Joining(["U1", "U2"], 30, again=True)),
    "choices": people.choices(Choices(checkins=True, safety=Safety.HELP, country="DE")),
    "choices_saved": people.choices_saved(Choices(True, Safety.TELL, "DE")),
    "choices_withdrawn": people.choices_saved(Choices(False, Safety.OFF, "DE")),
    "cannot_join": people.cannot_join(),
    "export": exports.form(minutes=60),
    "export_asked": exports.asked(with_notes=True, minutes=5),
    "pause": pauses.form(None, puzzled=False),
    "pause_again": pauses.form(date(2026, 12, 31), puzzled=True),
    "pause_saved": pauses.saved(Pause(date(2026, 12, 31))),
    **weekly_views.VIEWS,
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
    "form_with_an_open_cohort": checkin_form.form(
        Opening(
            day=TODAY, visibility=Visibility(may_share=True, is_open=True), cohorts=COHORTS[:1]
        ),
        Quick(),
    ),
    "cohort_create": cohorts.create("C1"),
    "cohort_created": cohorts.created(COHORTS[0]),
    "cohort_join": cohorts.join(Door(replace(COHORTS[0], name=EVIL), EVIL, knows_hearth=True)),
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
    **calendar_views.VIEWS,
    **pages.VIEWS,
    **settings_views.VIEWS,
    **rota_views.VIEWS,
}
LETTERS = {
    **{f"shared_{part}": shares.post(shared(part)) for part in Part},
    **{f"notice_{name}": notices.notice(facts) for name, facts in NOTICES.items()},
    "role_given": roles.given(held(Role.FACILITATOR)),
    "role_ended": roles.ended(replace(held(Role.MODERATOR), ended_by="U2", ended_at=NOW)),
    "now_a_guest": accounts.now_a_guest("U1"),
    "turned_away": accounts.turned_away("U1"),
    "returned": accounts.returned("U1"),
    "export_unsent": exports.unsent("U1"),
    **weekly_views.LETTERS,
    "reaction_invitation": reactions.invitation("U1", str(UUID(int=1)), "C1"),
    "support_offer": reactions.offer("U1", str(UUID(int=3)), "C1", "1795335120.000247"),
    "support_for_oneself": reactions.for_oneself("U1", "C1"),
    "kind_word": reactions.passed_on("U1", "C1", Choice.KIND_WORD),
    "support_suggested": reactions.passed_on("U1", "C1", Choice.SUGGESTION),
    **rota_views.LETTERS,
}
WORDS = {
    "cohort_halted": [
        notices.halted("U1", replace(NOTICE, halted_for=reason))
        for reason in (Refusal.OPEN, Refusal.SHARED, Refusal.ARCHIVED, Refusal.NOT_INSIDE)
    ],
    "unsent": [
        shares.unsent("U1", "C1", reason, stands=stands, withdrawn=withdrawn)
        for reason in Unsent
        for stands, withdrawn in ((False, False), (True, False), (True, True))
    ],
    "export_files": [exports.files("U1", COPY, minutes=60)],
    "lines_reminder": support_views.REMINDERS,
    "channel_news": [news.letter(News("U1", EVIL, "C1", topic, {})) for topic in OF_A_CHANNEL],
    "ritual_news": ritual_news_views.WORDS,
    "invited": [notices.invited("U1")],
    **rota_views.WORDS,
}
TEXTS = {
    **{name: letter_words(letter) for name, letter in LETTERS.items()},
    **{name: "\n".join(letter.text for letter in letters) for name, letters in WORDS.items()},
    "support_chosen": "\n".join(reactions.chosen(each)[0] for each in (*Choice, None)),
    "cohort_refused": "\n".join(refusals.refused(reason) for reason in Refusal),
    "cohort_help": cohorts.help_text(),
    "receipt_text": checkins.receipt_text(receipt()),
    "checkin_help": checkins.help_text(),
    "status": setup.status(
        Status(Phase.SETTING_UP, ["U1", "U3"], ["U2"], Hours([0, 1, 2], 540, 1020, "UTC"), set_up())
    ),
    "status_member": setup.status(Status(Phase.REHEARSAL, ["U1"], ["U2"], None, None)),
    "setup_not_yours": "\n".join(setup.not_yours(leads) for leads in ([], ["U1"], ["U1", "U2"])),
    "hearth_help": hearth.help_text(),
    "seen_now": "\n".join(
        [
            *visibility.seen_now(Exposure([(TODAY, Shared(Part.NOTE, "C1"))], ["C1", "C2"], 1)),
            *visibility.seen_now(Exposure([], [], 0)),
        ]
    ),
    "pause_words": "\n".join(pauses.words(Pause(day)) for day in (UNTIL_I_SAY, None)),
    "weekly_words": weekly_views.WORDS,
    "day_start_words": people.day_start_words(330),
    **support_views.TEXTS,
    **calendar_views.TEXTS,
    **ritual_views.TEXTS,
}
MESSAGES = {
    **{name: list(letter.blocks) for name, letter in LETTERS.items()},
    **{
        f"{name}_{index}": list(letter.blocks)
        for name, letters in WORDS.items()
        for index, letter in enumerate(letters)
    },
    "receipt": checkins.receipt_blocks(receipt()),
    **ritual_views.MESSAGES,
    **{f"support_chosen_{each}": reactions.chosen(each)[1] for each in (*Choice, None)},
}


def parts(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)
