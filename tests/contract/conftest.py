from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.rig import Rig, manifest

MakeRig = Callable[..., Rig]


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[MakeRig]:
    """Make rigs: manifest changes as keywords, options of the sandbox in `sandbox`."""
    made: list[Rig] = []

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
