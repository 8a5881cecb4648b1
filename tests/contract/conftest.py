from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from tests.contract.behind import EVENTS, Listen
from tests.contract.doors import Serve, bolt, served
from tests.contract.facts import facts_of
from tests.contract.rig import Json, Rig, manifest

MakeRig = Callable[..., Rig]


_RIGS = pytest.StashKey[list[Rig]]()


@pytest.fixture(autouse=True)
def what_is_pinned_was_seen(request: pytest.FixtureRequest, make_rig: MakeRig) -> Iterator[None]:
    """See that what a test says is refused was refused in it; one of them in each of many cases."""
    yield
    wanted = {each for fact in facts_of(request.function) for each in fact.refusals}
    rigs = request.node.stash[_RIGS] if wanted else []
    seen = {f"{each['method']}: {each['error']}" for rig in rigs for each in rig.box.calls()}
    many = hasattr(request.node, "callspec")
    assert wanted & seen if many and wanted else wanted <= seen, f"not refused: {wanted - seen}"


@pytest.fixture
def make_rig(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeRig]:
    """Make rigs: manifest changes as keywords, options of the sandbox in `sandbox`."""
    made: list[Rig] = []
    request.node.stash[_RIGS] = made

    def make(*, sandbox: dict[str, Any] | None = None, **declared: Any) -> Rig:
        directory = tmp_path / str(len(made))
        directory.mkdir()
        made.append(Rig(directory, manifest(**declared), **(sandbox or {})))
        return made[-1]

    yield make
    for rig in made:
        rig.close()


@pytest.fixture
def offline(make_rig: MakeRig) -> Rig:
    """An app that only calls the Web API."""
    return make_rig()


@pytest.fixture
def rig(make_rig: MakeRig) -> Rig:
    """An app with one Socket Mode connection, for which everything is declared."""
    made = make_rig()
    made.connect()
    return made


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as doors:
        yield lambda app: doors.enter_context(served(app))


@pytest.fixture
def http(offline: Rig, serve: Serve) -> Rig:
    """The real Bolt behind a request URL, verifying every signature, without any socket."""
    offline.app = bolt(offline, offline.box.signing_secret)
    offline.box.deliver_over_http(serve(SlackRequestHandler(offline.app)))
    return offline


@pytest.fixture
def listen(make_rig: MakeRig) -> Listen:
    """Return a connected app and the bodies of every event that it will hear."""

    def listen(**declared: Any) -> tuple[Rig, list[Json]]:
        rig = make_rig(**({"events": EVENTS} | declared))
        bodies: list[Json] = []
        for kind in {event.partition(".")[0] for event in EVENTS}:
            rig.app.event(kind)(lambda body: bodies.append(body))
        rig.connect()
        return rig, bodies

    return listen
