"""The page on which a person lets an app into the workspace."""

from __future__ import annotations

from html import escape

from aiohttp import web

from sandbox import forms
from sandbox.oauth import NotAsked, Question
from sandbox.slack import Slack
from sandbox.workspace import User

PATH = "/oauth/v2/authorize"

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
    "button,select{font:inherit;padding:.4rem .8rem;margin:.5rem .5rem 0 0}"
)
_HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Install</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


class OAuthPage:
    """Answers `/oauth/v2/authorize`: a page with a question, and what the person says to it."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the page."""
        return [web.get(PATH, self._ask), web.post(PATH, self._answer)]

    async def _ask(self, request: web.Request) -> web.Response:
        try:
            key, question = self._slack.consents.ask(request.query, self._slack.app.redirect_urls)
        except NotAsked as error:
            return _refused(error)
        return _page(self._form(key, question))

    async def _answer(self, request: web.Request) -> web.Response:
        form = await forms.read(request) or {}
        key, name = str(form.get("request", "")), str(form.get("as", ""))
        user = next((each.id for each in self._members() if name in (each.id, each.name)), None)
        allowed = form.get("do") == "allow"
        try:
            if allowed and user is None:
                raise NotAsked("not_allowed", "This person may not install an app.")
            target = self._slack.consents.answer(key, user if allowed else None)
        except NotAsked as error:
            return _refused(error)
        return web.Response(status=302, headers={"Location": target})

    def _members(self) -> list[User]:
        """Return who may install an app: no guests, and nobody of another company."""
        people = self._slack.workspace.people()
        return [each for each in people if not (each.is_guest or each.is_external or each.deleted)]

    def _form(self, key: str, question: Question) -> str:
        app, team = escape(self._slack.app.name), escape(self._slack.workspace.name)
        asked = "".join(f"<li><code>{escape(each)}</code></li>" for each in question.scopes)
        yours = "".join(f"<li><code>{escape(e)}</code>, as you</li>" for e in question.user_scopes)
        people = "".join(
            f'<option value="{escape(each.id)}">{escape(each.real_name)}</option>'
            for each in self._members()
        )
        return (
            f"<h1>{app} asks to come into {team}</h1><p>It wants to:</p><ul>{asked}{yours}</ul>"
            f'<form method="post" action="{PATH}">'
            f'<input type="hidden" name="request" value="{escape(key)}">'
            f'<label>You are <select name="as">{people}</select></label><br>'
            '<button name="do" value="allow">Allow</button>'
            '<button name="do" value="cancel">Cancel</button></form>'
        )


def _refused(error: NotAsked) -> web.Response:
    text = f"<h1>This cannot be installed</h1><p>{escape(str(error))}</p>"
    return _page(f"{text}<p><code>{escape(error.code)}</code></p>", 400)


def _page(body: str, status: int = 200) -> web.Response:
    return web.Response(
        text=f"{_HEAD}<style>{_STYLE}</style>{body}",
        status=status,
        content_type="text/html",
        headers={"Cache-Control": "no-store", "Content-Security-Policy": _POLICY},
    )
