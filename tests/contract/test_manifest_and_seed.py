"""Manifest and seed: what is wrong with a file is said with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sandbox import Sandbox, SandboxError
from sandbox.control_client import ControlClient
from sandbox.seed import COMPANY
from tests.contract.facts import Sure, pins
from tests.contract.rig import manifest


def written(path: Path, document: object) -> Path:
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (None, "display_information.name is missing"),
        ("text", "the manifest must be a mapping"),
        ({"display_information": []}, "display_information must be a mapping"),
        ({"display_information": {"name": 7}}, "display_information.name must be text"),
        ({"oauth_config": {"scopes": {"bot": "all"}}}, "oauth_config.scopes.bot must be a list"),
        ({"oauth_config": {"scopes": {"bot": [1]}}}, "must be a list of texts"),
        ({"settings": {"socket_mode_enabled": "yes"}}, "must be true or false"),
        ({"features": {"slash_commands": ["/hello"]}}, r"slash_commands\[0\] must be a mapping"),
    ],
)
@pins("A manifest that makes no sense is refused with the place of what is wrong.", "", Sure.OURS)
def test_an_unusable_manifest_is_refused_with_its_place(
    tmp_path: Path, document: object, words: str
) -> None:
    if isinstance(document, dict):
        document = {"display_information": {"name": "Lantern"}} | document
    with pytest.raises(SandboxError, match=words):
        Sandbox(manifest=written(tmp_path / "m.yml", document))


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="nowhere"):
        Sandbox(manifest=tmp_path / "nowhere.yml")


def test_a_manifest_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    path = written(tmp_path / "m.yml", manifest())
    Sandbox(manifest=path)
    written(path, manifest() | {"display_information": {"name": "Beacon"}})
    with Sandbox(manifest=path) as box:
        assert ControlClient(box.url).get("/control/workspace")["app"]["name"] == "Beacon"


def test_what_happens_in_one_sandbox_stays_out_of_another_made_from_the_same_files(
    tmp_path: Path,
) -> None:
    path = written(tmp_path / "m.yml", manifest())
    with Sandbox(manifest=path) as one, Sandbox(manifest=path) as other:
        before = other.channels()
        one.remove_member("general", "maya")
        assert one.channels() != before
        with Sandbox(manifest=path) as third:
            assert third.channels() == other.channels() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zones": {"Moon/Sea": {"standard": "Moon"}}}, "no time zone Moon/Sea"),
        ({"people": [{"name": "x"}]}, "real_name"),
        ({"people": 7}, "seed.yml is not a usable seed"),
        ({"messages": [{"channel": "x", "from": "maya", "hours_ago": 1, "text": "y"}]}, "'x'"),
    ],
)
@pins("A seed that makes no sense is refused with its name.", "", Sure.OURS)
def test_an_unusable_seed_is_refused_with_its_name(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    company = yaml.safe_load(COMPANY.read_text(encoding="utf-8"))
    seed = written(tmp_path / "seed.yml", company | change)
    with pytest.raises(SandboxError, match=words):
        Sandbox(manifest=written(tmp_path / "m.yml", manifest()), seed=seed)


@pins("A workspace can be planted with people and channels of one's own.", "", Sure.OURS)
def test_a_workspace_can_have_people_of_its_own(tmp_path: Path) -> None:
    seed = {
        "team": {"name": "Two", "domain": "two"},
        "zones": {"Asia/Tokyo": {"standard": "Japan Standard Time"}},
        "people": [
            {"name": "aki", "real_name": "Aki Sato", "zone": "Asia/Tokyo"},
            {"name": "bo", "real_name": "Bo Lind", "zone": "Asia/Tokyo"},
        ],
        "channels": [{"name": "general", "members": "everyone"}],
    }
    path = written(tmp_path / "seed.yml", seed)
    with Sandbox(manifest=written(tmp_path / "m.yml", manifest()), seed=path) as box:
        aki, bo = box.person("aki"), box.person("bo")
        aki.says("hello", "general")
        assert bo.is_shown("hello")
