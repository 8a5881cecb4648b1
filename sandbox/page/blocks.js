import { arrange, el, freshId, swap } from "./dom.js";
import { chartBlock } from "./chart.js";
import { drawElement } from "./elements.js";
import { inputBlock } from "./input_block.js";
import { inWords, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const drawn = new WeakMap();

const KINDS = {
  section: sectionBlock,
  header: (block) => el("h3", { class: "block-header" }, textObject(block.text)),
  context: contextBlock,
  divider: () => el("hr", { class: "block-divider" }),
  actions: actionsBlock,
  input: inputBlock,
  image: (block) => imageBlock(block),
  rich_text: (block) => richText(block),
  data_visualization: (block) => chartBlock(block),
};

/**
 * Draws Block Kit blocks into `container` for a surface. Blocks that did not change keep
 * their nodes, so typing, focus and carets survive a redraw.
 */
export function drawBlocks(container, blocks, surface) {
  const before = drawn.get(container) ?? new Map();
  const after = new Map();
  const nodes = (blocks ?? []).map((block, index) => {
    const key = block.block_id ?? `#${index}`;
    const look = JSON.stringify([block, surface.errors[block.block_id] ?? null]);
    const kept = before.get(key);
    if (kept?.look === look) {
      after.set(key, kept);
      return kept.node;
    }
    const node = blockNode(block, surface);
    if (kept?.node.parentNode === container) swap(kept.node, node);
    after.set(key, { look, node });
    return node;
  });
  surface.keepOnly(new Set((blocks ?? []).map((block) => block.block_id)));
  arrange(container, nodes);
  drawn.set(container, after);
}

function blockNode(block, surface) {
  const draw = KINDS[block.type];
  const inner = draw ? draw(block, surface) : undrawn(block.type);
  return el(
    "div",
    { class: `block block-of-${draw ? block.type : "unknown"}`, data: { block: block.block_id ?? "" } },
    inner,
  );
}

function undrawn(type) {
  return el("p", { class: "undrawn", text: `This block type is not drawn here: ${type}` });
}

function sectionBlock(block, surface) {
  const id = freshId("section");
  const text = block.text ? el("div", { class: "section-text", id }, textObject(block.text)) : null;
  const fields = block.fields?.length
    ? el(
        "div",
        { class: "section-fields" },
        block.fields.map((field) => el("div", { class: "section-field" }, textObject(field))),
      )
    : null;
  const accessory = block.accessory ? accessoryNode(block, surface, text ? id : null) : null;
  return el("div", { class: "section" }, el("div", { class: "section-main" }, text, fields), accessory);
}

function accessoryNode(block, surface, labelledBy) {
  if (block.accessory.type === "image") {
    return el("div", { class: "section-accessory" }, picture(block.accessory, "thumb"));
  }
  const label = inWords(block.text?.text ?? "").slice(0, 150) || null;
  const { node } = drawElement(block.accessory, {
    surface,
    blockId: block.block_id,
    label,
    labelledBy,
    acts: true,
  });
  return el("div", { class: "section-accessory" }, node);
}

function actionsBlock(block, surface) {
  const parts = (block.elements ?? []).map(
    (element) => drawElement(element, { surface, blockId: block.block_id, acts: true }).node,
  );
  return el("div", { class: "actions" }, parts);
}

function contextBlock(block) {
  const parts = (block.elements ?? []).map((element) =>
    element.type === "image"
      ? picture(element, "context-image")
      : el("span", { class: "context-text" }, textObject(element)),
  );
  return el("div", { class: "context" }, parts);
}

function imageBlock(block) {
  const title = block.title ? el("figcaption", {}, textObject(block.title)) : null;
  return el("figure", { class: "figure" }, title, picture(block, "picture"));
}

function picture(image, className) {
  const alt = image.alt_text ?? "";
  const stand = () =>
    el("span", {
      class: `${className} picture-missing`,
      role: "img",
      "aria-label": alt || "Image",
      text: alt || "Image",
    });
  if (!/^https?:\/\//i.test(image.image_url ?? "")) return stand();
  const node = el("img", {
    class: className,
    alt,
    src: image.image_url,
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  node.addEventListener("error", () => node.replaceWith(stand()), { once: true });
  return node;
}
