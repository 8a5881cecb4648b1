"""Each labelled sentence is taken for what it is; `UPDATE_GOLDEN=1` keeps what falls short."""

import os
from collections import Counter

from bot.domain.concerns import Category, assess
from tests.unit.concerns.corpus import FALLS_SHORT, FOLDER, Labelled, files, read

LEAST_SENTENCES, LEAST_SMALL_TALK = 1_500, 300
CORPUS = [each for file in files() for each in read(file)]


def got(line: Labelled) -> str:
    """Return what a sentence is taken for, as the files write it."""
    assessed = assess(line.text)
    return f"{int(assessed.urgency)} {'+'.join(assessed.categories) or '-'}"


def wanted(line: Labelled) -> str:
    return f"{line.urgency} {'+'.join(line.categories) or '-'}"


def is_right(line: Labelled) -> bool:
    assessed = assess(line.text)
    if assessed.urgency != line.urgency:
        return False
    return not line.categories or not line.urgency or line.categories[0] in assessed.categories


def test_every_sentence_is_right_except_those_that_are_known_to_fall_short() -> None:
    short = [each for each in CORPUS if not is_right(each)]
    rows = [(wanted(each), got(each), each.text.replace("\n", "\\n")) for each in short]
    found = "".join("\t".join(row) + "\n" for row in [("wanted", "got", "text"), *rows])
    if os.environ.get("UPDATE_GOLDEN"):
        FALLS_SHORT.write_text(found, encoding="utf-8")
    known = FALLS_SHORT.read_text(encoding="utf-8")
    assert found.splitlines() == known.splitlines()


def test_the_corpus_is_large_enough() -> None:
    small_talk = list(read(FOLDER / "small_talk.tsv"))
    assert len(CORPUS) >= LEAST_SENTENCES
    assert len(small_talk) >= LEAST_SMALL_TALK
    assert {each.urgency for each in small_talk} == {0}


def test_every_category_and_every_tier_is_there() -> None:
    named = {category for each in CORPUS for category in each.categories}
    assert named == set(Category)
    assert {each.urgency for each in CORPUS} == {0, 1, 2, 3}


def test_no_sentence_stands_there_twice() -> None:
    texts = Counter(each.text for each in CORPUS)
    assert [text for text, times in texts.items() if times > 1] == []
