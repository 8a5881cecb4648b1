import { getSeen } from "./api.js";

const FIRST = 100;
const MORE = 50;
const TOO_MANY = 500;
const MOST_KNOWN = 300; // an address must not become too long

let owner = null;
let shown = null;
let last = {};
const chunks = new Map(); // digest: messages
const wanted = new Map(); // channel: how many messages of its end

/**
 * Fetches what a person sees, with the end of one channel's conversation. Of that only what the
 * page does not have is sent, so what stays the same stays the same object.
 */
export async function look(as, channel) {
  if (owner !== as) forget(as);
  if (shown !== channel) wanted.delete(shown);
  shown = channel;
  const known = [...chunks.keys()].slice(-MOST_KNOWN);
  const seen = await getSeen(as, channel ?? "", wanted.get(channel) ?? FIRST, known);
  seen.messages = {};
  seen.earlier = {};
  if (seen.open) take(seen);
  return seen;
}

/** Asks for older messages of a channel with the next `look`; false when there are none. */
export function wantEarlier(seen, channel) {
  const earlier = seen?.earlier[channel] ?? 0;
  if (earlier) wanted.set(channel, (seen.messages[channel]?.length ?? FIRST) + MORE);
  return earlier > 0;
}

/** Lets go of old messages of a channel, once they are many and nobody reads them. */
export function letGo(seen, channel) {
  if ((seen?.messages[channel]?.length ?? 0) > TOO_MANY) wanted.delete(channel);
}

function take(seen) {
  const { channel, earlier, chunks: told } = seen.open;
  for (const { digest, messages } of told) {
    const there = messages ?? chunks.get(digest) ?? [];
    chunks.delete(digest); // what is used lately stands last
    chunks.set(digest, there);
  }
  const digests = told.map(({ digest }) => digest).join();
  if (digests !== last.digests)
    last = { digests, messages: told.flatMap(({ digest }) => chunks.get(digest)) };
  seen.messages[channel] = last.messages;
  seen.earlier[channel] = earlier;
  // What was read stays, although new messages move the end.
  if (wanted.has(channel)) wanted.set(channel, Math.max(wanted.get(channel), seen.messages[channel].length));
  for (const digest of [...chunks.keys()].slice(0, -2 * MOST_KNOWN)) chunks.delete(digest);
}

function forget(as) {
  owner = as;
  last = {};
  chunks.clear();
  wanted.clear();
}
