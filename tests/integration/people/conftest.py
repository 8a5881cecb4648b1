"""What the tests of people start from: two cohorts."""

from tests.integration.weather.conftest import cohorts as cohorts
