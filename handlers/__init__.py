"""What Slack tells us: one module for each capability, each with `register(app)`.

The only package that imports Bolt. A handler reads the request, calls one service, and answers;
it holds no rule and posts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltContext

from bot.services import Services
from handlers import checkins, errors, hearth, people


def register(app: App, services: Services) -> None:
    """Give the app its listeners, the busiest first: Bolt tries them in this order."""

    def provide_services(context: BoltContext, next_: Callable[[], Any]) -> Any:
        context["services"] = services
        return next_()

    app.use(provide_services)
    for module in (checkins, people, hearth):
        module.register(app)
    errors.register(app)
