"""Decision 0014: the domain reads its phrases as data; once, when first asked, and nothing else."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOMAIN = ROOT / "bot" / "domain"
CONTENT = ROOT / "bot" / "content"

READERS = {"phrases": "bot/content/phrases", "language": "bot/content/languages.yml"}
"""The modules of bot/domain/concerns that read a file, and what they read."""

NEVER = {
    "app", "apscheduler", "cli", "handlers", "sandbox", "scheduler", "slack_bolt", "slack_sdk",
    "sqlalchemy", "sqlmodel", "storage",
}  # fmt: skip
NEVER_OURS = ("content", "delivery", "operations", "services", "settings", "views")

WATCHED = """
import json, sys
opened = []
sys.addaudithook(
    lambda event, given: opened.append(str(given[0])) if event == "open" else None
)
def read():
    found = sorted(each for each in opened if each.endswith(".yml"))
    opened.clear()
    return found
import bot.domain.concerns
import bot.domain.concerns.language
told = {"imported": read(), "modules": sorted(sys.modules)}
bot.domain.concerns.assess("lunch?")
told["assessed"] = read()
bot.domain.concerns.language.understood("lunch?")
told["understood"] = read()
bot.domain.concerns.assess("i want to die")
bot.domain.concerns.language.understood("ich will nicht mehr")
told["again"] = read()
told["modules after"] = sorted(sys.modules)
print(json.dumps(told))
"""

Told = dict[str, list[str]]


@pytest.fixture(scope="module")
def told() -> Told:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=ROOT, env={}, capture_output=True, check=True
    )
    found: Told = json.loads(done.stdout)
    return found


def test_importing_reads_no_phrase(told: Told) -> None:
    assert told["imported"] == []


def test_phrases_are_read_once_when_first_asked(told: Told) -> None:
    phrases = sorted(str(each) for each in (CONTENT / "phrases").glob("*.yml"))
    assert told["assessed"] == phrases != []
    assert told["understood"] == [str(CONTENT / "languages.yml")]
    assert told["again"] == []


@pytest.mark.parametrize("when", ["modules", "modules after"])
def test_neither_settings_nor_a_database_nor_slack_is_loaded(told: Told, when: str) -> None:
    assert {each.partition(".")[0] for each in told[when]} & NEVER == set()
    ours = [each for each in told[when] if each.startswith("bot.")]
    assert [each for each in ours if each.split(".")[1] in NEVER_OURS] == []


def test_nothing_else_in_the_domain_reads_a_file() -> None:
    readers = {each.relative_to(DOMAIN).as_posix() for each in DOMAIN.rglob("*.py") if _reads(each)}
    assert readers == {f"concerns/{name}.py" for name in READERS}


def _reads(file: Path) -> bool:
    """Return whether a module names anything by which a file can be opened."""
    ways = {"os", "pathlib", "importlib", "shutil", "tempfile", "pkgutil", "codecs"}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import) and ways & {each.name.split(".")[0] for each in node.names}:
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ways:
            return True
        if isinstance(node, ast.Name) and node.id == "open":
            return True
    return False


def test_the_decision_names_every_file_that_is_read() -> None:
    (decision,) = (ROOT / "docs" / "decisions").glob("0014-*.md")
    text = decision.read_text(encoding="utf-8")
    for name, read in READERS.items():
        assert f"bot/domain/concerns/{name}.py" in text
        assert read in text
