import { el, swap } from "./dom.js";
import { dayKey, dayName, instant } from "./dates.js";
import { messageNode } from "./message.js";
import { channelLabel, me, now } from "./store.js";

const GROUPING_SECONDS = 300;
const kept = new Map();
const days = new Map();

/**
 * The rows of a conversation: messages with their replies below them, and a line where a day
 * begins. A message that did not change keeps its node. `place` is who looks and where.
 */
export function rowsFor(messages, one, { place, earlier, fail }) {
  const { heads, replies } = threads(messages);
  const wanted = [];
  let before = null;
  for (const message of heads) {
    const day = dayOf(message);
    const newDay = !before || before.day !== day;
    if (newDay) wanted.push(divider(day, message, place));
    const orphan = Boolean(message.thread_ts && message.thread_ts !== message.ts);
    const grouped = !newDay && joins(before.message, message);
    const answers = replies.get(message.ts) ?? [];
    wanted.push(keep(message, one, place, { grouped, reply: orphan, fail }));
    answers.forEach((answer, index) => {
      const close = index > 0 && joins(answers[index - 1], answer);
      wanted.push(keep(answer, one, place, { reply: true, grouped: close, fail }));
    });
    before = { day, message: answers.length ? null : message };
  }
  forgetOthers(wanted, place);
  return wanted.length || earlier ? wanted : [emptyNode(one, place)];
}

function forgetOthers(wanted, place) {
  const current = new Set(wanted);
  for (const [key, entry] of kept)
    if (!key.startsWith(`${place}/`) || !current.has(entry.node)) kept.delete(key);
}

function dayOf(message) {
  const { tz } = me();
  const hour = `${tz}/${Math.floor(Number(message.ts) / 900)}`; // no zone changes its day within 15 minutes
  if (!days.has(hour)) days.set(hour, dayKey(instant(message.ts), me()));
  return days.get(hour);
}

function threads(messages) {
  const all = new Set(messages.map((message) => message.ts));
  const isReply = (message) =>
    message.thread_ts && message.thread_ts !== message.ts && all.has(message.thread_ts);
  const replies = new Map();
  for (const message of messages.filter(isReply)) {
    if (!replies.has(message.thread_ts)) replies.set(message.thread_ts, []);
    replies.get(message.thread_ts).push(message);
  }
  return { heads: messages.filter((message) => !isReply(message)), replies };
}

function joins(before, message) {
  return (
    before !== null &&
    Number(message.ts) - Number(before.ts) < GROUPING_SECONDS &&
    before.user === message.user &&
    !before.ephemeral &&
    !message.ephemeral &&
    before.username === message.username
  );
}

const keyOf = (message) => `${message.ts}/${Boolean(message.ephemeral)}`;

function keep(message, one, place, { grouped, reply = false, fail }) {
  const key = `${place}/${keyOf(message)}`;
  const options = `${grouped}/${reply}`;
  const there = kept.get(key);
  const same = there?.options === options && isSame(there.message, message);
  if (same) {
    there.message = message;
    return there.node;
  }
  const node = messageNode(message, one.id, { grouped, reply, fail });
  if (there?.node.isConnected) swap(there.node, node);
  kept.set(key, { message, options, node });
  return node;
}

const isSame = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

function divider(day, message, place) {
  const name = dayName(instant(message.ts), now(), me());
  const key = `${place}/day/${day}`;
  if (kept.get(key)?.name !== name)
    kept.set(key, { name, node: el("h2", { class: "day" }, el("span", { text: name })) });
  return kept.get(key).node;
}

function emptyNode(one, place) {
  const key = `${place}/empty`;
  const where = one.kind === "channel" || one.kind === "private" ? "" : "your messages with ";
  const words = `This is the very beginning of ${where}${channelLabel(one)}.`;
  if (!kept.has(key)) kept.set(key, { node: el("p", { class: "beginning", text: words }) });
  return kept.get(key).node;
}
