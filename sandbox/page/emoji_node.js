import { el } from "./dom.js";
import { emojiCharacter, emojiWords } from "./emoji.js";

/** Returns an emoji with its name for screen readers; an unknown one stays as ":name:". */
export function emojiNode(name, unicode = null) {
  const character = emojiCharacter(name) ?? fromUnicode(unicode);
  if (!character) return document.createTextNode(`:${name}:`);
  return el("span", {
    class: "emoji",
    role: "img",
    "aria-label": emojiWords(name),
    title: `:${name}:`,
    text: character,
  });
}

function fromUnicode(unicode) {
  if (!unicode || !/^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(unicode)) return null;
  const points = unicode.split("-").map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}
