"""Templates and legends: what ships is fit to be shown, and a broken file names file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import content
from bot.content import rituals
from bot.domain.cohorts import Purpose
from bot.domain.rituals import (
    MOST_LINKS,
    TITLE_LIMIT,
    WORDS_LIMIT,
    Link,
    Mode,
    Template,
    is_safe_link,
    pick,
)
from bot.errors import CannotStart

TEMPLATES = [pytest.param(each, id=key) for key, each in rituals.templates().items()]
LEGENDS = {key: rituals.legend(key) for key in rituals.legends()}
GOOD = """\
place: 1
name: A name
purpose: What it is for
title: A title
words: |
  Some words.
mode: live
minutes: 10
suggested: {repeats: weekly, day: monday, at: "09:30"}
suits: [support]
legend: here
rotates: false
how_to_hold: One. Two. Three.
links:
  - {title: One, url: "https://example.org/1"}
"""


# What ships


def test_the_templates_that_were_promised_are_there_in_their_order() -> None:
    assert list(rituals.templates()) == [
        "weekly_checkin",
        "friday_wins",
        "problem_clinic",
        "coping_swap",
        "learning_pick",
        "hard_event",
        "quiet_ten",
        "monday_intentions",
        "commitments",
        "own",
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_speaks_calmly_and_pings_nobody(template: Template) -> None:
    for words in (template.name, template.purpose, template.title, template.words, template.care):
        assert "!" not in words
        assert not re.search(r"[@<>*_`~]|:[a-z]+:|[^\x00-\x7f]", words), words
    everything = f"{template.words} {template.care} {template.how_to_hold}".lower()
    for word in ("must", "streak", "risk", "diagnos", "don't forget", "debrief", "committed"):
        assert not re.search(rf"\b{word}", everything), word


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_says_how_to_hold_it_in_three_sentences(template: Template) -> None:
    assert len(re.findall(r"[.](?: |$)", template.how_to_hold)) == 3


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_templates_that_suit_it(purpose: Purpose) -> None:
    suiting = [each for each in rituals.templates().values() if purpose in each.suits]
    assert len(suiting) >= 6
    assert {"hard_event", "own"} <= {each.key for each in suiting}


def test_only_ones_own_words_are_left_to_be_written() -> None:
    empty = [key for key, each in rituals.templates().items() if not each.words]
    assert empty == [rituals.OWN]


def test_after_a_hard_event_care_comes_first_and_asks_for_no_retelling() -> None:
    gathering = rituals.template("hard_event")
    assert [key for key, each in rituals.templates().items() if each.care] == ["hard_event"]
    assert "Nobody is asked to tell what happened or to go through it again" in gathering.care
    assert "/support" in gathering.care
    assert gathering.mode is Mode.LIVE
    assert list(rituals.legend(gathering.legend).values()) == ["here"]


def test_a_quiet_ten_minutes_takes_ten_minutes() -> None:
    assert rituals.template("quiet_ten").minutes == 10


def test_no_link_ships_which_nobody_has_chosen() -> None:
    assert all(each.links == () for each in rituals.templates().values())


def test_no_legend_asks_in_public_how_bad_things_are() -> None:
    for meanings in LEGENDS.values():
        assert meanings["raised_hand"] == "here"
        for word in meanings.values():
            assert not re.search(r"\b(stress|tired|bad|low|sad|hard|overwhelm|anxi)|[0-9]", word)


def test_what_an_update_took_away_stands_as_what_every_ritual_can_have() -> None:
    assert rituals.template("gone").key == "own"
    assert rituals.legend("gone") == {"raised_hand": "here"}


@pytest.mark.parametrize(
    ("reaction", "emoji"),
    [
        ("raised_hand", "raised_hand"),
        ("raised_hand::skin-tone-5", "raised_hand"),
        ("hand", "raised_hand"),
        ("hand::skin-tone-2", "raised_hand"),
        ("heart", None),
        ("", None),
        ("::skin-tone-2", None),
    ],
)
def test_a_reaction_means_the_emoji_whatever_its_skin_tone_or_other_name(
    reaction: str, emoji: str | None
) -> None:
    assert rituals.meant("here", reaction) == emoji
    assert rituals.meant("thanks", "heart") == "heart"


# Links


def test_links_take_turns_from_the_first_again_after_the_last() -> None:
    links = [Link(str(n), "https://example.org") for n in range(3)]
    turns = [pick(links, number) for number in range(7)]
    assert [each.title for each in turns if each] == ["0", "1", "2", "0", "1", "2", "0"]
    assert pick([], 5) is None


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://example.org", True),
        ("https://example.org/a?b=1&c=%20#d", True),
        ("https://de.example.org:8443/wiki/Über", True),
        ("https://xn--bcher-kva.example/", True),
        ("https://user:word@example.org/", False),
        ("https://example.org@evil.example/", False),
        ("https://a..b", False),
        ("https://.", False),
        ("https://127.0.0.1/", False),
        ("https://bücher.example", False),
        ("https://example.org/\u200bx", False),
        ("http://example.org", False),
        ("HTTPS://example.org", False),
        ("https://", False),
        ("https://localhost/secret", False),
        ("https://example.org/a b", False),
        ("https://example.org|click", False),
        ("https://example.org>", False),
        ("https://example.org/\u202egpj", False),
        ("javascript:alert(1)//https://example.org", False),
        ("slack://open", False),
        ("https://example.org/" + "a" * 500, False),
        ("", False),
    ],
)
def test_only_encrypted_addresses_may_be_posted(url: str, is_safe: bool) -> None:
    assert is_safe_link(url) is is_safe


# A file that is broken


def read(folder: Path, **written: str | bytes) -> Mapping[str, Template]:
    """Read a folder of these files; what is not named is as it should be."""
    for name, text in {"own": GOOD.replace("place: 1", "place: 9"), **written}.items():
        data = text if isinstance(text, bytes) else text.encode()
        folder.joinpath(f"{name}.yml").write_bytes(data)
    return rituals.read_templates(folder, LEGENDS)


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    tmp_path.joinpath("README.md").write_text("not a template")
    found = read(tmp_path, good=GOOD)
    assert list(found) == ["good", "own"]
    assert found["good"].words == "Some words."
    assert found["good"].suggested.at_minute == 570
    assert found["good"].links == (Link("One", "https://example.org/1"),)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


BROKEN: dict[str, tuple[str | bytes, int, str]] = {
    # name: (what stands in the file, the line that is named, a part of what is said)
    "empty": ("", 1, "empty"),
    "only a comment": ("# nothing\n\n", 1, "empty"),
    "no fields": ("- a\n- b\n", 1, "fields"),
    "a tab": (changed("  Some", "\tSome"), 6, "this is no YAML"),
    "a tab before a name": (changed("legend:", "\tlegend:"), 11, "this is no YAML"),
    "an open quote": (changed("A title", "'A title"), 16, "begins in line 4"),
    "an open list": (changed("[support]", "[support"), 11, "this is no YAML"),
    "an unknown anchor": (changed("A name", "*name"), 2, "this is no YAML"),
    "two documents": (GOOD + "---\nplace: 2\n", 16, "this is no YAML"),
    "no text": (changed("A name", "A\x00name"), 2, "a character"),
    "not UTF-8": (changed("A title", "A t\xeftle").encode("latin-1"), 4, "UTF-8"),
    "very deep": ("[" * 5000, 1, "inside one another"),
    "code": (changed("A name", "!!python/object/apply:os.system [ls]"), 2, "words"),
    "a missing name": (changed("title: A title\n", ""), 1, "title is missing"),
    "a name twice": (changed("mode: live\n", "mode: live\nmode: open\n"), 8, "second time"),
    "a name that means nothing": (GOOD + "colour: red\n", 16, "colour means nothing"),
    "a number for a name": (changed("name: A name", "name: 5"), 2, "needs quotes"),
    "nothing for a name": (changed("name: A name", "name:"), 2, "needs quotes"),
    "an empty name": (changed("A name", '""'), 2, "1 to 60"),
    "fields for words": (changed("A title", "{a: b}"), 4, "words"),
    "a long title": (changed("A title", "a" * (TITLE_LIMIT + 1)), 4, "have 61"),
    "long words": (changed("Some words.", "a" * (WORDS_LIMIT + 1)), 5, "have 1501"),
    "no words": (changed("|\n  Some words.", '""'), 5, "1 to 1500"),
    "words that turn others": (changed("A title", "A\u202etitle"), 4, "cannot be seen"),
    "a title of two lines": (changed("A title", '"A\\ntitle"'), 4, "a line break"),
    "an unknown mode": (changed("live", "asleep"), 7, "only open, live"),
    "a yes for a mode": (changed("mode: live", "mode: yes"), 7, "one of: open, live"),
    "minutes out of range": (changed("minutes: 10", "minutes: 25"), 8, "10, 15, 20"),
    "minutes below nothing": (changed("minutes: 10", "minutes: -10"), 8, "whole number"),
    "minutes in words": (changed("minutes: 10", "minutes: ten"), 8, "whole number"),
    "minutes by sixty": (changed("minutes: 10", "minutes: 1:30"), 8, "whole number"),
    "very many minutes": (changed("minutes: 10", f"minutes: {'9' * 5000}"), 8, "whole number"),
    "no minutes for a live one": (changed("minutes: 10\n", ""), 1, "minutes is missing"),
    "minutes for an open one": (changed("mode: live", "mode: open"), 8, "a live ritual alone"),
    "an unknown rhythm": (changed("weekly", "hourly"), 9, "only weekly"),
    "an unknown day": (changed("monday", "someday"), 9, "only monday"),
    "no time": (changed(', at: "09:30"', ""), 9, "at is missing"),
    "a time without quotes": (changed('"09:30"', "12:30"), 9, "quotes"),
    "a time after midnight": (changed("09:30", "24:00"), 9, "09:30"),
    "a time of other digits": (changed("09:30", "٠٩:٣٠"), 9, "09:30"),
    "an unknown purpose": (changed("[support]", "[support, gossip]"), 10, "only support"),
    "no purpose": (changed("[support]", "[]"), 10, "at least one"),
    "one purpose and no list": (changed("[support]", "support"), 10, "a list"),
    "an unknown legend": (changed("legend: here", "legend: cheers"), 11, "'cheers'"),
    "a maybe": (changed("false", "maybe"), 12, "true or false"),
    "an http link": (changed("https:", "http:"), 15, "https://"),
    "a link without title": (changed("title: One, ", ""), 15, "title is missing"),
    "a link and no list": (changed("\n  - {title", " {title"), 14, "a list"),
    "too many links": (GOOD + GOOD.splitlines()[-1].join(["", "\n"]) * MOST_LINKS, 15, "at most"),
    "care without help": (changed("mode:", "care: We care.\nmode:"), 7, "/support"),
    "care with a cheer": (
        changed("mode:", "care: See /support.\nmode:").replace("here", "thanks"),
        12,
        "the legend is here",
    ),
    "a place in words": (changed("place: 1", "place: first"), 1, "whole number"),
    "a place that is taken": (changed("place: 1", "place: 9"), 1, "same place"),
    "itself inside": (changed("A title", "&a [*a]"), 4, "words"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_names_its_file_and_line(tmp_path: Path, name: str) -> None:
    text, line, said = BROKEN[name]
    # After the one that is whole, so that of two with one place the second is named.
    with pytest.raises(CannotStart) as refused:
        read(tmp_path, x_broken=text)
    words = str(refused.value)
    assert words.startswith(f"bot/content/rituals/x_broken.yml, line {line}: "), words
    assert said in words
    assert len(words) < 300
    assert "\n" not in words


def test_a_template_is_named_by_its_file(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"rituals/Weekly one\.yml, line 1: .*small letters"):
        read(tmp_path, **{"Weekly one": GOOD})


def test_without_the_template_for_ones_own_words_nothing_starts(tmp_path: Path) -> None:
    tmp_path.joinpath("good.yml").write_text(GOOD)
    with pytest.raises(CannotStart, match=r"bot/content/rituals/own\.yml is missing"):
        rituals.read_templates(tmp_path, LEGENDS)


BROKEN_LEGENDS: dict[str, tuple[str, int, str]] = {
    "empty": ("", 1, "empty"),
    "no default": ("legends:\n  week: {sunny: bright}\naliases: {}\n", 2, "here is missing"),
    "no aliases": ("legends:\n  here: {raised_hand: here}\n", 1, "aliases is missing"),
    "an emoji twice": (
        "legends:\n  here:\n    heart: a\n    heart: b\naliases: {}\n",
        4,
        "second time",
    ),
    "a legend twice": (
        "legends:\n  here: {heart: a}\n  here: {heart: b}\naliases: {}\n",
        3,
        "second time",
    ),
    "no emoji": ("legends:\n  here: {}\naliases: {}\n", 2, "1 to 6"),
    "a number": ("legends:\n  here: {100: full}\naliases: {}\n", 2, "needs quotes"),
    "colons": ('legends:\n  here: {":heart:": a}\naliases: {}\n', 2, "without colons"),
    "a skin tone": (
        'legends:\n  here: {"hand::skin-tone-2": a}\naliases: {}\n',
        2,
        "without colons",
    ),
    "a mark": ("legends:\n  here: {heart: <!channel>}\naliases: {}\n", 2, "a mark"),
    "an alias of nothing": ("legends:\n  here: {heart: a}\naliases: {x: y}\n", 3, "only heart"),
    "an alias that is one": (
        "legends:\n  here: {heart: a, sunny: b}\naliases: {heart: sunny}\n",
        3,
        "in a legend itself",
    ),
}


@pytest.mark.parametrize("name", BROKEN_LEGENDS)
def test_a_broken_legend_names_its_file_and_line(tmp_path: Path, name: str) -> None:
    text, line, said = BROKEN_LEGENDS[name]
    file = tmp_path / "legends.yml"
    file.write_text(text)
    with pytest.raises(CannotStart) as refused:
        rituals.read_legends(file)
    words = str(refused.value)
    assert words.startswith(f"bot/content/legends.yml, line {line}: "), words
    assert said in words


def test_a_broken_template_ends_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "rituals"
    folder.mkdir()
    shipped = Path(rituals.__file__).parent
    tmp_path.joinpath("legends.yml").write_bytes(shipped.joinpath("legends.yml").read_bytes())
    folder.joinpath("own.yml").write_text(changed("live", "asleep"))
    monkeypatch.setattr(rituals, "files", lambda _: tmp_path)
    try:
        with pytest.raises(CannotStart, match=r"own\.yml, line 7"):
            content.check()
    finally:
        monkeypatch.undo()
        content.check()


def test_what_ships_is_plain_yaml_for_any_other_reader_too() -> None:
    for file in Path(rituals.__file__).parent.joinpath("rituals").glob("*.yml"):
        whole: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert rituals.template(file.stem).title == whole["title"]
