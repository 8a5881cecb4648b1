import { HOLDS_VALUE, initialValue, sent, valueOfState } from "./values.js";

const keyOf = (blockId, element) => JSON.stringify([blockId, element.action_id, element.type]);

/**
 * Where blocks live: a view or a message. It remembers what the person typed and chose,
 * by block_id, action_id and type, so that a redrawn view keeps it.
 */
export class Surface {
  /** `act(blockId, actionId, value, values)` sends a block action and resolves to true when the app took it. */
  constructor({ name, act, submit = null }) {
    this.name = name;
    this.act = act;
    this.submit = submit;
    this.state = {};
    this.errors = {};
    this.touched = new Map();
    this.shown = new Map();
    this.memory = new Map();
  }

  /** What the page remembers of a block while it is redrawn, such as which page of a table is shown. */
  recall(key, first) {
    if (!this.memory.has(key)) this.memory.set(key, first());
    return this.memory.get(key);
  }

  /** The value an element shows: the person's own, else the view's state, else its initial one. */
  valueOf(blockId, element) {
    const key = keyOf(blockId, element);
    if (this.touched.has(key)) return this.touched.get(key);
    const kept = valueOfState(this.state?.[blockId]?.[element.action_id]);
    return kept !== undefined ? kept : initialValue(element);
  }

  /** Notes that an element is on screen, so that its value is sent. */
  show(blockId, element) {
    if (HOLDS_VALUE.has(element.type)) this.shown.set(keyOf(blockId, element), { blockId, element });
  }

  /** Takes the person's new value. */
  set(blockId, element, value) {
    this.touched.set(keyOf(blockId, element), value);
  }

  /** Forgets elements of blocks that are no longer there (their values stay, should they come back). */
  keepOnly(blockIds) {
    for (const [key, { blockId }] of this.shown) {
      if (!blockIds.has(blockId)) this.shown.delete(key);
    }
  }

  /** All values on screen, in the simple form of the control API. */
  values() {
    const all = {};
    for (const { blockId, element } of this.shown.values()) {
      all[blockId] ??= {};
      all[blockId][element.action_id] = sent(this.valueOf(blockId, element));
    }
    return all;
  }

  /** Sends a block action with all values on screen. */
  send(blockId, element, value) {
    return this.act(blockId, element.action_id, sent(value), this.values());
  }
}
