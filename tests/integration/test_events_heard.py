"""What Hearth subscribed to comes, and is acknowledged at its first try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from slack_bolt import App, BoltRequest

from app import Hearth
from sandbox import Sandbox
from tests.conftest import ROOT, Stored, settings_for

MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
PUBLIC, PRIVATE = "cohort-new-parents", "care-moderators"


def written(workspace: Sandbox) -> tuple[str, str]:
    """Let Maya write something in the public channel, unless she has; return where it stands."""
    maya = workspace.person("maya")
    ours = [each["ts"] for each in maya.messages(PUBLIC) if each["text"] == "hello there"]
    return PUBLIC, ours[0] if ours else maya.says("hello there", PUBLIC)


def private_deleted(workspace: Sandbox) -> None:
    """Let the private channel go while Hearth is in there."""
    workspace.invite_bot("care")
    workspace.delete_channel("care")


CAUSES: dict[str, Callable[[Sandbox], Any]] = {
    "app_home_opened": lambda workspace: workspace.person("maya").opens_home(),
    "reaction_added": lambda workspace: workspace.person("maya").reacts(
        "heart", *written(workspace)
    ),
    "reaction_removed": lambda workspace: workspace.person("maya").unreacts(
        "heart", *written(workspace)
    ),
    "user_change": lambda workspace: workspace.deactivate("kofi"),
    "member_joined_channel": lambda workspace: workspace.add_member(PUBLIC, "lucie"),
    "member_left_channel": lambda workspace: workspace.remove_member(PUBLIC, "lucie"),
    "channel_shared": lambda workspace: workspace.share_channel(PUBLIC),
    "channel_unshared": lambda workspace: workspace.unshare_channel(PUBLIC),
    "channel_archive": lambda workspace: workspace.archive(PUBLIC),
    "channel_unarchive": lambda workspace: workspace.unarchive(PUBLIC),
    "channel_rename": lambda workspace: workspace.rename(PUBLIC, "cohort-parents"),
    "channel_left": lambda workspace: workspace.remove_bot("cohort-parents"),
    "group_archive": lambda workspace: workspace.archive(PRIVATE),
    "group_unarchive": lambda workspace: workspace.unarchive(PRIVATE),
    "group_rename": lambda workspace: workspace.rename(PRIVATE, "care"),
    "group_left": lambda workspace: workspace.remove_bot("care"),
    "channel_deleted": lambda workspace: workspace.delete_channel("cohort-parents"),
    "group_deleted": private_deleted,
    "tokens_revoked": lambda workspace: workspace.revoke_token(),
    "app_uninstalled": lambda workspace: workspace.uninstall(),
}
"""What lets Slack send each event, in an order in which nothing is in the way of the next."""


class Noting(Hearth):
    """Hearth, which notes every event and how often Slack had sent it before."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self.tries: list[tuple[str, int]] = []

    def _bolt(self) -> App:
        bolt = super()._bolt()
        bolt.use(self._note)
        return bolt

    def _note(self, req: BoltRequest, next: Callable[[], Any]) -> Any:  # noqa: A002
        (again,) = req.headers.get("x-slack-retry-num", ["0"])
        self.tries.append((req.body.get("event", {}).get("type", ""), int(again)))
        return next()


@pytest.fixture
def noting(workspace: Sandbox, stored: Stored) -> Iterator[Noting]:
    workspace.retry_after_seconds = (0.0,)
    running = Noting(settings_for(workspace, stored.url), workspace.clock)
    running.start()
    workspace.wait_until_connected()
    yield running
    running.stop()


def test_every_event_comes_and_is_acknowledged_at_its_first_try(
    workspace: Sandbox, noting: Noting
) -> None:
    heard = set()
    for event, cause in CAUSES.items():
        before = len(noting.tries)
        cause(workspace)  # over when Slack has the acknowledgement, or waits no longer for it
        heard |= {event} & {name for name, _ in noting.tries[before:]}
    assert heard == set(CAUSES)
    assert [event for event, tries in noting.tries if tries] == []


def test_there_is_no_other_event() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set(CAUSES)
