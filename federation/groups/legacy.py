"""What an unaware person says to a group in words: yes, no, or that they want to leave.

Nobody comes in or goes by a word that often begins a sentence in another language and means
something else there, such as Danish "tak" or Spanish "ya". Whoever is not understood can write
"yes".

Source: groups-protocol.md 5.4
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from itertools import groupby, islice
from typing import Final

ACCEPTING: Final = frozenset(
    (
        *("yes", "yep", "yeah", "ok", "okay", "join", "accept"),
        *("ja", "jawohl", "jo", "beitreten", "jes"),
        *("oui", "rejoindre", "sí", "si", "acepto", "unirme", "sim", "aceito", "sì", "accetto"),
        *("ano", "igen", "kyllä", "joo", "evet", "ναι", "да", "так"),
        *("نعم", "כן", "हाँ", "हां", "iya", "vâng"),
        *("是", "是的", "好", "好的", "加入", "はい", "参加", "参加する", "参加します"),
        *("네", "예", "가입"),
    )
)
DECLINING: Final = frozenset(
    (
        *("no", "nope", "decline", "nein", "nie", "nee", "nej", "nei", "non", "não", "nao"),
        *("ne", "nem", "ei", "hayır", "όχι", "нет", "ні", "لا", "לא", "नहीं", "tidak", "không"),
        *("不", "不要", "不是", "否", "いいえ", "いや", "아니요", "아니오"),
    )
)
LEAVING: Final = frozenset(
    (
        *("leave", "stop", "verlassen", "austreten", "stopp", "verlaten", "stoppen"),
        *("lämna", "forlad", "forlat", "poistu", "quitter", "arrêter", "arrêt", "sortir"),
        *("salir", "parar", "sair", "esci", "uscire", "opustit", "kilép", "ayrıl"),
        *("выйти", "стоп", "вийти", "غادر", "خروج", "עזוב", "छोड़ो", "keluar", "dừng"),
        *("退出", "停止", "退会", "退会する", "退出する", "脱退", "나가기", "그만"),
    )
)

# Who goes on like this did not say yes: Polish "ja nie" is "I do not", Spanish "si no" "if not".
_UNLESS: Final[Mapping[str, frozenset[str]]] = {
    "ja": frozenset({"nie"}),
    "si": frozenset({"no"}),
}
# An address as other servers write it before a reply, and what stands between two of them.
_MENTION: Final = re.compile(r"@[^\s@]+(?:@[^\s@]+)?")
_BETWEEN: Final = " \t\r\n\u200b\u200c\u200d\u2060\ufeff,;:"


class Answer(Enum):
    """What the first word of an answer means."""

    YES = auto()
    NO = auto()
    OTHER = auto()


def read_answer(text: str) -> Answer:
    """Answer what somebody invited says, by the first word after leading mentions.

    Args:
        text: The message as plain text.
    """
    first, second = (*_words(_without_leading_mentions(_plain(text))), "", "")[:2]
    if first in DECLINING:
        return Answer.NO
    is_yes = first in ACCEPTING and second not in _UNLESS.get(first, frozenset())
    return Answer.YES if is_yes else Answer.OTHER


def wants_to_leave(text: str) -> bool:
    """Say whether a member's whole message, mentions and punctuation apart, is a word for that."""
    rest = _MENTION.sub(" ", _plain(text))
    return "".join(sign for sign in rest if unicodedata.category(sign)[0] not in "PZC") in LEAVING


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip(_BETWEEN)


def _without_leading_mentions(text: str) -> str:
    while (found := _MENTION.match(text)) is not None:
        text = text[found.end() :].lstrip(_BETWEEN)
    return text


def _words(text: str) -> Iterator[str]:
    """The first two words: runs of letters with their marks."""
    runs = groupby(text, key=lambda sign: unicodedata.category(sign)[0] in "LMN")
    return islice(("".join(signs) for is_word, signs in runs if is_word), 2)
