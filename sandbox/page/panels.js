import { el } from "./dom.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { openRows } from "./rows_panel.js";
import { change, state } from "./store.js";
import { openTimeline } from "./timeline.js";
import { isCalm, openWeather, weatherInWords } from "./weather.js";

let parts = null;
let shown = null;
let view = null;

/** The drawers there are, by name: the page's own, and the tables of the embedding program. */
function drawers() {
  const own = [{ name: "Timeline", drawing: "timeline", open: openTimeline }];
  if (state.workspace?.weather) own.push({ name: "Weather", drawing: "cloud", open: openWeather });
  const tables = (state.workspace?.panels ?? []).map((name) => ({ name, drawing: "table", open: openRows }));
  return [...own, ...tables];
}

/** Builds the drawer into `aside`. */
export function makePanel(aside) {
  const title = el("h2", { class: "panel-title", tabIndex: -1 });
  const body = el("div", { class: "panel-body" });
  const close = iconButton("close", "Close this panel", { class: "modal-icon", onclick: () => shut() });
  aside.replaceChildren(el("header", { class: "panel-head" }, title, close), body);
  aside.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) shut();
  });
  parts = { aside, title, body };
  for (const news of ["sandbox:acted", "sandbox:changed"])
    document.addEventListener(news, () => view?.refresh());
  document.addEventListener("sandbox:timeline", () => view?.goOn?.());
}

/** Returns one button for each drawer. */
export function panelButtons() {
  return drawers().map(({ name, drawing }) =>
    el(
      "button",
      {
        type: "button",
        class: "bar-button",
        "aria-label": name,
        title: name,
        "aria-expanded": state.panel === name,
        "aria-controls": "panel",
        data: { panel: name },
        onclick: () => change({ panel: state.panel === name ? null : name }),
      },
      icon(drawing),
      el("span", { class: "bar-label", text: name }),
    ),
  );
}

/** Shows or hides the drawer. */
export function drawPanel() {
  const { aside } = parts;
  aside.hidden = !state.panel;
  document.querySelectorAll("[data-panel]").forEach(drawButton);
  if (state.panel === shown) return view?.draw?.();
  view?.close?.();
  view = null;
  shown = state.panel;
  const drawer = drawers().find((one) => one.name === shown);
  if (!drawer) return null;
  aside.setAttribute("aria-label", shown);
  parts.title.textContent = shown;
  parts.body.replaceChildren();
  view = drawer.open(parts.body, shown);
  parts.title.focus();
  return null;
}

function drawButton(button) {
  const name = button.dataset.panel;
  button.setAttribute("aria-expanded", String(name === state.panel));
  if (name !== "Weather") return;
  const calm = isCalm();
  button.classList.toggle("is-rough", !calm);
  const words = calm ? "Weather" : `Weather: ${weatherInWords()}`;
  if (button.title !== words) {
    button.title = words;
    button.setAttribute("aria-label", words);
    button.querySelector(".bar-label").textContent = calm ? "Weather" : "Rough weather";
  }
}

function shut() {
  const name = state.panel;
  change({ panel: null });
  document.querySelector(`[data-panel="${CSS.escape(name ?? "")}"]`)?.focus();
}
