"""What the tests of people start from: two cohorts, and channels that need not wait."""

from tests.integration.weather.conftest import cohorts as cohorts
from tests.integration.weather.conftest import pace as pace
