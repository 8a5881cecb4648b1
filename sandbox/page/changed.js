import { confirmed } from "./confirm.js";

/** Takes a new value and sends it when the element acts at once; `undo` runs when the person declines the question. */
export async function changed(element, place, value, undo) {
  const before = place.surface.valueOf(place.blockId, element);
  place.surface.set(place.blockId, element, value);
  if (!place.acts) return;
  if (await confirmed(element.confirm)) {
    await place.surface.send(place.blockId, element, value);
    return;
  }
  place.surface.set(place.blockId, element, before);
  undo?.(before);
}
