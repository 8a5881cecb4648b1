import { change, refresh, state } from "./store.js";

/** Reads who acts and where from the address: "#as=U1&in=C1", with "&tab=home" in an app. */
export function readAddress() {
  const pairs = new URLSearchParams(window.location.hash.slice(1));
  return { as: pairs.get("as"), in: pairs.get("in"), tab: pairs.get("tab") };
}

/** Writes who acts and where into the address, without a new step in the history. */
export function keepAddress() {
  const wanted = addressOf(state.as, state.channel, state.tab);
  if (wanted !== window.location.hash) window.history.replaceState(null, "", wanted);
}

function addressOf(as, channel, tab = null) {
  const pairs = new URLSearchParams();
  if (as) pairs.set("as", as);
  if (channel) pairs.set("in", channel);
  if (tab) pairs.set("tab", tab);
  return `#${pairs}`;
}

/** Opens a channel; the browser's Back leads to the one before. */
export function goToChannel(id) {
  if (id !== state.channel) window.history.pushState(null, "", addressOf(state.as, id));
  change({ channel: id, tab: null, replyTo: null });
  refresh().catch(() => {});
  document.dispatchEvent(new CustomEvent("sandbox:opened"));
}

/** Starts acting as someone else; the page shows nothing of the last person meanwhile. */
export function goToPerson(id) {
  if (id === state.as) return;
  window.history.pushState(null, "", addressOf(id, state.channel));
  change({ as: id, seen: null, tab: null, replyTo: null });
}

/** Follows the browser's Back and Forward, and addresses typed by hand. */
export function followAddress() {
  const follow = () => {
    const wanted = readAddress();
    const known = state.workspace?.people.some((someone) => someone.id === wanted.as && !someone.is_bot);
    if (known && wanted.as !== state.as)
      change({ as: wanted.as, channel: wanted.in, seen: null, replyTo: null });
    else if (wanted.in && (wanted.in !== state.channel || wanted.tab !== state.tab))
      change({ channel: wanted.in, tab: wanted.tab, replyTo: null });
    refresh().catch(() => {});
  };
  window.addEventListener("popstate", follow);
  window.addEventListener("hashchange", follow);
}
