"""A Slack workspace on this machine: the unmodified Slack libraries talk to it.

For the demo and the tests. It knows nothing of the bot that is installed in it but its
manifest.
"""

from sandbox.client import Outcome, Person
from sandbox.clock import Clock, ClockError
from sandbox.control_client import ControlError
from sandbox.errors import SandboxError
from sandbox.server import Sandbox
from sandbox.weather.holds import Hold
from sandbox.weather.lots import Decision
from sandbox.weather.weather import Weather

__all__ = [
    "Clock",
    "ClockError",
    "ControlError",
    "Decision",
    "Hold",
    "Outcome",
    "Person",
    "Sandbox",
    "SandboxError",
    "Weather",
]
