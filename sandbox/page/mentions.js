import { el } from "./dom.js";
import { fillDate } from "./dates.js";
import { channel, me, now, person, state } from "./store.js";
import { goToChannel } from "./address.js";

/** "@Maya Lindqvist", marked when it is the acting person. */
export function userMention(id, fallback = null) {
  const someone = person(id);
  const name = someone.unknown && fallback ? fallback : someone.real_name;
  return el("span", { class: id === state.as ? "mention mention-me" : "mention", text: `@${name}` });
}

/** "#general": a way into the channel when the acting person can see it. */
export function channelMention(id, fallback = null) {
  const one = channel(id);
  const name = state.seen?.names[id] || fallback || "private channel";
  if (!one) return el("span", { class: "mention", text: `#${name}` });
  return el("button", {
    type: "button",
    class: "mention mention-link",
    text: `#${one.name}`,
    onclick: () => goToChannel(id),
  });
}

/** "@channel", "@here" or "@everyone". */
export function broadcastMention(range) {
  return el("span", { class: "mention mention-me", text: `@${range}` });
}

/** A link, for http, https and mailto only; anything else stays plain text. */
export function linkNode(address, ...label) {
  const shown = label.length > 0 ? label : [address.replace(/^mailto:/, "")];
  if (!isSafeAddress(address)) return el("span", {}, ...shown);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...shown);
}

function isSafeAddress(address) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** A date in the acting person's zone, or the fallback the app gave. */
export function dateNode(seconds, pattern, fallback) {
  const filled = fillDate(Number(seconds), pattern, me(), now());
  return el("time", {
    datetime: new Date(Number(seconds) * 1000).toISOString(),
    text: filled ?? fallback ?? "",
  });
}
