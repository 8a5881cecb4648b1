import { getWorkspace } from "./api.js";
import { look, wantEarlier } from "./loaded.js";

/** What the page knows. Change it only through `change`. */
export const state = {
  workspace: null,
  seen: null,
  as: null,
  channel: null,
  tab: null,
  online: true,
  panel: null,
  replyTo: null,
  clockLead: 0,
};

const SLACKBOT = { id: "USLACKBOT", name: "slackbot", real_name: "Slackbot", tz: "UTC", locale: "en-GB" };
const listeners = new Set();
let pending = false;
let asked = 0;
let latest = null;

/** Calls `listener` after every change (several changes at once count as one). */
export function subscribe(listener) {
  listeners.add(listener);
}

/** Takes the new values in and lets every part of the page draw itself again. */
export function change(patch) {
  Object.assign(state, patch);
  if (pending) return;
  pending = true;
  queueMicrotask(() => {
    pending = false;
    listeners.forEach((listener) => listener());
  });
}

/** Fetches the workspace anew (people, clock, connections, panels). */
export async function refreshWorkspace() {
  const workspace = await getWorkspace();
  takeClock(workspace.clock, { workspace });
}

/**
 * Fetches what the acting person sees. Several calls at once end together, with the newest
 * answer; an answer that is no longer wanted is dropped.
 */
export async function refresh() {
  let mine = fetchSeen();
  latest = mine;
  await mine;
  while (latest !== mine) {
    mine = latest;
    await mine;
  }
}

async function fetchSeen() {
  if (!state.as) return;
  const turn = ++asked;
  const as = state.as;
  let seen = await look(as, state.channel);
  const open = openable(seen, state.channel);
  if (open && open !== seen.open?.channel && turn === asked) seen = await look(as, open);
  if (turn !== asked || as !== state.as) return;
  change({ seen, channel: openable(seen, state.channel) });
}

/** Fetches older messages of the open channel; resolves to whether there are any. */
export async function refreshEarlier() {
  if (!wantEarlier(state.seen, state.channel)) return false;
  await refresh();
  return true;
}

/** Notes the workspace's clock together with how far it is ahead of this machine's. */
export function takeClock(clock, patch = {}) {
  const workspace = patch.workspace ?? { ...state.workspace, clock };
  change({ workspace, clockLead: Date.parse(clock.now) - Date.now() });
}

function openable(seen, wanted) {
  if (seen.channels.some((channel) => channel.id === wanted)) return wanted;
  const general = seen.channels.find((channel) => channel.name === "general");
  return (general ?? seen.channels[0])?.id ?? null;
}

/** Now, by the workspace's clock. */
export function now() {
  return new Date(Date.now() + state.clockLead);
}

/** The person with this id, or a stand-in that shows the id. */
export function person(id) {
  const found = state.workspace?.people.find((someone) => someone.id === id);
  if (id === "USLACKBOT") return { ...SLACKBOT };
  return found ?? { id, name: id, real_name: id, tz: "UTC", locale: "en-GB", unknown: true };
}

/** The person acted as. */
export const me = () => person(state.as);

/** A channel the acting person sees, or null. */
export function channel(id) {
  return state.seen?.channels.find((one) => one.id === id) ?? null;
}

/** The channel on screen, or null. */
export const openChannel = () => channel(state.channel);

/** The messages of the channel on screen, oldest first; null until they are there. */
export const openMessages = () => state.seen?.messages[state.channel] ?? null;

/** How a channel is called in words: "#general", or the other people's names. */
export function channelLabel(one) {
  if (one.kind === "im") return person(one.with).real_name;
  if (one.kind === "mpim") {
    const others = one.members.filter((id) => id !== state.as);
    return others.map((id) => person(id).real_name).join(", ");
  }
  return `#${one.name}`;
}

/** The modal stack of the acting person, bottom first. */
export const views = () => state.seen?.views ?? [];
