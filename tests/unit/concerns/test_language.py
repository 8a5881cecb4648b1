"""Which texts the phrases can read: English, however it is written, and what says little."""

import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concerns.language import understood
from tests.unit.concerns import corpus

LANGUAGE = "language:"
ROOT = Path(__file__).parents[3]
HOSTILE_SECONDS = 0.5
"""Ten times what the longest takes here; what grows with the square of a length takes more."""

ELSEWHERE = {
    "German": [
        "Ich kann nicht mehr, ich will einfach nicht mehr leben",
        "ich weiss nicht wie das weitergehen soll",
        "ich bin am ende",
        "ich bin so muede",
        "Mahlzeit, wer kommt heute mit in die Kantine?",
    ],
    "French": [
        "je n'en peux plus, j'ai envie de mourir",
        "on mange où ce midi ?",
        "je suis à bout",
        "jai plus la force",
    ],
    "Spanish": [
        "ya no quiero vivir",
        "quiero morir",
        "no puedo mas con mi vida",
        "¿quién viene hoy a comer?",
    ],
    "Portuguese": [
        "não aguento mais viver assim",
        "quero sumir para sempre",
        "alguém vai almoçar agora?",
    ],
    "Dutch": [
        "ik wil niet meer leven",
        "ik wil dood",
        "ik zie het echt niet meer zitten",
        "wie gaat er mee lunchen vandaag?",
    ],
    "Italian": [
        "non ce la faccio più",
        "vorrei non svegliarmi mai più",
        "chi viene a pranzo oggi?",
    ],
    "Polish": ["nie chcę już żyć", "nie mam juz sily na nic", "kto idzie dziś na obiad?"],
    "Swedish": ["jag orkar inte leva längre", "ingen skulle sakna mig om jag var död"],
    "Danish": ["jeg kan ikke mere og vil ikke leve", "hvem skal med til frokost i dag?"],
    "Norwegian": ["jeg orker ikke mer av livet", "hva skal vi gjøre i kveld, noen som vil ut?"],
    "Finnish": ["en jaksa enää elää", "kukaan ei huomaa jos minä olen poissa"],
    "Turkish": ["artık yaşamak istemiyorum", "her şey çok kötü, ne yapacağımı bilmiyorum"],
    "Romanian": ["nu mai vreau să trăiesc", "sunt foarte obosit și nu mai pot"],
    "Czech": ["už nechci žít", "nevím jak dál, všechno je špatně"],
    "Hungarian": ["nem akarok tovább élni", "nagyon fáradt vagyok és egyedül"],
    "Indonesian": ["aku sudah tidak mau hidup lagi", "gue capek banget sama semua ini"],
    "Russian": ["я больше не хочу жить", "привет"],
    "Ukrainian": ["я так втомилася від усього"],
    "Greek": ["δεν θέλω να ζήσω άλλο"],
    "Arabic": ["لا أريد أن أعيش بعد الآن"],
    "Hebrew": ["אני לא רוצה לחיות יותר"],
    "Hindi": ["मैं अब जीना नहीं चाहता"],
    "Thai": ["ไม่อยากมีชีวิตอยู่แล้ว"],
    "Chinese": ["我不想活了", "ok 我不想活了 lol"],
    "Japanese": ["もう生きていたくない"],
    "Korean": ["더 이상 살고 싶지 않아"],
}
LOANS = [
    "I care about comfort food, a solo tour and the war on plastic",
    "comment on the force of the car door please",
    "sam, ben and dan met at ten",
    "rm -rf /var/bin/alt dir",
    "Bonjour: I meant ps aux",
    "er wait java bin?",
]
SAYS_LITTLE = [
    "",
    " ",
    "ok",
    "haha",
    "hahahaha",
    "k",
    "die",
    "nichts",
    "merci",
    "hola!",
    "ciao",
    "123",
    "15:30?",
    "...",
    "🙂",
    "🙏🏽🙏🏽",
    "¯\\_(ツ)_/¯",
    "ಠ_ಠ",
    "( ͡° ͜ʖ ͡°)",
    "Zoë",
    "Renée and Jürgen",
    "José Ñúñez García",
    "<@U024BE7LH>",
    "https://example.de/der/die/das?und=nicht",
    "`SELECT * FROM de_la_mer`",
    "kill -9 4471",
    "i w a n t t o d i e",
    "```\nder = die + das\nwenn ist nicht und\n```\nsee above",
    "¡¡¡!!!",
    "æøå",
]
ENGLISH = [
    "i cant do this anymore",
    "im so tired of evrything tbh",
    "ah cannae dae this nae mair, ah'm done wi it aw",
    "abeg I no fit again, e don do for me",
    "nobody wud care if i wasnt here lol",
    "was in a war with the printer, so I am an old man now and will die at my desk",
    "Über was late again, my fiancée is naïve about café résumés",
    "the Schadenfreude in this team is über-something, c'est la vie I guess",
    "my manager said “das ist nicht gut” and I did not know what to say",
    "i wanna d1e",
    "ѕuісіdе is all I think about",
    "I think about ѕuісіdаl thіngѕ",
    "𝓘 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓭𝓲𝓮",
    "ｉ　ｗａｎｔ　ｔｏ　ｄｉｅ",
    "I told them «нет» and left the meeting early",
    "> ich weiß nicht was ich tun soll\nwhat does this mean?",
]


def test_of_the_corpus_english_is_understood_and_nothing_else() -> None:
    lines = [each for file in corpus.files() for each in corpus.read(file)]
    elsewhere = {each.text for each in lines if each.group.startswith(LANGUAGE)}
    assert elsewhere
    assert {each.text for each in lines if not understood(each.text)} == elsewhere


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=f"{name}: {text}") for name in ELSEWHERE for text in ELSEWHERE[name]],
)
def test_other_languages_are_told_apart(text: str) -> None:
    assert not understood(text)
    assert not understood(text.upper())


@pytest.mark.parametrize("text", SAYS_LITTLE)
def test_what_says_little_is_not_held_against_anybody(text: str) -> None:
    assert understood(text)


@pytest.mark.parametrize("text", [*ENGLISH, *LOANS])
def test_english_is_understood_however_it_is_written(text: str) -> None:
    assert understood(text)


def test_no_word_stands_twice_in_the_list_of_a_language() -> None:
    content = yaml.safe_load((ROOT / "bot" / "content" / "languages.yml").read_text("utf-8"))
    for name, words in {"english": content["english"], **content["others"]}.items():
        assert [each for each, times in Counter(words.split()).items() if times > 1] == [], name


def test_letters_and_their_marks_may_stand_apart() -> None:
    assert not understood(unicodedata.normalize("NFD", "für mich ist alles zu spät"))
    assert understood(unicodedata.normalize("NFD", "Zoë and Jürgen had a café au lait"))


def test_half_a_text_in_english_is_enough() -> None:
    assert understood(
        "ich bin so müde und will nicht mehr, I really can't do this job any longer, help me"
    )
    assert not understood(
        "ich bin so müde und will nicht mehr leben, das ist alles, sorry for that"
    )


def test_what_is_quoted_from_another_language_is_not_held_against_its_reader() -> None:
    assert understood("`wer nicht hören will` ```muss und kann nicht```")


PIECES = ["ich will nicht ", "я ", "æ", "m e r c i ", "`", "> ", "ツ", "\u0301\u0316", "\ud800"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_length_takes_no_hostile_time(piece: str) -> None:
    began = time.process_time()
    assert understood(piece * 40_000) in (True, False)
    assert time.process_time() - began < HOSTILE_SECONDS


@given(st.text(max_size=60))
def test_every_text_gets_an_answer_and_the_same_again(text: str) -> None:
    assert understood(text) is understood(text)


@given(st.text(st.characters(categories=["P", "S", "N", "Z"]), max_size=60))
def test_what_has_no_letters_is_held_against_nobody(text: str) -> None:
    assert understood(text)
