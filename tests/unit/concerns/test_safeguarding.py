"""docs/safeguarding.md reckons rightly; `UPDATE_GOLDEN=1 make test` writes its tables."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.concerns import Urgency, assess
from tests.unit.concerns import corpus

PAGE = Path(__file__).parents[3] / "docs" / "safeguarding.md"

MESSAGES = 1_000_000
CHAT, NOTES = 5_000, 100
"""One text in so many is grave: in all chat (care-facts 3.6), and in notes, as assumed there."""
DETECTORS = ((0.90, 0.99), (0.90, 0.999), (0.80, 0.9999))
"""The share of grave texts that is heard, and of others that is passed over."""

Table = list[list[str]]


def shown(name: str, table: Table) -> str:
    """Return the table of this name on the page; written anew where that is asked for."""
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    found, end, after = rest.partition(f"<!-- /{name} -->")
    assert begin
    assert end
    if os.environ.get("UPDATE_GOLDEN"):
        found = as_markdown(table)
        PAGE.write_text(before + begin + found + end + after, encoding="utf-8")
    return found


def as_markdown(table: Table) -> str:
    head, *rows = table
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def true_share(heard: float, passed_over: float, one_in: int) -> float:
    """Return which share of the alarms is true (Bayes)."""
    return heard / (heard + (1 - passed_over) * (one_in - 1))


def base_rates() -> Table:
    head = [
        "the detector hears, and takes for grave of the others",
        "true alarms",
        "false alarms",
        "true among the alarms, one in 5,000",
        "the same, one in 100",
    ]
    grave = MESSAGES // CHAT
    rows = []
    for heard, passed_over in DETECTORS:
        false = (1 - passed_over) * (MESSAGES - grave)
        rows.append(
            [
                f"{heard:.0%}, and 1 in {1 / (1 - passed_over):,.0f}",
                f"{heard * grave:,.0f}",
                f"{false:,.0f}",
                f"{true_share(heard, passed_over, CHAT):.1%}",
                f"{true_share(heard, passed_over, NOTES):.0%}",
            ]
        )
    return [head, *rows]


def figures() -> Table:
    """Return how the detector does on the corpus in English, by the label of its sentences."""
    lines = [
        (each, assess(each.text))
        for file in corpus.files()
        for each in corpus.read(file)
        if not each.group.startswith("language:")
    ]
    head = ["label", "sentences", "right", "heard (U1 or above)", "U2 or above", "U3"]
    rows = []
    for label in (*reversed(Urgency), None):
        got = [(each, said) for each, said in lines if label in (None, each.urgency)]
        right = sum(
            said.urgency == each.urgency
            and set(each.categories[:1]) <= {found.value for found in said.categories}
            for each, said in got
        )
        at_least = [sum(said.urgency >= least for _, said in got) for least in (1, 2, 3)]
        counts = [right] if label is None else [right, *at_least]
        cells = [f"{count:,} ({count / len(got):.1%})" for count in counts]
        name = "all" if label is None else label.name
        rows.append([name, f"{len(got):,}", *cells, *[""] * (4 - len(cells))])
    return [head, *rows]


def test_the_page_reckons_base_rates_rightly() -> None:
    table = base_rates()
    assert shown("base rates", table) == as_markdown(table)


def test_the_reckoning_is_that_of_the_facts() -> None:
    shares = [row[3] for row in base_rates()[1:]]
    assert shares == ["1.8%", "15.3%", "61.5%"]


def test_the_sentence_below_the_table_is_its_first_row() -> None:
    (_, true, false, *_), text = base_rates()[1], words()
    grave = MESSAGES // CHAT
    assert f"for {MESSAGES:,} messages, {grave} of them grave" in text
    every = int(true) + int(false.replace(",", ""))
    assert f"of the {grave} it hears {true}; of the {MESSAGES - grave:,} others" in text
    assert f"1 in 100 for grave, {false}; so of {every:,} alarms {true} are true" in text


def test_the_page_shows_how_the_detector_does_on_the_corpus() -> None:
    table = figures()
    assert shown("figures", table) == as_markdown(table)


@pytest.mark.parametrize("urgency", Urgency)
def test_the_page_tells_of_every_level(urgency: Urgency) -> None:
    assert re.search(rf"^\| {urgency.name} \| \S", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def examples() -> Iterator[tuple[str, Urgency]]:
    page = PAGE.read_text(encoding="utf-8")
    for level in Urgency:
        (row,) = re.findall(rf"^\| {level.name} \| ([^|]+) \|", page.partition("<!--")[0], re.M)
        yield from ((text, level) for text in re.findall(r'"([^"]+)"', row))


def test_every_example_of_a_level_gets_it() -> None:
    said = {text: assess(text).urgency for text, _ in examples()}
    assert said == dict(examples())


def test_the_page_says_what_no_programme_may_forget() -> None:
    for sentence in (
        "It labels messages, never people.",
        "That there is no alarm means nothing.",
        "hearth concerns evaluate FILE",
        "in this version no note and no message reaches the detector yet",
        "clinician",
        "(phrases.md)",
    ):
        assert sentence.lower() in words().lower()


def words() -> str:
    return re.sub(r"\s+", " ", PAGE.read_text(encoding="utf-8"))
