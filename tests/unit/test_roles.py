"""Who may give whom which role, and what excludes what."""

from __future__ import annotations

from itertools import combinations
from uuid import UUID

import pytest

from bot.domain.roles import (
    APART,
    GRANTED,
    Action,
    Holder,
    Role,
    Wish,
    appoints,
    check_end,
    check_grant,
    clash,
    may,
    sound,
)
from bot.errors import InvalidAnswer, Problem

COHORT = UUID(int=1)


def problem_of(wish: Wish, *giver_is: Role, led: bool = True, **holder: object) -> Problem | None:
    held = Holder(holder.get("roles", ()), bool(holder.get("is_colleague", True)))  # type: ignore[arg-type]
    try:
        check_grant(wish, "giver", giver_is, held, cohorts=[COHORT], led=led)
    except InvalidAnswer as error:
        (problem,) = error.problems.values()
        return problem
    return None


@pytest.mark.parametrize("role", GRANTED)
def test_a_lead_gives_every_role_and_an_admin_only_the_leads(role: Role) -> None:
    wish = Wish("somebody", role, COHORT)
    assert problem_of(wish, Role.LEAD) is None
    expected = None if role is Role.LEAD else Problem.NOT_YOURS_TO_GIVE
    assert problem_of(wish, Role.ADMIN) is expected
    for other in (Role.MEMBER, Role.MODERATOR, Role.FACILITATOR, Role.PEER_SUPPORTER):
        assert problem_of(wish, other) is Problem.NOT_YOURS_TO_GIVE


@pytest.mark.parametrize("led", [True, False])
@pytest.mark.parametrize("giver", [Role.LEAD, Role.ADMIN])
@pytest.mark.parametrize("role", GRANTED)
def test_only_the_first_lead_appoints_themself(role: Role, giver: Role, led: bool) -> None:
    refused = problem_of(Wish("giver", role, COHORT), giver, led=led)
    allowed = role is Role.LEAD and giver is Role.ADMIN and not led
    assert (refused is None) == allowed


def test_roles_that_are_apart_exclude_each_other_either_way() -> None:
    for pair in APART:
        one, other = pair
        assert clash(one, {other}) is other
        assert clash(other, {one}) is one
    assert clash(Role.FACILITATOR, set(Role)) is None


def test_no_roles_together_let_anybody_lead_and_hear_of_concerns() -> None:
    for size in range(len(Role) + 1):
        for roles in combinations(Role, size):
            hears = may(Action.RECEIVE_CONCERNS, roles)
            assert not (hears and (may(Action.GRANT, roles) or may(Action.SEE_COHORTS, roles)))
            assert sound(roles) <= set(roles)


def test_nobody_who_is_no_colleague_gets_a_role() -> None:
    wish = Wish("somebody", Role.PEER_SUPPORTER)
    assert problem_of(wish, Role.LEAD, is_colleague=False) is Problem.NOT_A_COLLEAGUE


def test_one_may_end_what_one_may_give_and_what_is_ones_own() -> None:
    for role in GRANTED:
        assert check_end(role, own=True, ender_is=(), leads=2)
        assert not check_end(role, own=False, ender_is=(role,), leads=2) or role is Role.LEAD
        assert check_end(role, own=False, ender_is=(Role.LEAD,), leads=2)
        assert check_end(role, own=False, ender_is=(Role.ADMIN,), leads=2) == (role is Role.LEAD)


@pytest.mark.parametrize("own", [True, False])
def test_the_last_lead_stays(own: bool) -> None:
    with pytest.raises(InvalidAnswer, match="last lead"):
        check_end(Role.LEAD, own=own, ender_is=(Role.LEAD,), leads=1)


def test_whoever_appoints_nobody_sees_no_form() -> None:
    assert list(appoints([Role.MODERATOR, Role.FACILITATOR, Role.MEMBER])) == []
