import { postAct } from "./api.js";
import { change, refresh, state } from "./store.js";

/**
 * Does one thing as the acting person and fetches anew what they see.
 * Resolves to the server's answer; throws ApiError with a sentence.
 */
export async function perform(what, fields = {}) {
  const as = state.as;
  try {
    return await postAct({ as, do: what, ...fields });
  } finally {
    await refresh().catch(() => {});
    document.dispatchEvent(new CustomEvent("sandbox:acted"));
  }
}

/** Opens the direct message with someone; resolves to its channel id. */
export async function openDirect(user) {
  const there = state.seen?.channels.find((one) => one.kind === "im" && one.with === user);
  if (there) return there.id;
  const answer = await perform("open_dm", { user });
  change({});
  return answer.channel;
}
