"""What a program may order to happen to the app."""

from __future__ import annotations

from sandbox.administration import Administration
from sandbox.delivery.socket_mode import CLOSING_SECONDS, Refusing
from sandbox.weather.faults import Fault
from sandbox.weather.holds import Hold, When
from sandbox.weather.lots import Decision
from sandbox.weather.weather import Weather


class Orders(Administration):
    """Failures, limits, holds and weather, besides what an admin may do."""

    def fail(
        self,
        method: str,
        *,
        times: int | None = 1,
        status: int | None = None,
        error: str | None = None,
        delay_seconds: float = 0.0,
        channel: str | None = None,
        retry_after: int | None = None,
        after: bool = False,
        cut: bool = False,
    ) -> None:
        """Let the next calls of a Web API method fail, or take their time.

        Args:
            method: which one.
            times: how often; None is until `clear_faults`.
            status: the HTTP status of the answer.
            error: the error code in the answer.
            delay_seconds: how long the call takes, before whatever else happens.
            channel: only calls whose `channel` is that conversation: the id or name of a
                channel, or of a person for their direct message with the bot.
            retry_after: HTTP 429 with so many seconds in its header.
            after: carry the method out first, and only then let the answer go wrong.
            cut: hang up without a byte.

        Raises:
            LookupError: there is no such conversation.
            ValueError: nothing would go wrong, or it contradicts itself.
        """
        place = self._place(channel) if channel is not None else None
        fault = Fault(method, times, status, error, delay_seconds, place, retry_after, after, cut)
        self._server.do(lambda: self._slack.faults.add(fault))

    def clear_faults(self) -> None:
        """Let everything work again that was told to fail."""
        self._server.do(self._slack.faults.clear)

    def limit_messages(
        self,
        *,
        per_channel_per_second: float | None = 1.0,
        per_workspace_per_minute: float | None = None,
        burst: int = 3,
    ) -> None:
        """Refuse chat.postMessage with HTTP 429 above these rates, by its clock; None is no limit.

        A channel that was quiet takes `burst` messages at once, the workspace what it takes in
        ten seconds.

        Raises:
            ValueError: a limit or the burst is not above zero.
        """
        self._server.do(
            lambda: self._slack.limits.set(
                per_channel_per_second=per_channel_per_second,
                per_workspace_per_minute=per_workspace_per_minute,
                burst=burst,
            )
        )

    @property
    def weather(self) -> Weather:
        """What goes wrong by lot; calm until another is set."""
        return self._slack.sky.weather

    def set_weather(self, weather: Weather) -> None:
        """Let the weather be this from now on; it begins anew, with every lot from the first."""
        self._server.do(lambda: self._slack.set_weather(weather))

    def calm(self) -> None:
        """Let nothing go wrong by lot any more; what was decided can still be read."""
        self.set_weather(Weather())

    def weather_log(self) -> list[Decision]:
        """Return what the last weather decided by lot, oldest first; see `Decision`.

        Two runs with the same seed decide alike about the same thing, though perhaps in another
        order. Refusals of rate limits are not among it, for they depend on time.
        """
        return self._server.do(self._slack.sky.decisions)

    def hold(self, method: str, when: When = "before", *, channel: str | None = None) -> Hold:
        """Let the next call of a method wait until it is released, and return its hold.

        Args:
            method: which one.
            when: "before" anything is done, or "after" it was carried out, before the answer.
            channel: as for `fail`.

        Raises:
            LookupError: there is no such conversation.
        """
        hold = Hold(method, when, self._place(channel) if channel is not None else None)
        self._server.do(lambda: self._slack.holds.add(hold))
        return hold

    def drop_sockets(self) -> None:
        """Cut every Socket Mode connection by a TCP reset, without a close frame."""
        self._server.do(self._slack.hub.drop)

    def freeze_sockets(self) -> None:
        """Let the connections that are open now fall silent, until `thaw_sockets`.

        They stay open, but nothing is read from them or sent to them, not even a pong. New
        ones work.
        """
        self._server.do(self._slack.hub.freeze)

    def thaw_sockets(self) -> None:
        """Let the silent connections go on, with all that was sent meanwhile."""
        self._server.do(self._slack.hub.thaw)

    def refuse_sockets(self, at: Refusing = "open") -> None:
        """Let nobody open a new connection, until `accept_sockets`.

        Args:
            at: "open", where apps.connections.open fails, or "handshake", where it gives an
                address whose WebSocket is refused.
        """
        self._refuse(at)

    def accept_sockets(self) -> None:
        """Let new connections be opened again, also after Socket Mode was switched off."""
        self._refuse(None)

    def warn_sockets(self) -> None:
        """Tell the app on every open connection that it will end in about ten seconds.

        Nothing else happens; order `refresh_sockets` for the end itself.
        """
        self._server.wait(self._slack.hub.warn())

    def refresh_sockets(self, closing_seconds: float = CLOSING_SECONDS) -> None:
        """Ask the app to replace every open connection, and close these after so many seconds.

        Until then acks are taken over them, but envelopes go down another one if there is one.
        """
        self._server.wait(self._slack.hub.refresh(closing_seconds))

    def switch_off_sockets(self) -> None:
        """Switch Socket Mode off: connections end with `link_disabled`, none can be opened.

        `accept_sockets` switches it on again.
        """
        self._server.wait(self._slack.hub.switch_off())

    def grant_app_token(self, *scopes: str) -> None:
        """Give the app-level token other scopes than connections:write."""

        def grant() -> None:
            self._slack.app_scopes = scopes

        self._server.do(grant)

    def expire_triggers(self, seconds: float = 0.0) -> None:
        """Let the trigger ids handed out from now on live only so long."""

        def shorten() -> None:
            self._slack.triggers.seconds = seconds

        self._server.do(shorten)

    def _refuse(self, at: Refusing | None) -> None:
        def refuse() -> None:
            self._slack.hub.refusing = at

        self._server.do(refuse)

    def _place(self, channel: str) -> str:
        """Return the key of a conversation, whatever it is named by."""
        place = self._server.do(lambda: self._slack.workspace.place(channel))
        if place is None:
            raise LookupError(f"There is no conversation {channel!r} here.")
        return place
