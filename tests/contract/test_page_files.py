"""The files of the page: those and no others, and each asked for once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox import page_files
from tests.contract.asking import answered
from tests.contract.rig import Rig


@pytest.mark.parametrize(
    "path", ["../note.json", "..%2fnote.json", "%2e%2e%2fnote.json", "x%00.js", "x" * 300 + ".js"]
)
def test_the_page_serves_nothing_but_its_files(
    offline: Rig, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "own.json").write_text("{}", encoding="utf-8")
    (tmp_path / "note.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(page_files, "PAGE", tmp_path / "page")
    with answered(offline, "GET", "/page/own.json") as response:
        assert response.status == 200
        assert "script" not in response.headers["Content-Security-Policy"]
    for place in ("", "0123456789abcdef/"):
        with answered(offline, "GET", f"/page/{place}{path}") as response:
            assert response.status == 404


def test_a_browser_keeps_the_pages_files_until_one_changes(
    offline: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    monkeypatch.setattr(page_files, "PAGE", folder)
    (folder / "index.html").write_text('<script src="/page/main.js"></script>', encoding="utf-8")
    addresses: list[str] = []
    for words in ("first", "second"):
        (folder / "main.js").write_text(words, encoding="utf-8")
        os.utime(folder / "main.js", ns=(0, len(addresses)))
        with answered(offline, "GET", "/") as response:
            assert response.headers["Cache-Control"] == "no-store"
            addresses.append(response.read().decode().split('"')[1])
        with answered(offline, "GET", addresses[-1]) as response:
            assert "immutable" in response.headers["Cache-Control"]
            assert response.read().decode() == words
    assert addresses[0] != addresses[1]
    with answered(offline, "GET", "/page/main.js") as response:
        assert response.headers["Cache-Control"] == "no-store"
