import { announce, el } from "./dom.js";
import { state } from "./store.js";

/** The commands that begin with what is typed, the exact one first; none once a space follows. */
export function matching(text) {
  if (!/^\/\S*$/.test(text)) return [];
  const typed = text.toLowerCase();
  const all = state.workspace?.app.commands ?? [];
  return all
    .filter((one) => one.command.startsWith(typed))
    .sort(
      (a, b) =>
        Number(b.command === typed) - Number(a.command === typed) || a.command.localeCompare(b.command),
    );
}

/** The usage hint to show behind "/command ", or "" when something else is typed. */
export function hintFor(text) {
  const match = /^(\/\S+) +$/.exec(text);
  const found = match && state.workspace?.app.commands.find((one) => one.command === match[1].toLowerCase());
  return found?.usage_hint ?? "";
}

/** Whether the workspace's app has this command. */
export function isCommand(word) {
  return Boolean(state.workspace?.app.commands.some((one) => one.command === word.toLowerCase()));
}

/** The list of commands above the composer; the text field keeps the focus. */
export class Completion {
  constructor(field, choose) {
    this.field = field;
    this.choose = choose;
    this.found = [];
    this.at = 0;
    this.moved = false;
    this.dismissed = null;
    this.node = el("div", {
      class: "completion",
      role: "listbox",
      id: "completion",
      "aria-label": "Commands",
      hidden: true,
      data: { testid: "completion" },
    });
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Follows what is typed; a list that was closed with Escape stays closed until the text changes. */
  follow(text) {
    const found = text === this.dismissed ? [] : matching(text);
    if (text !== this.dismissed) this.dismissed = null;
    const same = JSON.stringify(found) === JSON.stringify(this.found);
    if (same && found.length) return;
    this.found = found;
    this.at = 0;
    this.moved = false;
    this.draw();
    if (found.length)
      announce(
        `${found.length} ${found.length === 1 ? "command" : "commands"}. Arrow keys choose, Tab completes.`,
      );
  }

  draw() {
    this.node.hidden = this.found.length === 0;
    this.node.replaceChildren(...this.found.map((one, index) => this.option(one, index)));
    if (this.node.hidden) this.field.removeAttribute("aria-activedescendant");
    else this.highlight(this.at);
  }

  option(one, index) {
    return el(
      "div",
      {
        class: "completion-option",
        role: "option",
        id: `completion-${index}`,
        "aria-selected": false,
        onclick: () => this.choose(one),
      },
      el(
        "span",
        { class: "completion-line" },
        el("strong", { text: one.command }),
        " ",
        el("span", { class: "completion-hint", text: one.usage_hint ?? "" }),
      ),
      el("span", { class: "completion-about", text: one.description ?? "" }),
      el("span", { class: "completion-app", text: state.workspace.app.name }),
    );
  }

  highlight(index) {
    this.at = index;
    [...this.node.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.node.children[index]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `completion-${index}`);
  }

  /** Takes a key press; true when the list used it. */
  takes(event) {
    if (this.node.hidden) return false;
    const count = this.found.length;
    const exact = this.found[this.at].command === this.field.value.toLowerCase() && !this.moved;
    if (event.key === "Enter" && (exact || event.shiftKey)) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.moved = true;
      this.highlight((this.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))
      this.choose(this.found[this.at]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  /** Closes the list until the text changes. */
  close() {
    this.dismissed = this.field.value;
    this.found = [];
    this.draw();
  }
}
