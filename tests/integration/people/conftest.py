"""What the tests of people start from: two cohorts, and somebody with a note."""

import pytest

from sandbox import Person
from tests.conftest import filled_in
from tests.integration.weather.conftest import cohorts as cohorts
from tests.logs import NOTE


@pytest.fixture
def writer(member: Person) -> Person:
    """Maya, with a check-in that has a note which looks like a formula."""
    member.types("/checkin")
    member.submits(filled_in(note=f"={NOTE}"))
    member.closes(all=True)
    return member
