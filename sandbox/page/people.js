import { el } from "./dom.js";
import { goToPerson } from "./address.js";
import { avatar } from "./avatar.js";
import { tinyTime } from "./dates.js";
import { icon } from "./icons.js";
import { openPicker } from "./picker.js";
import { me, now, state } from "./store.js";

let button = null;

/** Returns the button that says who is acted as, and opens the list of people. */
export function actAsButton() {
  button = el("button", {
    type: "button",
    class: "bar-button act-as",
    "aria-haspopup": "listbox",
    "aria-expanded": false,
    data: { testid: "act-as" },
  });
  button.addEventListener("click", () =>
    openPicker(button, {
      label: "Act as",
      groups: [{ options: options() }],
      choose: goToPerson,
      selected: () => [state.as],
      className: "popover-people",
    }),
  );
  return button;
}

/** Shows the acting person on the button. */
export function drawActAs() {
  const someone = me();
  if (button.dataset.id === someone.id) return;
  button.dataset.id = someone.id;
  button.setAttribute("aria-label", `Acting as ${someone.real_name}. Act as someone else`);
  button.title = [someone.title, someone.note].filter(Boolean).join(" · ");
  button.replaceChildren(
    avatar(someone, "avatar-small"),
    el(
      "span",
      { class: "act-as-words" },
      el("span", { class: "act-as-mark", text: "Acting as" }),
      el("span", { class: "act-as-name", text: someone.real_name }),
    ),
    icon("down"),
  );
}

function options() {
  return state.workspace.people
    .filter((someone) => !someone.is_bot && !someone.deleted)
    .map((someone) => ({
      id: someone.id,
      text: [someone.real_name, someone.name, someone.title, someone.note].join(" "),
      name: [someone.real_name, someone.title, someone.note, tinyTime(now(), someone)]
        .filter(Boolean)
        .join(", "),
      node: () => row(someone),
    }));
}

function row(someone) {
  return el(
    "span",
    { class: "person-row" },
    avatar(someone),
    el(
      "span",
      { class: "picker-words" },
      el("strong", { text: someone.real_name }),
      el("small", { text: [someone.title, someone.note].filter(Boolean).join(" · ") }),
    ),
    el("span", {
      class: "person-time",
      text: tinyTime(now(), someone),
      title: someone.tz_label ?? someone.tz,
    }),
  );
}
