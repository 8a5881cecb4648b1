import { el, freshId } from "./dom.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { drawElement } from "./elements.js";
import { inWords, textObject } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./rich_text.js";

const SLACK_ICONS = { checkmark: "check", warning: "warning", info: "info", file: "file", calendar: "clock" };

/** A card block: a picture, a title, words, buttons. */
export function cardBlock(block, surface) {
  const id = freshId("card");
  const title = block.title ? el("h4", { class: "card-title", id }, textObject(block.title)) : null;
  const subtitle = block.subtitle ? el("p", { class: "card-subtitle" }, textObject(block.subtitle)) : null;
  const mark = block.icon ? picture(block.icon, "card-icon") : slackIcon(block.slack_icon);
  const actions = (block.actions ?? []).map(
    (element) => drawElement(element, { surface, blockId: block.block_id, acts: true }).node,
  );
  const name = title ? { "aria-labelledby": id } : { "aria-label": "Card" };
  return el(
    "article",
    { class: "card", ...name, data: { block: block.block_id ?? "" } },
    block.hero_image ? picture(block.hero_image, "card-hero") : null,
    title || subtitle
      ? el("div", { class: "card-head" }, mark, el("div", { class: "card-names" }, title, subtitle))
      : null,
    block.body ? el("div", { class: "card-body" }, textObject(block.body)) : null,
    block.subtext ? el("p", { class: "card-subtext" }, textObject(block.subtext)) : null,
    actions.length ? el("div", { class: "actions" }, actions) : null,
  );
}

function slackIcon(object) {
  if (!object?.name) return null;
  return el("span", { class: "card-icon card-slack-icon" }, icon(SLACK_ICONS[object.name] ?? "spark"));
}

/** A carousel block: cards side by side, which scroll by keyboard, by touch and by its buttons. */
export function carouselBlock(block, surface) {
  const cards = (block.elements ?? []).map((card) => cardBlock(card, surface));
  const label = `Carousel, ${cards.length} ${cards.length === 1 ? "card" : "cards"}`;
  const items = cards.map((card) => el("li", {}, card));
  const track = el(
    "div",
    { class: "carousel-track", tabIndex: 0, role: "region", "aria-label": label },
    el("ul", {}, items),
  );
  const move = (by) => {
    const wide = items[0]?.getBoundingClientRect().width ?? 0;
    track.scrollBy({ left: by * (wide + 12), behavior: calm() ? "auto" : "smooth" });
  };
  const turn = (drawing, name, by) =>
    iconButton(drawing, name, {
      class: "button button-icon",
      data: { fk: `${block.block_id}/${by}` },
      onclick: () => move(by),
    });
  const buttons =
    cards.length > 1 ? [turn("back", "Cards before", -1), turn("forward", "More cards", 1)] : [];
  return el("div", { class: "carousel" }, track, el("div", { class: "pager" }, buttons));
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A container block; `drawInside` draws its blocks. One that collapses stays as the person left it. */
export function containerBlock(block, surface, drawInside) {
  const inside = el("div", { class: "blocks container-body" });
  drawInside(inside, block.child_blocks ?? []);
  const divided = block.has_header_divider ? " is-divided" : "";
  const look = `container container-${block.width ?? "standard"}${divided}`;
  const head = containerHead(block);
  if (!block.is_collapsible) {
    const name = inWords(block.title?.text ?? "") || "Group";
    return el(
      "section",
      { class: look, "aria-label": name },
      el("div", { class: "container-head" }, head),
      inside,
    );
  }
  const kept = surface.recall(`container/${block.block_id}`, () => ({ open: !block.default_collapsed }));
  const summary = el("summary", { class: "container-head", data: { fk: `${block.block_id}/open` } }, head);
  const details = el("details", { class: look, open: kept.open }, summary, inside);
  details.addEventListener("toggle", () => {
    kept.open = details.open;
  });
  return details;
}

function containerHead(block) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title);
  return el(
    "span",
    { class: "card-head" },
    block.icon ? picture(block.icon, "card-icon") : null,
    el(
      "span",
      { class: "card-names" },
      el("span", { class: "card-title" }, title),
      block.subtitle ? el("span", { class: "card-subtitle" }, textObject(block.subtitle)) : null,
    ),
  );
}
