import { postAct } from "./api.js";
import { openChannel, openMessages, state } from "./store.js";

let told = "";

/** How many messages stand unread in a channel; none in the one on screen. */
export function unreadIn(one) {
  return one.id === state.channel ? 0 : (one.unread ?? 0);
}

/** Tells the server that the open channel is read, once for each new message. */
export function markRead() {
  const one = openChannel();
  const messages = openMessages();
  if (!one?.unread || !messages || document.hidden) return;
  const mark = `${state.as}/${one.id}/${one.unread}/${messages.at(-1)?.ts}`;
  if (mark === told) return;
  told = mark;
  postAct({ as: state.as, do: "read", channel: one.id }).catch(() => {
    told = "";
  });
}
