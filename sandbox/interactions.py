"""What happens when a person uses the app: ask it, wait for its ack, apply the answer."""

from __future__ import annotations

from typing import Any

from sandbox import inputs, payloads, posting, writing
from sandbox.block_kit.blocks import Placed
from sandbox.delivery.answers import Kind
from sandbox.errors import SlackError
from sandbox.manifest import Command, Shortcut
from sandbox.modals import View
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message, User

TROUBLE = "We had some trouble connecting. Try again?"
NOT_ENABLED = "This app is not configured to handle interactive responses."


async def command(
    slack: Slack, user: User, channel: Channel, chosen: Command, text: str, *, twice: bool
) -> Json:
    """Run a slash command and show what the app acked with."""
    payload = payloads.slash_command(slack, user, channel, chosen, text)
    answer = await slack.delivery.ask("slash_commands", payload)
    result: Json = {"outcome": answer.outcome}
    if answer.acked and not _show(slack, user, channel, answer.payload):
        result["outcome"] = "refused"
    if result["outcome"] != "acked":
        slack.notify(user.id, _failed(chosen.command), channel.id)
    return result | await _again(slack, "slash_commands", payload, twice)


async def shortcut(slack: Slack, user: User, chosen: Shortcut) -> Json:
    """Run a global shortcut."""
    if not slack.interactive:
        return _not_enabled(slack, user)
    payload = payloads.shortcut(slack, user, chosen)
    return await _ran(slack, user, chosen, payload)


async def message_shortcut(
    slack: Slack, user: User, channel: Channel, message: Message, chosen: Shortcut
) -> Json:
    """Run a shortcut on a message, whether or not the app is where it stands."""
    if not slack.interactive:
        return _not_enabled(slack, user)
    payload = payloads.message_shortcut(slack, user, channel, message, chosen)
    return await _ran(slack, user, chosen, payload, channel)


async def action_in_view(
    slack: Slack, user: User, view: View, placed: Placed, simple: Any, *, twice: bool
) -> Json:
    """Click or choose something in a modal or a Home tab."""
    if not slack.interactive:
        return _not_enabled(slack, user)
    action = _action(placed, simple)
    if inputs.is_stateful(placed.element):
        chosen = {placed.block_id: {placed.action_id: simple}}
        view.values = inputs.merge(view.blocks, view.values, chosen, unchecked=False)
    payload = payloads.block_actions_in_view(slack, user, view, action)
    answer = await slack.delivery.ask("interactive", payload)
    view.trouble = None if answer.acked else TROUBLE
    slack.watchers.changed([user.id])
    return {"outcome": answer.outcome} | await _again(slack, "interactive", payload, twice)


async def action_in_message(
    slack: Slack,
    user: User,
    channel: Channel,
    message: Message,
    placed: Placed,
    simple: Any,
    *,
    twice: bool,
) -> Json:
    """Click or choose something in a message."""
    if not slack.interactive:
        return _not_enabled(slack, user)
    action = _action(placed, simple)
    values = inputs.initial(message.blocks, {})
    if inputs.is_stateful(placed.element):
        values[placed.block_id][placed.action_id] = inputs.state(placed.element, simple)
    payload = payloads.block_actions_in_message(slack, user, channel, message, action, values)
    answer = await slack.delivery.ask("interactive", payload)
    if not answer.acked:
        slack.notify(user.id, _failed(slack.app.name), channel.id)
    return {"outcome": answer.outcome} | await _again(slack, "interactive", payload, twice)


async def submission(slack: Slack, user: User, view: View, *, twice: bool) -> Json:
    """Submit the form with the values that `view` now holds, and do what the app answers."""
    if not slack.interactive:
        return _not_enabled(slack, user)
    view.errors, view.trouble = {}, None
    slack.watchers.changed([user.id])
    payload = payloads.view_submission(slack, user, view)
    answer = await slack.delivery.ask("interactive", payload)
    result: Json = {"outcome": answer.outcome}
    still_open = view in slack.modals.stack(user.id)
    if answer.acked and still_open:
        try:
            result |= _apply(slack, view, answer.payload)
        except SlackError:
            result["outcome"] = "refused"
    if result["outcome"] not in ("acked", "errors"):
        view.trouble = TROUBLE
    slack.watchers.changed([user.id])
    return result | await _again(slack, "interactive", payload, twice)


async def closing(slack: Slack, user: User, view: View, *, everything: bool) -> None:
    """Close a view (or the whole stack) and tell the app where it asked to be told."""
    everything = everything or bool(view.definition["clear_on_close"])
    closed = slack.modals.stack(user.id)[:] if everything else [view]
    for each in closed:
        slack.modals.close(each)
    slack.watchers.changed([user.id])
    if not slack.interactive:
        return
    for each in reversed(closed):
        if each.definition["notify_on_close"]:
            payload = payloads.view_closed(slack, user, each, is_cleared=everything)
            await slack.delivery.ask("interactive", payload)


async def _ran(
    slack: Slack, user: User, chosen: Shortcut, payload: Json, channel: Channel | None = None
) -> Json:
    answer = await slack.delivery.ask("interactive", payload)
    if not answer.acked:
        slack.notify(user.id, _failed(chosen.name), channel.id if channel else None)
    return {"outcome": answer.outcome}


def _not_enabled(slack: Slack, user: User) -> Json:
    slack.notify(user.id, NOT_ENABLED)
    return {"outcome": "not_enabled"}


async def _again(slack: Slack, kind: Kind, payload: Json, twice: bool) -> Json:
    """Deliver a payload once more under another envelope id, whose answer changes nothing."""
    if not twice:
        return {}
    return {"second": (await slack.delivery.ask(kind, payload)).outcome}


def _action(placed: Placed, simple: Any) -> Json:
    return {
        "action_id": placed.action_id,
        "block_id": placed.block_id,
        **inputs.action_value(placed.element, simple),
        "action_ts": payloads.action_ts(),
    }


def _failed(what: str) -> str:
    return f"{what} failed because the app did not respond. Try again in a moment."


def _show(slack: Slack, user: User, channel: Channel, content: Json) -> bool:
    """Show what came with the ack of a command; False if it is nothing that can be shown."""
    if not any(content.get(key) for key in ("text", "blocks", "attachments")):
        return True
    to_all = content.get("response_type") == "in_channel"
    try:
        shown = posting.answered(channel, content)
        writing.post(slack, channel, shown, only_for=None if to_all else user.id)
    except SlackError:
        return False
    return True


def _apply(slack: Slack, view: View, payload: Json) -> Json:
    """Do what the app answered to a submission.

    Raises:
        SlackError: the answer is none that Slack understands.
    """
    action = payload.get("response_action")
    if action is None:
        slack.modals.close(view)
    elif action == "clear":
        slack.modals.clear(view.user)
    elif action == "update":
        slack.modals.update(view, payload.get("view"))
    elif action == "push":
        slack.modals.push(view.user, payload.get("view"))
    elif action == "errors":
        view.errors = _errors(view, payload.get("errors"))
        return {"outcome": "errors", "errors": view.errors}
    else:
        raise SlackError("invalid_response_action")
    return {}


def _errors(view: View, given: Any) -> dict[str, str]:
    """Return the errors by block_id; Slack takes them only for blocks that are inputs."""
    known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(given, dict) or not given or not known.issuperset(given):
        raise SlackError("invalid_errors")
    if not all(isinstance(sentence, str) and sentence for sentence in given.values()):
        raise SlackError("invalid_errors")
    return dict(given)
