import { announce, arrange, el, swap } from "./dom.js";
import { perform } from "./actions.js";
import { dayKey, dayName, instant } from "./dates.js";
import { icon } from "./icons.js";
import { messageInWords, messageNode } from "./message.js";
import { note } from "./notes.js";
import { channelLabel, me, now, openChannel, person, state } from "./store.js";

const GROUPING_SECONDS = 300;
const ROLES = { owner: "owner", admin: "admin", guest: "guest", single_channel_guest: "guest" };
const kept = new Map();
let shownFor = "";
let known = new Set();
let parts = null;

/** Builds the conversation into `main`; `drawConversation` fills it. */
export function makeConversation(main) {
  const title = el("h1", { class: "channel-title", id: "channel-title" });
  const about = el("p", { class: "channel-about" });
  const log = el("div", {
    class: "log",
    role: "log",
    id: "conversation",
    "aria-live": "off",
    "aria-labelledby": "channel-title",
    tabIndex: 0,
    data: { testid: "conversation" },
  });
  const newest = el("button", {
    type: "button",
    class: "newest",
    hidden: true,
    text: "New messages below",
    onclick: () => toEnd(log),
  });
  const line = el("p", { class: "reconnecting", role: "status", hidden: true, text: "Reconnecting…" });
  const notices = el("div", { class: "notices", data: { testid: "notices" } });
  main.replaceChildren(
    el("div", { class: "channel-head" }, title, about),
    line,
    el("div", { class: "log-frame" }, log, newest),
    notices,
  );
  parts = { title, about, log, newest, line, notices, local: [], stuck: true };
  listen(log, newest);
}

function listen(log, newest) {
  log.addEventListener("keydown", moveAmongMessages);
  log.addEventListener("focusin", rove);
  log.addEventListener("click", rove);
  log.addEventListener("scroll", () => {
    parts.stuck = atEnd(log);
    if (parts.stuck) newest.hidden = true;
  });
  const stay = () => parts.stuck && toEnd(log);
  new ResizeObserver(stay).observe(log);
  log.addEventListener("load", stay, true);
  log.addEventListener("error", () => setTimeout(stay), true);
}

/** Shows a sentence above the composer until it is dismissed or replaced. */
export function sayHere(sentence) {
  parts.local = [{ text: sentence, channel: state.channel }];
  drawNotices();
}

/** Puts away the sentences that stand above the composer: something new is being tried. */
export function clearHere() {
  parts.local = [];
  const served = (state.seen?.notices ?? []).filter((notice) => notice.channel === state.channel);
  drawNotices();
  return Promise.all(served.map((notice) => perform("dismiss", { notice: notice.id }).catch(() => {})));
}

/** Draws the open channel anew, keeping every message that did not change. */
export function drawConversation() {
  const one = openChannel();
  parts.line.hidden = state.online;
  drawHead(one);
  const place = `${state.as}/${state.channel}`;
  const fresh = place !== shownFor;
  const stick = fresh || atEnd(parts.log);
  const messages = (one && state.seen.messages[one.id]) || [];
  arrange(parts.log, one ? nodesFor(messages, one, place) : []);
  if (fresh) parts.local = [];
  tellNews(messages, fresh, stick);
  shownFor = place;
  known = new Set(messages.map(keyOf));
  drawNotices();
  ensureRoving();
}

const keyOf = (message) => `${message.ts}/${Boolean(message.ephemeral)}`;

function drawHead(one) {
  document.title = one ? `${channelLabel(one)} · ${state.workspace.team.name}` : state.workspace.team.name;
  if (!one) {
    parts.title.textContent = state.seen ? "No channels" : "";
    parts.about.textContent = state.seen ? "This person is in no channel yet." : "";
    return;
  }
  const mark = { channel: "hash", private: "lock" }[one.kind];
  parts.title.replaceChildren(
    ...(mark ? [icon(mark)] : []),
    el("span", { text: one.kind === "im" ? channelLabel(one) : one.name }),
  );
  if (one.kind === "private")
    parts.title.append(el("span", { class: "sr-only", text: " (private channel)" }));
  const size = one.members?.length ?? 0;
  const people =
    one.kind === "im" ? aboutPerson(person(one.with)) : `${size} ${size === 1 ? "member" : "members"}`;
  const shared = one.is_shared ? "shared with another company" : null;
  parts.about.textContent = [people, shared, one.topic].filter(Boolean).join(" · ");
}

function aboutPerson(someone) {
  const { app } = state.workspace;
  if (someone.id === app.bot_user_id) return app.description;
  const role = someone.is_external ? "from another company" : ROLES[someone.role];
  return [someone.title, role, someone.deleted ? "deactivated" : null].filter(Boolean).join(" · ");
}

function nodesFor(messages, one, place) {
  const { heads, replies } = threads(messages);
  const wanted = [];
  let before = null;
  for (const message of heads) {
    const day = dayKey(instant(message.ts), me());
    const newDay = !before || dayKey(instant(before.ts), me()) !== day;
    if (newDay) wanted.push(divider(day, message, place));
    const grouped = !newDay && joins(before, message);
    const answers = replies.get(message.ts) ?? [];
    wanted.push(keep(message, one, place, { grouped }));
    answers.forEach((answer, index) =>
      wanted.push(
        keep(answer, one, place, { reply: true, grouped: index > 0 && joins(answers[index - 1], answer) }),
      ),
    );
    before = answers.length ? null : message;
    if (answers.length) before = { ...message, user: null };
  }
  const current = new Set(wanted);
  for (const [key, entry] of kept) if (key.startsWith(place) && !current.has(entry.node)) kept.delete(key);
  return wanted.length ? wanted : [emptyNode(one, place)];
}

function threads(messages) {
  const sorted = [...messages].sort((a, b) => Number(a.ts) - Number(b.ts));
  const all = new Set(sorted.map((message) => message.ts));
  const isReply = (message) =>
    message.thread_ts && message.thread_ts !== message.ts && all.has(message.thread_ts);
  const replies = new Map();
  for (const message of sorted.filter(isReply))
    replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message]);
  return { heads: sorted.filter((message) => !isReply(message)), replies };
}

function joins(before, message) {
  const near = Number(message.ts) - Number(before.ts) < GROUPING_SECONDS;
  return (
    near &&
    before.user === message.user &&
    !before.ephemeral &&
    !message.ephemeral &&
    before.username === message.username
  );
}

function keep(message, one, place, options) {
  const key = `${place}/${keyOf(message)}`;
  const look = JSON.stringify([message, options]);
  const there = kept.get(key);
  if (there?.look === look) return there.node;
  const node = messageNode(message, one.id, { ...options, fail: sayHere });
  if (there?.node.isConnected) swap(there.node, node);
  kept.set(key, { look, node });
  return node;
}

function divider(day, message, place) {
  const name = dayName(instant(message.ts), now(), me());
  const key = `${place}/day/${day}`;
  if (kept.get(key)?.look !== name) {
    kept.set(key, { look: name, node: el("h2", { class: "day" }, el("span", { text: name })) });
  }
  return kept.get(key).node;
}

function emptyNode(one, place) {
  const key = `${place}/empty`;
  const words =
    one.kind === "im"
      ? `This is the very beginning of your messages with ${channelLabel(one)}.`
      : `This is the very beginning of ${channelLabel(one)}.`;
  if (!kept.has(key)) kept.set(key, { look: "", node: el("p", { class: "beginning", text: words }) });
  return kept.get(key).node;
}

function tellNews(messages, fresh, stick) {
  const news = fresh ? [] : messages.filter((message) => !known.has(keyOf(message)));
  const others = news.filter((message) => message.user !== state.as);
  if (others.length) announce(others.map(messageInWords).join(". "));
  if (stick || news.some((message) => message.user === state.as || message.ephemeral)) toEnd(parts.log);
  else if (others.length) parts.newest.hidden = false;
}

function drawNotices() {
  const here = (notice) => !notice.channel || notice.channel === state.channel;
  const served = (state.seen?.notices ?? [])
    .filter(here)
    .map((notice) => ({ text: notice.text, id: notice.id }));
  const wanted = [...served, ...parts.local.filter(here)];
  const look = JSON.stringify(wanted);
  if (parts.notices.dataset.look === look) return;
  parts.notices.dataset.look = look;
  parts.notices.replaceChildren(...wanted.map((notice) => note(notice.text, () => dismiss(notice))));
}

function dismiss(notice) {
  if (notice.id === undefined) {
    parts.local = [];
    drawNotices();
  } else {
    perform("dismiss", { notice: notice.id }).catch((error) => sayHere(error.message));
  }
  document.dispatchEvent(new CustomEvent("sandbox:opened"));
}

function atEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 90;
}

function toEnd(log) {
  log.scrollTop = log.scrollHeight;
  parts.stuck = true;
  parts.newest.hidden = true;
}

function articles() {
  return [...parts.log.querySelectorAll("article")];
}

function ensureRoving() {
  const all = articles();
  if (!all.some((node) => node.tabIndex === 0) && all.length) all.at(-1).tabIndex = 0;
  parts.log.tabIndex = all.length ? -1 : 0;
}

function rove(event) {
  const here = event.target.closest("article");
  if (!here) return;
  articles().forEach((node) => {
    node.tabIndex = node === here ? 0 : -1;
    node.classList.toggle("is-active", node === here);
  });
}

function moveAmongMessages(event) {
  const all = articles();
  const here = all.indexOf(document.activeElement);
  if (here < 0) return;
  const next = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(next, all.length - 1))].focus();
}
