import { announce, el } from "./dom.js";
import { postClock } from "./api.js";
import { instantOfWall, shortTime, tinyTime, wallOfInstant } from "./dates.js";
import { icon } from "./icons.js";
import { closeIfOpen, openPopover } from "./popover.js";
import { me, now, refresh, state, takeClock } from "./store.js";

const STEPS = [
  ["+1 hour", 3600],
  ["+1 day", 86400],
  ["+1 week", 604800],
];
let parts = null;

/** Returns the button that shows the workspace's clock and opens its control. */
export function clockButton() {
  const long = el("span", { class: "clock-long" });
  const short = el("span", { class: "clock-short", "aria-hidden": true });
  const node = el(
    "button",
    {
      type: "button",
      class: "bar-button",
      "aria-haspopup": "dialog",
      "aria-expanded": false,
      data: { testid: "clock" },
    },
    icon("clock"),
    long,
    short,
  );
  node.addEventListener("click", () => openClock(node));
  parts = { node, long, short, face: null };
  setInterval(drawClock, 1000);
  return node;
}

/** Shows the time of the workspace where the acting person is. */
export function drawClock() {
  if (!state.workspace) return;
  const time = shortTime(now(), me());
  write(parts.long, time);
  write(parts.short, tinyTime(now(), me()));
  const moved = Math.abs(state.workspace.clock.offset_seconds ?? 0) > 1;
  parts.node.classList.toggle("is-moved", moved);
  const name = `Workspace clock: ${time}${moved ? ", moved from real time" : ""}`;
  if (parts.node.getAttribute("aria-label") !== name) parts.node.setAttribute("aria-label", name);
  if (parts.face) write(parts.face, faceText());
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function faceText() {
  const moved = Math.abs(state.workspace.clock.offset_seconds ?? 0) > 1;
  return `${shortTime(now(), me())} (${me().tz.replace(/_/g, " ")})${moved ? ", moved from real time" : ", real time"}`;
}

function openClock(anchor) {
  if (closeIfOpen(anchor)) return;
  const face = el("p", { class: "clock-face", text: faceText() });
  const problem = el("p", { class: "clock-problem", role: "alert" });
  const turn = (body) => move(body, problem);
  const steps = STEPS.map(([text, seconds]) =>
    el("button", {
      type: "button",
      class: "button",
      text,
      onclick: () => turn({ advance_seconds: seconds }),
    }),
  );
  const real = el("button", {
    type: "button",
    class: "button",
    text: "Real time",
    onclick: () => turn({ real: true }),
  });
  const box = el(
    "div",
    { class: "clock-box", role: "dialog", "aria-label": "Workspace clock" },
    face,
    el("div", { class: "clock-steps" }, steps, real),
    jumpForm(turn, problem),
    problem,
  );
  parts.face = face;
  openPopover(anchor, box, {
    onclose: () => {
      parts.face = null;
    },
  });
  steps[0].focus();
}

function jumpForm(turn, problem) {
  const wall = wallOfInstant(now(), me().tz);
  const field = el("input", { type: "datetime-local", class: "field", id: "clock-to", value: wall });
  const form = el(
    "form",
    { class: "clock-jump" },
    el("label", { htmlFor: "clock-to", text: "Jump to" }),
    field,
    el("button", { type: "submit", class: "button", text: "Jump" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const to = instantOfWall(field.value, me().tz);
    if (to) turn({ to: to.toISOString() });
    else problem.textContent = "Choose a date and a time first.";
  });
  return form;
}

async function move(body, problem) {
  problem.textContent = "";
  try {
    takeClock(await postClock(body));
    await refresh();
    drawClock();
    announce(`It is now ${shortTime(now(), me())}`);
    document.dispatchEvent(new CustomEvent("sandbox:acted"));
  } catch (error) {
    problem.textContent = error.message;
  }
}
