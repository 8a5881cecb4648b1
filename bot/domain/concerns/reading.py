"""What of a text a person says themselves: code, quotes, links and log lines are left out.

Everything left out is replaced by as many spaces, so that places in the text stay the same.
"""

from __future__ import annotations

import re

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_CODE = re.compile(r"(?<![^\W_])`[^`\n]*`")
_APOSTROPHE = re.compile(r"(?<=[^\W_])`(?=[^\W_])")
"""Between letters a backtick is somebody's apostrophe: "can`t"."""
_QUOTED_TO_THE_END = re.compile(r"^[ \t]*(?:>>>|&gt;&gt;&gt;).*\Z", re.MULTILINE | re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
_REFERENCE = re.compile(r"<[@#!][^>\n]{0,300}>|<(?:https?|mailto|tel):[^>\n]{0,4000}>")
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|file)://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]+)+"
    r"|(?<![\w.])(?:~|\.{1,2})?/[\w.@+-]+(?:/[\w.@+-]*)+"
)
_LOG_LINE = re.compile(
    r"^[ \t]*(?:"
    r"\[?\d{4}-\d\d-\d\d[t ]\d\d:\d\d\S*\]?[ \t,]+\[?(?:fatal|error|warn|warning|info|debug|trace"
    r"|crit|critical|notice)\b"
    r"|\[?(?:fatal|error|warn|warning|info|debug|trace|critical)\]?(?::|\]|[ \t]+[\w.]+:)"
    r"|(?:\w{3}[ \t]+\d{1,2}[ \t]+)?\d\d:\d\d:\d\d[.,\d]*[ \t]+[\w.-]+(?:[ \t]+[\w./-]+)?\[\d+\]:"
    r"|\w{3}[ \t]+\d{1,2}[ \t]+\d\d:\d\d:\d\d[ \t]"
    r"|\[[ \t]*\d+\.\d+\]"
    r"|\[?\d\d:\d\d(?::\d\d)?\]?[ \t]+\[?(?:fatal|error|warn|warning|info|debug)\b"
    r"|(?:panic|kernel|fatal error|segmentation fault|core dumped|oom-killer):"
    r"|traceback \(most recent call"
    r"|file \"[^\"\n]*\", line \d+"
    r"|at [\w$.<>]+\([\w.]*:?\d*\)"
    r"|[\w.]+(?:error|exception):"
    r"|(?:[\w.-]+@[\w.-]+[:~][^\n$#]{0,80})?[$#%][ \t]+\w"
    r").*$",
    re.MULTILINE,
)
_CALL = re.compile(
    r"(?<![^\W_])[a-z_]\w{0,60}(?:(?:\.|->|::)\w{1,60}){1,6}\(|(?<!\w)[a-z_]\w{0,80}\(\)"
)
"""A function by its name: "main.hang()". """
_ENTITIES = {"&amp;": "&    ", "&lt;": "<   ", "&gt;": ">   "}


def _blank(found: re.Match[str]) -> str:
    return "\n".join(" " * len(line) for line in found.group().split("\n"))


def _away(found: re.Match[str]) -> str:
    """Leave a full stop behind, so that what stood on both sides does not grow together."""
    return "." + " " * (len(found.group()) - 1)


def own_words(text: str) -> str:
    """Return the text, in small letters already, without what its writer does not say themselves.

    The result is exactly as long as the text.
    """
    if "`" in text:
        text = _CODE.sub(_away, _FENCED.sub(_away, _APOSTROPHE.sub("'", text)))
    if ">" in text or "&gt;" in text:
        text = _REFERENCE.sub(_blank, text)
        text = _QUOTED_LINE.sub(_blank, _QUOTED_TO_THE_END.sub(_blank, text))
    if "/" in text or "@" in text or "www." in text:
        text = _ADDRESS.sub(_blank, text)
    if ":" in text or "$" in text or "#" in text or "%" in text or "[" in text or "(" in text:
        text = _LOG_LINE.sub(_blank, text)
    if "(" in text:
        text = _CALL.sub(_blank, text)
    if "&" in text:
        for entity, plain in _ENTITIES.items():
            text = text.replace(entity, plain)
    return text
