import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTHING_HAPPENS = """
import sys, socket, threading
def refuse(*_): raise AssertionError("something was opened at import")
socket.socket.connect = refuse
import app, cli, handlers, scheduler.ticker, storage.engine, bot.settings, bot.services
import sandbox
assert threading.active_count() == 1, threading.enumerate()
"""


def imported_by(module: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse((ROOT / f"{module}.py").read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize(
    ("module", "never"), [("app", {"cli", "sandbox"}), ("cli", {"slack_bolt", "sqlalchemy"})]
)
def test_the_modules_on_top_import_only_what_lies_below_them(module: str, never: set[str]) -> None:
    # The packages' own contracts are in pyproject.toml; that checker does not read modules.
    assert not imported_by(module) & never


def test_nothing_happens_at_import(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", NOTHING_HAPPENS], cwd=ROOT, check=True, env={"HOME": str(tmp_path)}
    )
