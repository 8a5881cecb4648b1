import { announce, arrange, el } from "./dom.js";
import { perform } from "./actions.js";
import { dayKey } from "./dates.js";
import { icon } from "./icons.js";
import { letGo } from "./loaded.js";
import { messageInWords } from "./message.js";
import { note } from "./notes.js";
import { rowsFor } from "./rows.js";
import { channelLabel, me, now, openChannel, openMessages, person, refreshEarlier, state } from "./store.js";

const NEAR_TOP = 900; // pixels: older messages are fetched before somebody gets there
const ROLES = { owner: "owner", admin: "admin", guest: "guest", single_channel_guest: "guest" };
let shownFor = "";
let latest = "";
let drawn = {};
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
    if (parts.stuck) {
      newest.hidden = true;
      letGo(state.seen, state.channel);
    } else if (log.scrollTop < NEAR_TOP) fetchEarlier();
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
  const messages = openMessages();
  parts.log.setAttribute("aria-busy", String(!messages));
  if (place !== shownFor && parts.local.length) parts.local = [];
  if (messages && one) drawMessages(messages, one, place);
  else clear();
  drawNotices();
}

function clear() {
  parts.log.replaceChildren();
  shownFor = "";
  drawn = {};
}

function drawMessages(messages, one, place) {
  const today = dayKey(now(), me());
  if (messages === drawn.messages && place === drawn.place && today === drawn.today) return;
  drawn = { messages, place, today };
  const fresh = place !== shownFor;
  const stick = fresh || atEnd(parts.log);
  const earlier = state.seen.earlier[one.id];
  const hold = stick ? null : anchor();
  arrange(parts.log, rowsFor(messages, one, { place, earlier, fail: sayHere }));
  hold?.();
  tellNews(messages, fresh, stick);
  shownFor = place;
  latest = messages.at(-1)?.ts ?? "";
  ensureRoving();
}

/** Keeps what is read where it is, although messages are put in above it. */
function anchor() {
  const { log } = parts;
  const top = log.getBoundingClientRect().top;
  const first = articles().find((node) => node.getBoundingClientRect().bottom > top);
  if (!first) return null;
  const before = first.getBoundingClientRect().top;
  return () => {
    const again = log.querySelector(`article[data-ts="${CSS.escape(first.dataset.ts)}"]`);
    if (again) log.scrollTop += again.getBoundingClientRect().top - before;
  };
}

async function fetchEarlier() {
  if (parts.fetching) return;
  parts.fetching = true;
  const more = await refreshEarlier().catch(() => false);
  parts.fetching = false;
  if (more && !parts.stuck && parts.log.scrollTop < NEAR_TOP) fetchEarlier();
}

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
    el("span", { text: mark ? one.name : channelLabel(one) }),
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

function tellNews(messages, fresh, stick) {
  const news = fresh ? [] : messages.filter((message) => message.ts > latest);
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
  const last = [...parts.log.querySelectorAll("article")].at(-1);
  if (last && !parts.log.querySelector("article[tabindex='0']")) last.tabIndex = 0;
  parts.log.tabIndex = last ? -1 : 0;
}

function rove(event) {
  const here = event.target.closest("article");
  if (!here) return;
  for (const node of parts.log.querySelectorAll("article[tabindex='0']")) {
    node.tabIndex = -1;
    node.classList.remove("is-active");
  }
  here.tabIndex = 0;
  here.classList.add("is-active");
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
