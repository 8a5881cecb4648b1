import { el } from "./dom.js";
import { icon } from "./icons.js";
import { linkNode } from "./mentions.js";
import { inWords, textObject } from "./mrkdwn.js";
import { picture } from "./pictures.js";

/** A video block: its picture and words. Nothing is fetched from elsewhere before somebody asks. */
export function videoBlock(block) {
  const title = inWords(block.title?.text ?? "") || "Video";
  const by = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  const frame = el(
    "span",
    { class: "video-frame" },
    picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "video-picture"),
    icon("play"),
  );
  const safe = /^https:\/\//i.test(block.video_url ?? "");
  const watch = {
    class: "video-watch",
    href: block.video_url,
    target: "_blank",
    rel: "noopener noreferrer",
    "aria-label": `Watch ${title}`,
  };
  return el(
    "figure",
    { class: "video" },
    el(
      "figcaption",
      {},
      by ? el("span", { class: "card-subtitle", text: by }) : null,
      el("span", { class: "card-title" }, block.title_url ? linkNode(block.title_url, title) : title),
      block.description ? el("span", { class: "video-about" }, textObject(block.description)) : null,
    ),
    safe ? el("a", watch, frame) : frame,
  );
}

/** A file block: a file that lies somewhere else. */
export function fileBlock(block) {
  const words = el(
    "span",
    { class: "file-words" },
    "A file from elsewhere",
    el("small", { text: block.external_id ?? "" }),
  );
  return el("div", { class: "file" }, icon("file"), words);
}
