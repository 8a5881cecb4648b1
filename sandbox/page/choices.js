import { el, freshId } from "./dom.js";
import { changed } from "./changed.js";
import { common } from "./fields.js";
import { icon } from "./icons.js";
import { inWords, textObject } from "./mrkdwn.js";
import { openPicker } from "./picker.js";
import { channelLabel, state } from "./store.js";

/** Renders radio_buttons and checkboxes. */
export function choiceGroup(element, place) {
  const many = element.type === "checkboxes";
  const name = freshId("choice");
  const inputs = [];
  const rows = (element.options ?? []).map((option, index) => {
    const { row, input } = choiceRow(option, {
      type: many ? "checkbox" : "radio",
      name,
      fk: `${place.fk}/${option.value}`,
    });
    if (index === 0 && place.inputId) input.id = place.inputId;
    if (element.focus_on_load && index === 0) input.dataset.autofocus = "yes";
    inputs.push(input);
    return row;
  });
  const read = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const show = (value) => {
    const chosen = new Set(many ? value : [value]);
    inputs.forEach((input) => {
      input.checked = chosen.has(input.value);
    });
  };
  show(place.surface.valueOf(place.blockId, element));
  const group = el(
    "div",
    {
      class: "choices",
      role: many ? "group" : "radiogroup",
      "aria-labelledby": place.labelledBy ?? null,
      "aria-label": place.labelledBy ? null : (place.label ?? "Choices"),
      "aria-describedby": place.describedBy ?? null,
    },
    rows,
  );
  if (!many) setMarks(group, place);
  group.addEventListener("change", () => changed(element, place, many ? read() : (read()[0] ?? null), show));
  return group;
}

function setMarks(group, place) {
  if (place.required) group.setAttribute("aria-required", "true");
  if (place.invalid) group.setAttribute("aria-invalid", "true");
}

function choiceRow(option, { type, name, fk }) {
  const text = freshId("option-text");
  const detail = option.description ? freshId("option-detail") : null;
  const input = el("input", {
    type,
    name,
    value: option.value,
    "aria-labelledby": text,
    "aria-describedby": detail,
    data: { fk },
  });
  const words = el(
    "span",
    { class: "choice-words" },
    el("span", { class: "choice-text", id: text }, textObject(option.text)),
    detail ? el("span", { class: "choice-detail", id: detail }, textObject(option.description)) : null,
  );
  return { row: el("label", { class: "choice" }, input, words), input };
}

/** Renders the single selects with the browser's own list. */
export function select(element, place) {
  const node = el("select", { ...common(element, place), placeholder: null, class: "field field-select" });
  const value = place.surface.valueOf(place.blockId, element);
  const first = el("option", { value: "", text: element.placeholder?.text ?? "Choose an option" });
  if (!place.optional) first.disabled = true;
  node.append(first, ...groupsOf(element).map(nativeGroup).flat());
  const show = (chosen) => {
    node.value = chosen ?? "";
    node.classList.toggle("is-empty", !node.value);
  };
  show(value);
  node.addEventListener("change", () => node.classList.toggle("is-empty", !node.value));
  const take = () => changed(element, place, node.value || null, show);
  if (place.acts) onceChosen(node, take);
  else node.addEventListener("change", take);
  return el("span", { class: "select-frame" }, node, icon("down"));
}

/**
 * Calls `take` once an option is chosen. In a closed menu every key changes it, while Slack's own
 * takes nothing before Enter: so what is typed waits for Enter, or until the person goes on.
 */
function onceChosen(node, take) {
  let typing = false;
  let waiting = false;
  const settle = () => {
    typing = false;
    if (waiting) take();
    waiting = false;
  };
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") settle();
    else if (event.key === "Escape") waiting = false;
    else typing = event.key !== " " && !event.altKey; // those open the menu, which then takes by itself
  });
  node.addEventListener("pointerdown", () => {
    typing = false;
  });
  node.addEventListener("blur", settle);
  node.addEventListener("change", () => {
    waiting = typing;
    if (!typing) take();
  });
}

function nativeGroup(group) {
  const options = group.options.map((option) =>
    el("option", {
      value: option.id,
      text: option.detail ? `${option.text} — ${option.detail}` : option.text,
    }),
  );
  return group.label ? [el("optgroup", { label: group.label }, options)] : options;
}

/** What a select offers, as [{label, options: [{id, text, detail}]}], whatever its type. */
function groupsOf(element) {
  if (element.option_groups)
    return element.option_groups.map((group) => ({
      label: inWords(group.label?.text),
      options: (group.options ?? []).map(plainOption),
    }));
  if (element.type.includes("users")) return [{ options: peopleOptions() }];
  if (element.type.includes("conversations") || element.type.includes("channels"))
    return [{ options: channelOptions(element) }];
  return [{ options: (element.options ?? []).map(plainOption) }];
}

function plainOption(option) {
  return {
    id: option.value,
    text: inWords(option.text?.text),
    detail: option.description ? inWords(option.description.text) : null,
  };
}

function peopleOptions() {
  return state.workspace.people.map((someone) => ({
    id: someone.id,
    text: someone.real_name,
    detail: someone.is_bot ? "app" : null,
  }));
}

const INCLUDES = { channel: "public", private: "private", im: "im", mpim: "mpim" };

function channelOptions(element) {
  const wanted = element.filter?.include ?? (element.type.includes("channels") ? ["public"] : null);
  return (state.seen?.channels ?? [])
    .filter((one) => !wanted || wanted.includes(INCLUDES[one.kind]))
    .map((one) => ({
      id: one.id,
      text: channelLabel(one),
      detail: one.kind === "private" ? "private" : null,
    }));
}

/** Renders the multi selects: a button that shows what is chosen and opens a list. */
export function multiSelect(element, place) {
  const groups = groupsOf(element).map((group) => ({
    ...group,
    options: group.options.map((option) => ({ ...option, node: () => pickerRow(option) })),
  }));
  const all = groups.flatMap((group) => group.options);
  const chosen = () => place.surface.valueOf(place.blockId, element) ?? [];
  const node = el("button", {
    ...common(element, place),
    placeholder: null,
    "aria-required": null,
    type: "button",
    class: "field field-multi",
    "aria-haspopup": "listbox",
    "aria-expanded": false,
  });
  const summary = el("span", { class: "multi-summary", id: freshId("summary") });
  node.append(summary, icon("down"));
  node.setAttribute("aria-labelledby", [place.labelledBy, summary.id].filter(Boolean).join(" "));
  const show = () => summarise(summary, chosen(), all, element.placeholder?.text ?? "Choose options");
  const choose = (id) => {
    const now = chosen();
    const next = now.includes(id) ? now.filter((one) => one !== id) : [...now, id];
    if (next.length > (element.max_selected_items ?? Infinity)) return;
    changed(element, place, next, show);
    show();
  };
  node.addEventListener("click", () =>
    openPicker(node, {
      label: element.placeholder?.text ?? "Options",
      groups,
      choose,
      selected: chosen,
      multiple: true,
    }),
  );
  show();
  return node;
}

function summarise(summary, ids, options, placeholder) {
  const names = ids.map((id) => options.find((option) => option.id === id)?.text ?? id);
  summary.replaceChildren(
    ...(names.length
      ? names.map((name) => el("span", { class: "chip", text: name }))
      : [el("span", { class: "multi-empty", text: placeholder })]),
  );
}

function pickerRow(option) {
  return el(
    "span",
    { class: "picker-row" },
    icon("check"),
    el(
      "span",
      { class: "picker-words" },
      el("span", { text: option.text }),
      option.detail ? el("small", { text: option.detail }) : null,
    ),
  );
}
