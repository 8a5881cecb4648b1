"""Whose words they are: code, quotes, links and logs are nobody's own."""

from __future__ import annotations

import time

import pytest

from bot.domain.concerns.reading import own_words


@pytest.mark.parametrize(
    "text",
    [
        "```\ni want to die\n```",
        "rename `i_want_to_die()` please",
        "> i want to die",
        "&gt; i want to die",
        ">>> i want to die\nand more",
        "https://example.org/i-want-to-die/guide.pdf",
        "www.example.org/die",
        "<https://example.org/die|the page>",
        "mail die@example.org",
        "see /usr/share/die/me",
        "[2031-02-11 03:14:07] error worker[311]: die",
        "2031-06-02t08:00:01z warn  supervisor: child wants to die",
        "03:12 error die",
        "panic: goroutine 1: die",
        "kernel: out of memory: die",
        "call main.die(0x0) there",
        "then die() is called",
        'traceback (most recent call last):\n  file "die.py", line 8\ndeadworkererror: die',
        "user@host:~$ die now",
        "# die",
    ],
)
def test_what_a_person_does_not_say_is_left_out(text: str) -> None:
    assert "die" not in own_words(text)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("> how are you?\ni want to die", "i want to die"),
        ("```\nfatal: refusing\n```\ni want to die", "i want to die"),
        ("`exit 0` i want to die", "i want to die"),
        ("https://example.org/a i want to die", "i want to die"),
        ("03:12 error job failed\ni want to die", "i want to die"),
        ("error 500 again. i want to die", "i want to die"),
        ("keyerror: 'id'\ni want to die", "i want to die"),
        ("can`t do this, won`t stay, i want to die", "can't do this, won't stay, i want to die"),
        ("it (i) want to die", "it (i) want to die"),
        ("i want to die &amp; be gone", "i want to die &     be gone"),
    ],
)
def test_what_they_say_beside_it_stays(text: str, own: str) -> None:
    assert own in own_words(text)


HOSTILE = [
    " ", "a.", '"', "&gt;", "1", "i want to ", "`", "i`", "\n> ", "/", "a@", "@a.", "<@", "<https://",
    "[1", "(", "a.b(", "\n[ ", "12:34 ", "\n$ ", "``` ", "https://", "a" * 60 + ".",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long_and_none_changes_its_length(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    before = time.perf_counter()
    own = own_words(text)
    assert time.perf_counter() - before < 0.5
    assert len(own) == len(text)
