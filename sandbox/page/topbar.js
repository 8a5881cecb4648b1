import { el } from "./dom.js";
import { clockButton } from "./clock.js";
import { iconButton } from "./icon_button.js";
import { panelButtons } from "./panels.js";
import { actAsButton } from "./people.js";
import { state } from "./store.js";
import { themeButton } from "./theme.js";

let parts = null;

/** Builds the bar at the top; `drawTopbar` keeps it true. */
export function makeTopbar(header) {
  const menu = iconButton("menu", "Channels", {
    class: "bar-button bar-icon bar-menu",
    "aria-expanded": false,
    "aria-controls": "sidebar",
  });
  menu.addEventListener("click", () => setDrawer(menu.getAttribute("aria-expanded") !== "true"));
  const link = el("span", { class: "bar-link", role: "status" });
  const panels = el("span", { class: "bar-panels" });
  header.replaceChildren(
    menu,
    el("span", { class: "bar-mark", text: "Sandbox" }),
    link,
    el("span", { class: "bar-space" }),
    clockButton(),
    panels,
    themeButton(),
    actAsButton(),
  );
  parts = { menu, link, panels, look: null };
  document.getElementById("veil").addEventListener("click", () => setDrawer(false));
  document.getElementById("sidebar").addEventListener("keydown", (event) => {
    if (event.key === "Escape") setDrawer(false);
  });
}

/** Shows whether the app is connected, and a button for each panel. */
export function drawTopbar() {
  const { app, reachable, panels } = state.workspace;
  const sentence = reachable ? "" : `${app.name} is not connected`;
  if (parts.link.textContent !== sentence) parts.link.textContent = sentence;
  const look = JSON.stringify([panels, Boolean(state.workspace.weather)]);
  if (look === parts.look) return;
  parts.look = look;
  parts.panels.replaceChildren(...panelButtons());
}

/** Opens or closes the sidebar where it is a drawer (narrow screens). */
export function setDrawer(open) {
  const { menu } = parts;
  const was = menu.getAttribute("aria-expanded") === "true";
  if (was === open || (open && menu.getClientRects().length === 0)) return;
  menu.setAttribute("aria-expanded", String(open));
  document.getElementById("app").classList.toggle("drawer-open", open);
  document.getElementById("veil").hidden = !open;
  if (open) document.querySelector("#sidebar [aria-current], #sidebar button")?.focus();
  else menu.focus();
}
