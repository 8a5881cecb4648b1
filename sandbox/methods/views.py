"""views.*: modals and the Home tab."""

from __future__ import annotations

from sandbox.errors import SlackError
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
    """Put a modal on top of those that the person has open."""
    trigger = call.slack.triggers.check(call.text("trigger_id"))
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
    if call.text("view_id"):
        view = modals.find(call.text("view_id"))
    else:
        external_id = call.text("external_id")
        view = modals.by_external_id(external_id) if external_id else None
    if view is None:
        raise SlackError("not_found")
    _same_hash(call, view)
    return _shown(call, modals.update(view, call.arguments["view"]))


@method(
    "views.publish",
    tier=4,
    required=("user_id", "view"),
    optional=("hash",),
    errors=("not_enabled", "user_not_found", "hash_conflict", *_VIEW),
)
def publish(call: Call) -> Json:
    """Set the Home tab that one person sees."""
    slack = call.slack
    if not slack.has_home:
        raise SlackError("not_enabled")
    user = slack.workspace.users.get(call.text("user_id"))
    if user is None or user.is_bot:
        raise SlackError("user_not_found")
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
