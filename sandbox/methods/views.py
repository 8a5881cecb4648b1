"""views.*: modals and the Home tab."""

from __future__ import annotations

from sandbox.errors import SlackError, invalid_arguments
from sandbox.modals import View
from sandbox.webapi import Call, method
from sandbox.workspace import Json

_TRIGGER = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")
_VIEW = ("duplicate_external_id", "view_too_large")


@method(
    "views.open",
    tier=4,
    required=("trigger_id", "view"),
    errors=(*_TRIGGER, *_VIEW),
)
def open_view(call: Call) -> Json:
    """Open a modal for the person whose action gave the trigger; the trigger is then used."""
    trigger = call.slack.triggers.check(call.text("trigger_id"))
    view = call.slack.modals.open(trigger.user, call.arguments["view"])
    trigger.used = True
    return _shown(call, view)


@method(
    "views.push",
    tier=4,
    required=("trigger_id", "view"),
    errors=(*_TRIGGER, *_VIEW, "push_limit_reached"),
)
def push(call: Call) -> Json:
    """Put a modal on top of those that the person has open.

    Slack wants a trigger from within one of them; which code it has for others is our reading.
    """
    trigger = call.slack.triggers.check(call.text("trigger_id"))
    if not call.slack.modals.has_open(trigger.user, trigger.view_id):
        raise SlackError("invalid_trigger_id")
    view = call.slack.modals.push(trigger.user, call.arguments["view"])
    trigger.used = True
    return _shown(call, view)


@method(
    "views.update",
    tier=4,
    required=("view",),
    optional=("view_id", "external_id", "hash"),
    errors=("not_found", "hash_conflict", *_VIEW),
)
def update(call: Call) -> Json:
    """Replace what an open modal shows; with `hash` only if it was not replaced since."""
    modals = call.slack.modals
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id or external_id")
    view = modals.find(view_id) if view_id else modals.by_external_id(external_id)
    if view is None:
        raise SlackError("not_found")
    _same_hash(call, view)
    return _shown(call, modals.update(view, call.arguments["view"]))


@method(
    "views.publish",
    tier=4,
    required=("user_id", "view"),
    optional=("hash",),
    errors=("not_enabled", "hash_conflict", *_VIEW),
)
def publish(call: Call) -> Json:
    """Set the Home tab that one person sees; who has not the app may have one all the same."""
    slack = call.slack
    if not slack.has_home:
        raise SlackError("not_enabled")
    user = slack.workspace.users.get(call.text("user_id"))
    if user is None or user.is_bot:
        raise invalid_arguments("invalid `user_id`")
    before = slack.modals.home(user.id)
    if before is not None:
        _same_hash(call, before)
    return _shown(call, slack.modals.publish(user.id, call.arguments["view"]))


def _same_hash(call: Call, view: View) -> None:
    if call.text("hash") not in ("", view.hash):
        raise SlackError("hash_conflict")


def _shown(call: Call, view: View) -> Json:
    call.slack.watchers.changed([view.user])
    return {"view": call.slack.modals.payload(view)}
