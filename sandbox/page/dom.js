const PROPERTIES = new Set([
  "value",
  "checked",
  "selected",
  "disabled",
  "readOnly",
  "htmlFor",
  "hidden",
  "tabIndex",
  "multiple",
]);

/**
 * Makes an element. `props` holds attributes, DOM properties, `class`, `text`,
 * `data` (dataset) and `on...` listeners; null and false leave one out.
 * Data only ever becomes text nodes or attributes, never markup.
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    set(node, key, value);
  }
  return add(node, children);
}

function set(node, key, value) {
  if (value === null || value === undefined) return;
  if (key === "class") node.className = value;
  else if (key === "text") node.textContent = value;
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (PROPERTIES.has(key)) node[key] = value;
  else if (value === true) node.setAttribute(key, key.startsWith("aria-") ? "true" : "");
  else if (value === false && key.startsWith("aria-")) node.setAttribute(key, "false");
  else if (value !== false) node.setAttribute(key, String(value));
}

/** Appends nodes and strings, flattening lists and skipping null and false; returns the parent. */
export function add(parent, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child);
  }
  return parent;
}

/** Puts exactly `wanted` under `parent`, in order, touching only what differs. */
export function arrange(parent, wanted) {
  const stays = new Set(wanted);
  for (const node of [...parent.children]) if (!stays.has(node)) node.remove();
  let there = parent.firstElementChild;
  for (const node of wanted) {
    if (node === there) there = there.nextElementSibling;
    else parent.insertBefore(node, there);
  }
}

/** Replaces `old` by `fresh` and gives focus back to the part with the same data-fk. */
export function swap(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const range = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : null;
  old.replaceWith(fresh);
  if (held) refocus(fresh, held, range);
}

function refocus(fresh, held, range) {
  const key = held.dataset.fk;
  const target = key ? findByFocusKey(fresh, key) : null;
  fresh.focus({ preventScroll: true }); // what shows only inside a focused message needs this first
  target?.focus({ preventScroll: true });
  if (target && range && range[0] !== null) {
    try {
      target.setSelectionRange(range[0], range[1]);
    } catch {
      // A field without a text caret, such as a date.
    }
  }
}

/** Finds the part of `root` that carries this focus key, itself included. */
export function findByFocusKey(root, key) {
  if (root.dataset?.fk === key) return root;
  return [...root.querySelectorAll("[data-fk]")].find((node) => node.dataset.fk === key) ?? null;
}

let last = 0;

/** Returns an element id that no other element has. */
export function freshId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

let politeTimer = 0;

/** Says a sentence to screen readers when they are free. */
export function announce(sentence) {
  const region = document.getElementById("polite");
  clearTimeout(politeTimer);
  region.textContent = "";
  politeTimer = setTimeout(() => {
    region.textContent = sentence;
    politeTimer = setTimeout(() => {
      region.textContent = "";
    }, 2000);
  }, 60);
}
