import { el } from "./dom.js";
import { state } from "./store.js";

const COLOURS = 10;

/** A square with a person's initials, coloured by id; decoration only. */
export function avatar(someone, size = "") {
  const node = el("span", {
    class: `avatar avatar-${colourOf(someone.id)} ${size}`,
    "aria-hidden": true,
    text: initials(someone.real_name),
  });
  const app = state.workspace?.app;
  if (app && someone.id === app.bot_user_id && /^#[0-9a-f]{3,6}$/i.test(app.background_color ?? "")) {
    node.style.backgroundColor = app.background_color;
    node.style.color = isDark(app.background_color) ? "#fff" : "#1d1c1d";
  }
  return node;
}

function colourOf(id) {
  let sum = 0;
  for (const letter of String(id)) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % COLOURS;
}

function initials(name) {
  const words = String(name).trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

function isDark(hex) {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  const [r, g, b] = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255);
  return 0.2126 * r ** 2.2 + 0.7152 * g ** 2.2 + 0.0722 * b ** 2.2 < 0.18;
}
