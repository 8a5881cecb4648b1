import { focusComposer } from "./composer.js";
import { setDrawer } from "./topbar.js";

const REGIONS = ["topbar", "sidebar", "home", "conversation", "composer", "panel"];

/** F6 and Shift+F6 go round the parts of the page; the skip buttons lead past the sidebar. */
export function makeRegions() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  for (const button of document.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => enter(button.dataset.skip));
  }
}

function step(by) {
  const there = REGIONS.filter((name) => isThere(name));
  const here = there.findIndex((name) => regionNode(name).contains(document.activeElement));
  enter(there[(here + by + there.length) % there.length]);
}

function isThere(name) {
  const node = regionNode(name);
  return Boolean(node) && isSeen(node);
}

function isSeen(node) {
  return node.getClientRects().length > 0;
}

function regionNode(name) {
  return name === "composer" ? document.querySelector(".composer") : document.getElementById(name);
}

function enter(name) {
  if (name === "composer") return focusComposer();
  if (name === "conversation" && !isThere(name)) return enter("home");
  const node = regionNode(name);
  if (name === "sidebar") setDrawer(true);
  const inside = [...node.querySelectorAll("[aria-current], article[tabindex='0'], [tabindex='0'], button")];
  if (name === "home") return node.focus();
  return (
    inside.find((one) => one.matches("[aria-current], [tabindex='0']")) ??
    inside.find(isSeen) ??
    node
  ).focus();
}
