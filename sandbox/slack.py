"""Everything that one sandbox holds, in one place.

It lives on the event loop of the server and is touched only there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox import manifest, seed
from sandbox.background import Background
from sandbox.bell import Bell
from sandbox.clock import Clock
from sandbox.credentials import APP_ID, APP_TOKEN, BOT_TOKEN
from sandbox.delivery.delivery import Delivery
from sandbox.delivery.http_delivery import RequestUrl
from sandbox.delivery.socket_mode import Hub
from sandbox.modals import Modals
from sandbox.oauth import Consents
from sandbox.response_urls import ResponseUrls
from sandbox.timeline import Timeline
from sandbox.triggers import Triggers
from sandbox.watchers import Watchers
from sandbox.weather.faults import Calls, Faults
from sandbox.weather.holds import Holds
from sandbox.weather.keys import Keys
from sandbox.weather.limits import Limits
from sandbox.weather.sky import Sky
from sandbox.weather.weather import Weather
from sandbox.workspace import Json

Panel = Callable[[], Json]


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a workspace is made from, and how it behaves; see `Sandbox`."""

    manifest: Path
    seed: Path
    ack_seconds: float
    retry_after_seconds: Sequence[float]
    request_url: str | None
    panels: Mapping[str, Panel]
    files_ready_after_seconds: float


class Slack:
    """The state of the workspace and of the app installed in it."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self.app_id, self.bot_token, self.app_token = APP_ID, BOT_TOKEN, APP_TOKEN
        self.app_scopes: tuple[str, ...] = ("connections:write",)
        self.app = manifest.read(options.manifest)
        self.clock = clock
        self.workspace = seed.plant(options.seed, self.app, clock)
        self.panels = options.panels
        self.files_ready_after_seconds = options.files_ready_after_seconds
        self.url = ""
        self.bell = Bell()
        self.watchers = Watchers()
        self.hub = Hub(
            app_id=APP_ID, ack_seconds=options.ack_seconds, watchers=self.watchers, bell=self.bell
        )
        self.request_url = RequestUrl(options.request_url)
        self.timeline = Timeline(clock, self.watchers)
        self.triggers = Triggers()
        self.modals = Modals(self.workspace, APP_ID)
        self.limits = Limits()
        keys = Keys(self.workspace, self.triggers, self.modals)
        self.sky = Sky(clock, self.limits, keys, self.hub.drop)
        self.delivery = Delivery(
            self.hub,
            self.request_url,
            clock,
            self.sky,
            self.timeline,
            options.retry_after_seconds,
        )
        self.response_urls = ResponseUrls(clock)
        self.consents = Consents(clock)
        self.background = Background()
        self.faults = Faults()
        self.holds = Holds()
        self.calls = Calls(self.bell)
        self.notices: dict[str, list[Json]] = {}
        self._notice_count = 0
        self.installed = True
        self.token_error: str | None = None
        """What every call with the bot token is answered, once it counts no more."""

    @property
    def interactive(self) -> bool:
        """Whether buttons, forms and shortcuts of the app do anything."""
        return self.installed and self.app.interactivity

    @property
    def has_home(self) -> bool:
        """Whether the app has a Home tab here."""
        return self.installed and self.app.home_tab

    def notify(self, user: str, text: str, channel: str | None = None) -> None:
        """Show `user` a sentence that only they see, as Slack's own client would."""
        self._notice_count += 1
        notice = {"id": self._notice_count, "text": text, "channel": channel}
        self.notices.setdefault(user, []).append(notice)
        self.watchers.changed([user])

    def set_weather(self, weather: Weather) -> None:
        """Begin another weather, and let open pages know."""
        self.sky.set(weather)
        self.watchers.workspace_changed()

    async def close(self) -> None:
        """End every stream and connection."""
        self.watchers.close()
        self.holds.close()
        self.sky.close()
        await self.background.close()
        await self.delivery.close()
        await self.request_url.close()
        await self.hub.close()
