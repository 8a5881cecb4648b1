import { el } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { state } from "./store.js";

/** An image block: its title and its picture. */
export function imageBlock(block) {
  const title = block.title ? el("figcaption", {}, textObject(block.title)) : null;
  return el("figure", { class: "figure" }, title, picture(block, "picture"));
}

/** A picture from an address or a file of the workspace; its words stand for one that is missing. */
export function picture(image, className) {
  const alt = image.alt_text ?? "";
  const address = addressOf(image);
  const stand = () =>
    el("span", {
      class: `${className} picture-missing`,
      role: "img",
      "aria-label": alt || "Image",
      text: alt || "Image",
    });
  if (!address) return stand();
  const node = el("img", {
    class: className,
    alt,
    src: address,
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  node.addEventListener("error", () => node.replaceWith(stand()), { once: true });
  return node;
}

function addressOf(image) {
  if (/^https?:\/\//i.test(image.image_url ?? "")) return image.image_url;
  const { id, url } = image.slack_file ?? {};
  const file = id ?? /\/files-pri\/([^/]+)\//.exec(url ?? "")?.[1];
  return file ? `/control/file?${new URLSearchParams({ as: state.as, file })}` : null;
}
