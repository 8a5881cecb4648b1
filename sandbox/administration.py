"""What a program may order behind the app's back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from sandbox import admin
from sandbox.seed import OTHER_TEAM
from sandbox.serving import Server
from sandbox.slack import Slack
from sandbox.workspace import Role, User, Zone


class Administration:
    """Channels, people and the installation itself, as an admin of the workspace has them.

    The app is sent the events that it is subscribed to; every order returns when it has answered
    them, and raises LookupError when nobody, or no channel, is called so.
    """

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._server = Server(slack)

    def archive(self, channel: str) -> None:
        """Archive a channel: it can be read, but nobody writes there."""
        self._server.wait(admin.archive(self._slack, channel, archived=True))

    def unarchive(self, channel: str) -> None:
        """Bring an archived channel back."""
        self._server.wait(admin.archive(self._slack, channel, archived=False))

    def delete_channel(self, channel: str) -> None:
        """Delete a channel with all that was said there."""
        self._server.wait(admin.delete(self._slack, channel))

    def remove_bot(self, channel: str) -> None:
        """Remove the app from a channel; if it is private, the app knows of it no more."""
        self._server.wait(admin.seat_bot(self._slack, channel, member=False))

    def invite_bot(self, channel: str) -> None:
        """Invite the app to a channel."""
        self._server.wait(admin.seat_bot(self._slack, channel, member=True))

    def add_member(self, channel: str, person: str) -> None:
        """Bring somebody into a channel.

        Raises:
            ValueError: they belong to another company and the channel is not shared, or are a
                single-channel guest somewhere else.
        """
        self._server.wait(admin.seat(self._slack, channel, person, member=True))

    def remove_member(self, channel: str, person: str) -> None:
        """Take somebody out of a channel."""
        self._server.wait(admin.seat(self._slack, channel, person, member=False))

    def rename(self, channel: str, name: str) -> None:
        """Give a channel another name.

        Raises:
            ValueError: another channel has that name.
        """
        self._server.wait(admin.rename(self._slack, channel, name))

    def make_public(self, channel: str) -> None:
        """Make a private channel public."""
        self._server.wait(admin.convert(self._slack, channel, private=False))

    def make_private(self, channel: str) -> None:
        """Make a public channel private.

        Raises:
            ValueError: it is the channel for everybody.
        """
        self._server.wait(admin.convert(self._slack, channel, private=True))

    def share_channel(self, channel: str) -> None:
        """Share a channel with another company; nobody of theirs is in it yet."""
        self._server.wait(admin.share(self._slack, channel, shared=True))

    def unshare_channel(self, channel: str) -> None:
        """End that; the other company's people are out of the channel."""
        self._server.wait(admin.share(self._slack, channel, shared=False))

    def add_person(
        self,
        name: str,
        *,
        role: Role = "member",
        external: bool = False,
        channels: Sequence[str] = (),
        zone: str | None = None,
        locale: str = "en-US",
    ) -> str:
        """Let somebody new begin here, or bring somebody of another company; return their id.

        Args:
            name: their name, from which their real name is made.
            role: what they may do here.
            external: whether they belong to the other company; no team_join is sent then.
            channels: where they are; an external person needs shared ones.
            zone: the time zone of somebody else here; else that of the first person.
            locale: their language.

        Raises:
            LookupError: there is no such channel or zone.
            ValueError: the name is taken, the role is none, or they may not be in a channel.
        """
        if role not in get_args(Role):
            raise ValueError(f"There is no role {role!r}.")

        async def add() -> str:
            user = self._newcomer(name, role, zone, locale, external=external)
            await admin.add_person(self._slack, user, list(channels))
            return user.id

        return self._server.wait(add())

    def set_role(self, person: str, role: Role) -> None:
        """Make somebody an owner, an admin, a member or a guest.

        Raises:
            ValueError: there is no such role.
        """
        if role not in get_args(Role):
            raise ValueError(f"There is no role {role!r}.")
        self._server.wait(admin.set_role(self._slack, person, role))

    def deactivate(self, person: str) -> None:
        """Deactivate somebody's account; nobody can act as them any more."""
        self._server.wait(admin.set_active(self._slack, person, active=False))

    def reactivate(self, person: str) -> None:
        """Give somebody their account back."""
        self._server.wait(admin.set_active(self._slack, person, active=True))

    def uninstall(self) -> None:
        """Take the app out of the workspace: every call is answered account_inactive then."""
        self._server.wait(admin.uninstall(self._slack))

    def install(self) -> None:
        """Install the app again, with the same token; it has to be invited to its channels."""
        self._server.do(lambda: admin.install(self._slack))

    def revoke_token(self) -> None:
        """Revoke the bot token of an app that stays installed: token_revoked from then on."""
        self._server.wait(admin.revoke_token(self._slack))

    def _newcomer(
        self, name: str, role: Role, zone: str | None, locale: str, *, external: bool
    ) -> User:
        return User(
            id=self._slack.workspace.new_id("U"),
            name=name,
            real_name=name.replace(".", " ").title(),
            title="",
            note="from another company" if external else "new",
            zone=self._zone(zone),
            locale=locale,
            role=role,
            other_team=OTHER_TEAM if external else None,
        )

    def _zone(self, name: str | None) -> Zone:
        """Return the time zone of that name, in which somebody lives; None is the first one's."""
        zones = [person.zone for person in self._slack.workspace.people()]
        found = next((zone for zone in zones if name in (None, zone.name)), None)
        if found is None:
            raise LookupError(f"Nobody here lives in {name!r}.")
        return found
