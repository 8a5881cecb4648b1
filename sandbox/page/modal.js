import { announce, el, findByFocusKey } from "./dom.js";
import { perform } from "./actions.js";
import { drawBlocks } from "./blocks.js";
import { focusComposer } from "./composer.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { unanswered } from "./message.js";
import { inWords, plainText } from "./mrkdwn.js";
import { closePopover } from "./popover.js";
import { state, views } from "./store.js";
import { Surface } from "./surface.js";
import { trapFocus } from "./trap.js";

const forms = new Map();
let dialog = null;
let current = null;
let opener = null;

/** Builds the one dialog that shows the top of the modal stack; `drawModal` fills it. */
export function makeModal() {
  dialog = el("dialog", { class: "modal", "aria-labelledby": "modal-title", data: { testid: "modal" } });
  trapFocus(dialog);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (current) close(current, false);
  });
  dialog.addEventListener("close", () => {
    if (current && !dialog.open) dialog.showModal();
  });
  document.body.append(dialog);
}

/** Shows the top view of the acting person, or nothing. What was typed in a view below is kept. */
export function drawModal() {
  const stack = views();
  const ids = new Set(stack.map((view) => view.id));
  for (const [id, form] of forms) if (state.seen && form.as === state.as && !ids.has(id)) forms.delete(id);
  const top = stack.at(-1);
  if (!top) return hide();
  const form = forms.get(top.id) ?? makeForm(top);
  form.view = top;
  form.depth = stack.length;
  const isAnother = differ(form.about, aboutOf(top));
  drawForm(form);
  const lost = !dialog.contains(document.activeElement) && !document.querySelector("dialog.confirm");
  if (form !== current) show(form);
  else if (isAnother || lost) firstPlace(form).focus({ preventScroll: true });
  return null;
}

function hide() {
  if (!current) return;
  current = null;
  closePopover();
  dialog.close();
  dialog.replaceChildren();
  // Chromium gives the focus back by itself, but the caret stays in the field that is gone, and
  // then nothing that is typed arrives anywhere. Focusing anew brings the caret along.
  document.activeElement?.blur();
  const again = opener?.isConnected
    ? opener
    : opener?.dataset?.fk && findByFocusKey(document.body, opener.dataset.fk);
  if (again && again !== document.body) again.focus();
  else focusComposer();
}

function show(form) {
  closePopover();
  if (!dialog.open) opener = document.activeElement;
  if (current) remember(current);
  current = form;
  dialog.replaceChildren(form.node);
  if (!dialog.open) dialog.showModal();
  form.body.scrollTop = form.scroll;
  const held = form.held && findByFocusKey(form.node, form.held);
  // A form is read from its top, also when its first field lies below the fold.
  (held || firstPlace(form)).focus({ preventScroll: true });
}

function remember(form) {
  form.scroll = form.body.scrollTop;
  form.held = form.held ?? null;
}

function makeForm(view) {
  const form = {
    view,
    as: state.as,
    depth: 1,
    errors: null,
    trouble: null,
    busy: false,
    scroll: 0,
    held: null,
    hash: view.hash,
    about: aboutOf(view),
  };
  form.title = el("h2", { class: "modal-title", id: "modal-title", tabIndex: -1 });
  form.back = iconButton("back", "Back", { class: "modal-icon", onclick: () => close(form, false) });
  const cross = iconButton("close", "Close", { class: "modal-icon", onclick: () => close(form, true) });
  form.banner = el("div", { class: "modal-banner", role: "alert" });
  form.blocks = el("div", { class: "blocks" });
  form.body = el("div", { class: "modal-body" }, form.blocks);
  form.cancel = el("button", { type: "button", class: "button", onclick: () => close(form, false) });
  form.send = el("button", { type: "submit", class: "button button-primary" });
  form.foot = el("footer", { class: "modal-foot" }, form.cancel, form.send);
  form.node = el(
    "form",
    { class: "modal-form", novalidate: true, autocomplete: "off" },
    el("header", { class: "modal-head" }, form.back, form.title, cross),
    form.body,
    form.banner,
    form.foot,
  );
  forms.set(view.id, form);
  return wire(form);
}

function wire(form) {
  form.surface = new Surface({
    name: form.view.id,
    act: (...what) => act(form, ...what),
    submit: () => submit(form),
  });
  form.node.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form);
  });
  form.node.addEventListener("focusin", (event) => {
    form.held = event.target.dataset.fk ?? null;
  });
  return form;
}

function drawForm(form) {
  const { view } = form;
  if (form.hash !== view.hash) {
    form.hash = view.hash;
    form.errors = null;
    form.trouble = null;
  }
  form.title.replaceChildren(plainText(view.title?.text ?? ""));
  form.back.hidden = form.depth < 2;
  form.cancel.replaceChildren(plainText(view.close?.text ?? (view.submit ? "Cancel" : "Close")));
  form.send.hidden = !view.submit;
  if (view.submit)
    form.send.replaceChildren(
      el("span", { class: "spinner", "aria-hidden": true }),
      plainText(view.submit.text),
    );
  form.send.setAttribute("aria-disabled", String(form.busy));
  form.node.setAttribute("aria-busy", String(form.busy));
  form.surface.state = view.state?.values ?? {};
  form.surface.errors = form.errors ?? view.errors ?? {};
  // What takes the place of another screen is read from its top, as that was.
  const scroll = differ(form.about, aboutOf(view)) ? 0 : form.body.scrollTop;
  form.about = aboutOf(view);
  drawBlocks(form.blocks, view.blocks, form.surface);
  form.body.scrollTop = scroll;
  drawBanner(form);
}

/** What a view is about: what it is, and which fields it has. */
function aboutOf(view) {
  const fields = view.blocks.filter((block) => block.type === "input").map((block) => block.block_id);
  return { what: JSON.stringify([view.callback_id, view.title]), fields };
}

/** Whether these are two screens, and not one with other words, or with fields that come and go. */
function differ(one, other) {
  if (one.what !== other.what) return true;
  const without = !one.fields.length && !other.fields.length;
  return !without && !one.fields.some((field) => other.fields.includes(field));
}

function drawBanner(form) {
  const sentence = form.busy ? "" : (form.view.trouble ?? form.trouble ?? strayError(form));
  if (form.banner.dataset.text === sentence) return;
  form.banner.dataset.text = sentence;
  form.banner.replaceChildren(...(sentence ? [icon("warning"), el("span", { text: sentence })] : []));
}

/** An error for a block that is not on screen would be lost: it goes into the banner. */
function strayError(form) {
  const here = new Set(
    form.view.blocks.filter((block) => block.type === "input").map((block) => block.block_id),
  );
  const stray = Object.entries(form.surface.errors).filter(([block]) => !here.has(block));
  return stray.map(([, sentence]) => sentence).join(" ");
}

async function submit(form) {
  if (form.busy || !form.view.submit) return;
  Object.assign(form, { busy: true, errors: null, trouble: null });
  drawForm(form);
  announce("Sending");
  try {
    const answer = await perform("submit", { view_id: form.view.id, values: form.surface.values() });
    if (answer.outcome === "invalid" || answer.outcome === "errors") form.errors = answer.errors;
    else if (answer.outcome !== "acked" && !views().at(-1)?.trouble)
      form.trouble = unanswered(answer.outcome);
  } catch (error) {
    form.trouble = error.message;
  }
  form.busy = false;
  if (forms.get(form.view.id) !== form) return;
  drawModal();
  if (form === current && form.errors) focusFirstError(form);
}

async function act(form, blockId, actionId, value, values) {
  form.trouble = null;
  try {
    const answer = await perform("block_action", {
      view_id: form.view.id,
      block_id: blockId,
      action_id: actionId,
      value,
      values,
    });
    if (answer.outcome === "acked") return true;
    if (!views().at(-1)?.trouble) form.trouble = unanswered(answer.outcome);
  } catch (error) {
    form.trouble = error.message;
  }
  if (forms.get(form.view.id) === form) drawForm(form);
  return false;
}

async function close(form, everything) {
  const all = everything && form.depth > 1;
  try {
    await perform("close", { view_id: form.view.id, ...(all ? { all } : {}) });
  } catch (error) {
    form.trouble = error.message;
    drawForm(form);
  }
}

const FIELDS = "input:not([type=hidden]), textarea, select, button.field-multi";

function firstPlace(form) {
  const wanted = form.blocks.querySelector("[data-autofocus=yes]");
  const group = form.blocks.querySelector(FIELDS);
  const checked =
    group?.type === "radio" ? form.blocks.querySelector(`input[name="${group.name}"]:checked`) : null;
  return wanted ?? checked ?? group ?? form.title;
}

function focusFirstError(form) {
  const first = form.blocks.querySelector(".has-error");
  const field = first?.querySelector("input:checked") ?? first?.querySelector(FIELDS);
  (field ?? form.title).focus();
  first?.scrollIntoView({ block: "nearest" });
  const count = Object.keys(form.surface.errors).length;
  announce(
    `${count === 1 ? "One field needs" : `${count} fields need`} another look. ${inWords(Object.values(form.surface.errors)[0])}`,
  );
}

function onKey(event) {
  if (!current) return;
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    close(current, false);
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
    event.preventDefault();
    submit(current);
  }
}
