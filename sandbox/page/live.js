import { streamAddress } from "./api.js";
import { change, refresh, refreshWorkspace } from "./store.js";

let source = null;
let retry = 0;
let wait = 1000;
let due = 0;
let workspaceDue = false;

/** Follows the changes of one person, instead of whoever was followed before. */
export function follow(as) {
  clearTimeout(retry);
  source?.close();
  source = as ? new EventSource(streamAddress(as)) : null;
  if (!source) return;
  source.addEventListener("open", opened);
  source.addEventListener("changed", () => schedule(false));
  source.addEventListener("workspace", () => schedule(true));
  source.addEventListener("timeline", () => document.dispatchEvent(new CustomEvent("sandbox:timeline")));
  source.addEventListener("error", () => lost(as));
}

function opened() {
  wait = 1000;
  change({ online: true });
  schedule(true);
}

function lost(as) {
  change({ online: false });
  if (source?.readyState !== EventSource.CLOSED) return;
  clearTimeout(retry);
  retry = setTimeout(() => follow(as), wait);
  wait = Math.min(wait * 2, 10000);
}

function schedule(withWorkspace) {
  workspaceDue ||= withWorkspace;
  if (due) return;
  due = setTimeout(fetchAll, 40);
}

async function fetchAll() {
  const both = workspaceDue;
  workspaceDue = false;
  due = 0;
  try {
    if (both) await refreshWorkspace();
    await refresh();
    change({ online: source?.readyState === EventSource.OPEN });
    document.dispatchEvent(new CustomEvent("sandbox:changed"));
  } catch {
    change({ online: false });
    retry = setTimeout(() => schedule(true), 2000);
  }
}
