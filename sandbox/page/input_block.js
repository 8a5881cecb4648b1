import { el, freshId } from "./dom.js";
import { drawElement } from "./elements.js";
import { textObject } from "./mrkdwn.js";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

/** Renders an input block: label, optional mark, element, hint and error, tied together for screen readers. */
export function inputBlock(block, surface) {
  const ids = {
    input: freshId("input"),
    label: freshId("label"),
    hint: freshId("hint"),
    error: freshId("error"),
  };
  const error = surface.errors[block.block_id];
  const described = [error ? ids.error : null, block.hint ? ids.hint : null].filter(Boolean).join(" ");
  const group = GROUPS.has(block.element.type);
  const { node } = drawElement(block.element, {
    surface,
    blockId: block.block_id,
    inputId: ids.input,
    labelledBy: ids.label,
    describedBy: described || null,
    invalid: Boolean(error),
    required: !block.optional,
    optional: Boolean(block.optional),
    acts: Boolean(block.dispatch_action),
    inInput: true,
  });
  const label = el(
    group ? "div" : "label",
    { class: "input-label", htmlFor: group ? null : ids.input },
    labelText(block, ids.label),
  );
  return el(
    "div",
    { class: error ? "input-block has-error" : "input-block" },
    label,
    node,
    error ? el("p", { class: "input-error", id: ids.error, text: error }) : null,
    block.hint ? el("p", { class: "input-hint", id: ids.hint }, textObject(block.hint)) : null,
  );
}

function labelText(block, id) {
  const optional = block.optional ? el("span", { class: "input-optional", text: " (optional)" }) : null;
  return el("span", { id }, textObject(block.label), optional);
}
