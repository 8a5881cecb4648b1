"""What Slack tells us: one module for each capability, each with `register(app)`.

The only package that imports Bolt. A handler reads the request, calls one service, and answers;
it holds no rule and posts nothing. Requests come in by one of two doors: `socket_mode` or `http`.
"""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.ports import Meter, Unmetered
from bot.services import Services
from handlers import (
    accounts,
    checkins,
    cohorts,
    errors,
    events,
    exports,
    hearth,
    home,
    people,
    reactions,
    rituals,
    roles,
    rota,
    setup,
    support,
    weekly,
)
from handlers.homes import Homes


def register(app: App, services: Services, meter: Meter | None = None) -> None:
    """Give the app its listeners, the busiest first: Bolt tries them in this order."""
    app.use(ProvideServices(services))
    for module in (
        checkins,
        reactions,
        people,
        weekly,
        support,
        cohorts,
        rituals,
        hearth,
        roles,
        rota,
        setup,
        exports,
        accounts,
        home,
        events,
    ):
        module.register(app)
    errors.register(app, meter or Unmetered())


class ProvideServices(Middleware):
    """Lets a listener ask for `services` and `homes` by naming them among its arguments."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._homes = Homes()

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,
        next: Callable[[], BoltResponse],  # noqa: A002  # the name that Bolt calls it by
    ) -> BoltResponse:
        """Put the services where Bolt looks for arguments, and go on."""
        req.context["services"] = self._services
        req.context["homes"] = self._homes
        return next()
