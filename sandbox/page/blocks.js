import { arrange, el, freshId, swap } from "./dom.js";
import { cardBlock, carouselBlock, containerBlock } from "./cards.js";
import { chartBlock } from "./chart.js";
import { drawElement } from "./elements.js";
import { inputBlock } from "./input_block.js";
import { markdownBlock } from "./markdown.js";
import { fileBlock, videoBlock } from "./media.js";
import { inWords, textObject } from "./mrkdwn.js";
import { imageBlock, picture } from "./pictures.js";
import { richText } from "./rich_text.js";
import { dataTableBlock, tableBlock } from "./tables.js";
import { alertBlock, planBlock, taskBlock } from "./tasks.js";

const drawn = new WeakMap();

const KINDS = {
  section: sectionBlock,
  header: (block) => el("h3", { class: "block-header" }, textObject(block.text)),
  context: contextBlock,
  divider: () => el("hr", { class: "block-divider" }),
  actions: actionsBlock,
  input: inputBlock,
  context_actions: actionsBlock,
  image: imageBlock,
  rich_text: richText,
  data_visualization: chartBlock,
  table: tableBlock,
  data_table: dataTableBlock,
  markdown: markdownBlock,
  card: cardBlock,
  carousel: carouselBlock,
  container: (block, surface) =>
    containerBlock(block, surface, (holder, inside) => draw(holder, inside, surface)),
  alert: alertBlock,
  task_card: taskBlock,
  plan: planBlock,
  video: videoBlock,
  file: fileBlock,
};

/**
 * Draws Block Kit blocks into `container` for a surface. Blocks that did not change keep
 * their nodes, so typing, focus and carets survive a redraw.
 */
export function drawBlocks(container, blocks, surface) {
  draw(container, blocks, surface);
  surface.keepOnly(new Set(idsIn(blocks ?? [])));
}

/** The ids of blocks, and of those inside containers and carousels. */
function idsIn(blocks) {
  return blocks.flatMap((block) => [block.block_id, ...idsIn(block.child_blocks ?? []), ...cardIds(block)]);
}

const cardIds = (block) =>
  block.type === "carousel" ? (block.elements ?? []).map((card) => card.block_id) : [];

function draw(container, blocks, surface) {
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
  arrange(container, nodes);
  drawn.set(container, after);
}

function blockNode(block, surface) {
  const drawing = KINDS[block.type];
  const inner = drawing ? drawing(block, surface) : undrawn(block.type);
  return el(
    "div",
    { class: `block block-of-${drawing ? block.type : "unknown"}`, data: { block: block.block_id ?? "" } },
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
