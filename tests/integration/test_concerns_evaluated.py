"""`hearth concerns evaluate`, in a process of its own: without settings, database or Slack."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from bot.domain.concerns import Category, Urgency
from bot.errors import CannotStart
from bot.operations.concerns import Given, texts
from tests.conftest import ROOT
from tests.integration.processes import Ended, hearth

GRAVE = "I am going to kill myself tonight"
PASSIVE = "i want to die"
PLAIN = "lunch at twelve with Lantern?"
GERMAN = "ich will nicht mehr leben und bin so müde"


def evaluated(folder: Path, content: str | bytes, *more: str) -> Ended:
    file = folder / "texts"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return hearth("concerns", "evaluate", str(file), *more, folder=folder)


def rows(ended: Ended) -> dict[str, list[str]]:
    """Return the numbers of each line, by the words that it begins with."""
    assert (ended.code, ended.err) == (0, "")
    found = (
        re.fullmatch(r"(\S+(?: \S+)*?)((?: {2,}\S+)+)", line) for line in ended.out.split("\n")
    )
    return {each[1]: each[2].split() for each in found if each}


FORMS = {
    "labelled": f"# a group\n3\tsuicide-active\t{GRAVE}\n\n2\tsuicide-passive\t{PASSIVE}\n"
    f"0\t-\t{PLAIN}\nu0\t-\t{GERMAN}\n",
    "csv": f'id,Text,urgency\n1,"{GRAVE}",3\n2,"{PASSIVE}",U2\n3,"{PLAIN}",0\n4,"{GERMAN}",0\n',
    "tsv": f"label\tcategory\ttext\r\n3\tx\t{GRAVE}\r\n2\tx\t{PASSIVE}\r\n0\t-\t{PLAIN}\r\n"
    f"0\t-\t{GERMAN}\r\n",
    "semicolons": f"text;label\n{GRAVE};3\n{PASSIVE};2\n{PLAIN};0\n{GERMAN};0\n",
    "json": "".join(
        json.dumps({"text": text, "label": label}) + "\n"
        for text, label in ((GRAVE, 3), (PASSIVE, "U2"), (PLAIN, 0), (GERMAN, "0"))
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_labelled_file_is_told_by_label(tmp_path: Path, form: str) -> None:
    ended = evaluated(tmp_path, FORMS[form])
    told = rows(ended)
    assert ended.out.startswith("4 texts, of which 1 in a language that the phrases cannot read.\n")
    assert told["U3"] == ["1", *["1", "1.000"] * 3]
    assert told["U2"] == ["1", *["1", "1.000"] * 2, "0", "0.000"]
    assert told["U0"] == ["2", *["0", "0.000"] * 3]
    assert told["U1 or above"] == told["U2 or above"] == ["2", "5000.00"]
    heard = ended.out.partition("heard as")[2].split()
    assert heard[:5] == ["texts", "suicide-active", "1", "suicide-passive", "1"]
    assert names_no_text(ended.out)


def test_categories_are_told_where_the_file_has_them(tmp_path: Path) -> None:
    told = evaluated(tmp_path, FORMS["labelled"]).out.partition("\ncategory ")[2]
    assert re.search(r"\nsuicide-active +1( +1  1\.000){3}\n", told)
    assert re.search(r"\nsuicide-passive +1( +1  1\.000){2} +0  0\.000\n", told)
    assert "\ncategory " not in evaluated(tmp_path, FORMS["csv"]).out
    assert list(texts(["text,category\n", "a,Abuse+burnout\n", "b,sadness\n", "c,-\n"])) == [
        Given("a", None, Category.ABUSE),
        Given("b"),
        Given("c"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join((GRAVE, "", PASSIVE, "# " + PLAIN)),
        "\ufeff" + "\r\n".join((GRAVE, PASSIVE, PLAIN)),
        f"text\n{GRAVE}\n{PASSIVE}\n{PLAIN}\n",
        json.dumps({"text": GRAVE})
        + "\n"
        + json.dumps({"text": f"{PASSIVE}\n\n{PLAIN}"})
        + '\n{"text":"x"}',
    ],
)
def test_a_file_without_labels_is_counted(tmp_path: Path, content: str) -> None:
    ended = evaluated(tmp_path, content)
    told = rows(ended)
    assert told["U1 or above"] == told["U2 or above"] == ["2", "6666.67"]
    assert told["U3"] == ["1", "3333.33"]
    assert "label" not in ended.out


def names_no_text(out: str) -> bool:
    words = {word for text in (GRAVE, PASSIVE, PLAIN, GERMAN) for word in text.split()}
    return not any(word in out for word in words | {"Lantern"} if len(word) > 6)


def test_a_text_is_printed_only_if_it_is_asked_for(tmp_path: Path) -> None:
    shown = evaluated(tmp_path, FORMS["csv"], "--show", "1")
    assert GRAVE in shown.out
    assert PASSIVE not in shown.out
    assert "Lantern" not in shown.out
    assert rows(shown)["U3"] == ["1", *["1", "1.000"] * 3]


def test_what_is_shown_steers_no_terminal(tmp_path: Path) -> None:
    ended = evaluated(tmp_path, f"{PASSIVE} \x1b[2J\x07\n", "--show", "5")
    assert f"{PASSIVE} ?[2J?" in ended.out
    assert "\x1b" not in ended.out


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    ended = evaluated(tmp_path, GRAVE.encode() + b" \xff\xfe\n\xc3\n" + PLAIN.encode())
    assert rows(ended)["U3"] == ["1", "3333.33"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "holds no text."),
        (" \n\n", "holds no text."),
        ("text,label\n", "holds no text."),
        (f"0\t-\t{PLAIN}\n4\tsuicide-active\t{GRAVE}\n", "Line 2 has a label that is none"),
        (f"high\tsuicide-active\t{GRAVE}\n", "Line 1 has a label that is none"),
        (f"0\t-\t{PLAIN}\n{GRAVE}\n", "Line 2 has a label that is none"),
        (f"# ours\ntext,urgency\n{PLAIN},0\n{GRAVE},\n", "Line 4 has a label that is none"),
        (f'{{"text": "{PLAIN}"}}\n{GRAVE}\n', 'Line 2 is no JSON object with a "text".'),
        ('{"text": 7}\n', 'Line 1 is no JSON object with a "text".'),
        ("[" * 200_000 + "\n", None),
        ("{" * 100_000 + "\n", 'Line 1 is no JSON object with a "text".'),
        ('text,label\n"' + "x" * 200_000, "is no row of a table."),
        (GRAVE.encode("utf-16"), "This is no text in UTF-8."),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, content: str | bytes, words: str | None
) -> None:
    ended = evaluated(tmp_path, content)
    assert ended.code == (2 if words else 0)
    assert "Traceback" not in ended.err
    if words:
        assert words in ended.err
        assert ended.err.count("\n") == 1
        assert GRAVE not in ended.out + ended.err


def test_a_file_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    for file in ("nowhere", "."):
        ended = hearth("concerns", "evaluate", file, folder=tmp_path)
        assert (ended.code, ended.out) == (2, "")
        assert re.fullmatch(rf"{re.escape(file)} cannot be read: [\w ]+\.\n", ended.err)


def test_it_reads_standard_input_and_needs_nothing_around_it(tmp_path: Path) -> None:
    # Isolated, and with no environment at all but where the sources are.
    done = subprocess.run(
        [sys.executable, "-m", "cli", "concerns", "evaluate", "-"],
        input=f"{GRAVE}\n{PLAIN}\n".encode(),
        env={"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"2 texts, of which 0 ")
    assert done.stderr == b""
    assert list(tmp_path.iterdir()) == []


def test_an_empty_standard_input_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "concerns", "evaluate", "-"],
        stdin=subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, b"Standard input holds no text.\n")


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", "a text\n"),
        ("", "0\t-\ta text\n"),
        ("text,label\n", "a text,0\n"),
        ("", '{"text": "a text"}\n'),
    ],
)
def test_a_file_without_end_is_read_as_it_comes(head: str, line: str) -> None:
    drawn = count()

    def endless() -> Iterator[str]:
        yield from [head] if head else []
        while next(drawn) < 100:
            yield line
        raise AssertionError("it reads ahead")

    found = list(islice(texts(endless()), 50))
    assert {each.text for each in found} == {"a text"}


def test_a_break_in_a_labelled_line_is_a_break_of_the_text() -> None:
    assert list(texts(["1\tburnout\ttired\\nso tired\n"])) == [
        Given("tired\nso tired", Urgency.U1, Category.BURNOUT)
    ]


def test_a_label_that_is_none_is_never_repeated() -> None:
    with pytest.raises(CannotStart) as raised:
        list(texts([f"0\t-\t{PLAIN}", f"{GRAVE}\tx\ty"]))
    assert "kill" not in str(raised.value)


def test_help_says_what_it_reads_and_what_it_prints(tmp_path: Path) -> None:
    ended = hearth("concerns", "evaluate", "--help", folder=tmp_path)
    assert ended.code == 0
    for words in ("FILE", "standard input", '"text"', "prints what people wrote", "0 to 3", "JSON"):
        assert words in ended.out


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md", "docs/safeguarding.md"])
def test_the_pages_for_operators_name_it(page: str) -> None:
    assert "hearth concerns evaluate FILE" in (ROOT / page).read_text(encoding="utf-8")
