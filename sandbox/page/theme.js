import { el } from "./dom.js";
import { icon } from "./icons.js";

const KEY = "sandbox-theme";

/** Returns the button that switches between light and dark; the choice outlives a reload. */
export function themeButton() {
  const button = el("button", { type: "button", class: "bar-button bar-icon", onclick: toggle });
  const show = () => {
    const next = current() === "dark" ? "light" : "dark";
    button.replaceChildren(icon(next === "dark" ? "moon" : "sun"));
    button.setAttribute("aria-label", `Use the ${next} theme`);
    button.title = `Use the ${next} theme`;
  };
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", followSystem);
  show();
  return button;
}

function current() {
  return document.documentElement.dataset.theme;
}

function toggle() {
  const next = current() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  remember(next);
}

function followSystem(event) {
  if (!remembered()) {
    document.documentElement.dataset.theme = event.matches ? "dark" : "light";
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
