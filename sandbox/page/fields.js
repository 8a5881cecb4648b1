import { announce, el, freshId } from "./dom.js";
import { instantOfWall, wallOfInstant } from "./dates.js";
import { changed } from "./changed.js";
import { me } from "./store.js";

const length = (text) => [...text].length;

/** Renders plain_text_input, email_text_input and url_text_input. */
export function textField(element, place) {
  const kind = { email_text_input: "email", url_text_input: "url" }[element.type] ?? "text";
  const field = element.multiline
    ? el("textarea", { ...common(element, place), class: "field field-area", rows: 4 })
    : el("input", {
        ...common(element, place),
        type: "text",
        inputmode: kind,
        class: "field",
        autocomplete: "off",
      });
  field.value = place.surface.valueOf(place.blockId, element) ?? "";
  const counter = element.max_length || element.min_length ? counterNode(element, field) : null;
  field.addEventListener("input", () => {
    place.surface.set(place.blockId, element, field.value);
    counter?.update();
    sendWhileTyping(element, place, field);
  });
  field.addEventListener("keydown", (event) => onEnter(event, element, place, field));
  return counter ? el("div", { class: "field-counted" }, field, counter.node) : field;
}

/** Renders number_input; the text stays as typed, so that a slip is never thrown away. */
export function numberField(element, place) {
  const mode = element.is_decimal_allowed ? "decimal" : "numeric";
  const field = el("input", {
    ...common(element, place),
    type: "text",
    inputmode: mode,
    class: "field",
    autocomplete: "off",
  });
  field.value = place.surface.valueOf(place.blockId, element) ?? "";
  field.addEventListener("input", () => {
    place.surface.set(place.blockId, element, field.value.trim());
    sendWhileTyping(element, place, field);
  });
  field.addEventListener("keydown", (event) => onEnter(event, element, place, field));
  return field;
}

/** Renders datepicker, timepicker and datetimepicker with the browser's own controls. */
export function dateField(element, place) {
  const type = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" }[element.type];
  const field = el("input", { ...common(element, place), type, class: "field field-date" });
  const moment = element.type === "datetimepicker";
  const show = (value) => {
    field.value = moment && value ? wallOfInstant(new Date(value * 1000), me().tz) : (value ?? "");
  };
  const read = () => {
    if (!field.value) return null;
    return moment ? Math.floor(instantOfWall(field.value, me().tz).getTime() / 1000) : field.value;
  };
  show(place.surface.valueOf(place.blockId, element));
  field.addEventListener("change", () => changed(element, place, read(), show));
  return field;
}

/** Attributes every single control shares. */
export function common(element, place) {
  return {
    id: place.inputId ?? freshId("input"),
    placeholder: element.placeholder?.text ?? null,
    "aria-label": place.inInput ? null : (place.label ?? element.placeholder?.text ?? null),
    "aria-describedby": place.describedBy ?? null,
    "aria-invalid": place.invalid || null,
    "aria-required": place.required || null,
    data: { fk: place.fk, action: element.action_id ?? "", autofocus: element.focus_on_load ? "yes" : "no" },
  };
}

function counterNode(element, field) {
  const id = freshId("counter");
  const number = el("span", { "aria-hidden": true });
  const words = el("span", { class: "sr-only", id });
  const node = el("span", { class: "counter" }, number, words);
  field.setAttribute(
    "aria-describedby",
    [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "),
  );
  const update = () => {
    const sentence = countSentence(element, length(field.value));
    node.classList.toggle("counter-over", sentence.over);
    number.textContent = sentence.short;
    if (words.textContent && sentence.speak) announce(sentence.words);
    words.textContent = sentence.words;
  };
  update();
  return { node, update };
}

function countSentence(element, count) {
  const missing = (element.min_length ?? 0) - count;
  if (missing > 0 && count > 0)
    return {
      over: false,
      short: `${missing} more`,
      words: `${missing} more characters needed`,
      speak: false,
    };
  if (!element.max_length) return { over: false, short: "", words: "", speak: false };
  const left = element.max_length - count;
  if (left < 0)
    return { over: true, short: String(left), words: `${-left} characters too many`, speak: true };
  return {
    over: false,
    short: String(left),
    words: `${left} characters left`,
    speak: [100, 50, 20, 10, 5, 0].includes(left),
  };
}

function sendWhileTyping(element, place, field) {
  const on = element.dispatch_action_config?.trigger_actions_on ?? [];
  if (!place.acts || !on.includes("on_character_entered")) return;
  clearTimeout(Number(field.dataset.timer));
  field.dataset.timer = setTimeout(() => place.surface.send(place.blockId, element, field.value), 350);
}

function onEnter(event, element, place, field) {
  if (event.key !== "Enter" || event.isComposing) return;
  const area = field.tagName === "TEXTAREA";
  if (area && !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (place.acts && !area && on.includes("on_enter_pressed"))
    place.surface.send(place.blockId, element, field.value);
  else place.surface.submit?.();
}
