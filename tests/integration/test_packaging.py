"""What is shipped: a wheel that runs where no source tree is, and files that name what exists."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from bot.settings import new_key
from storage.migrate import OURS
from tests.conftest import ROOT

SOURCES = ("app.py", "cli.py", "manifest.yml", "pyproject.toml", "README.md")
FOLDERS = ("bot", "handlers", "scheduler", "storage", "sandbox")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what would be in a fresh clone."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copy(ROOT / name, source / name)
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    options = ["--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q"]
    pip = [sys.executable, "-m", "pip", "wheel", *options, "-w", str(target), "."]
    done = subprocess.run(pip, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment in which only the wheel and its dependencies are."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    options = ["--no-deps", "--no-index", "--disable-pip-version-check", "-q"]
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    done = subprocess.run([*pip, *options, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # Its dependencies are those of the tests; Hearth itself comes from the wheel, which is first.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def run(installed: Path, folder: Path, *arguments: str, **environ: str) -> str:
    done = subprocess.run(
        [installed / "bin" / "hearth", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_every_module_text_and_migration(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert file.relative_to(ROOT).as_posix() in names, file
    assert {"app.py", "cli.py"} <= names
    assert not any(name.startswith("tests/") for name in names)


def test_the_wheel_runs_where_no_source_tree_is(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "key").strip()
    assert where.startswith("HEARTH_KEYS=")
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "HEARTH_KEYS": new_key("test"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'hearth.db'}",
    }
    run(installed, tmp_path, "migrate", **settings)
    assert "no cohort" in run(installed, tmp_path, "cohort", "list", **settings)


def test_the_wheel_brings_the_manifest(installed: Path) -> None:
    shipped = installed / "share" / "hearth" / "manifest.yml"
    assert shipped.read_text() == (ROOT / "manifest.yml").read_text()


def test_the_container_copies_everything_that_the_wheel_is_built_from() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = set(re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE))
    words = {word for line in copied for word in line.split()}
    assert {*SOURCES, *FOLDERS} <= words
    assert all((ROOT / word).exists() for word in words)


def test_the_unit_gives_a_stop_more_time_than_it_may_take() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # as systemd: with capitals
    unit.read(ROOT / "docs" / "hearth.service")
    assert int(unit["Service"]["TimeoutStopSec"]) > 10
    assert unit["Service"]["ExecStart"].endswith("hearth run")
    assert OURS.folder.exists()
