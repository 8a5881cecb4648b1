import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { linkNode } from "./mentions.js";
import { inWords, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const LEVELS = {
  default: ["info", "Note"],
  info: ["info", "Information"],
  warning: ["warning", "Warning"],
  error: ["warning", "Error"],
  success: ["check", "Success"],
};
const STATES = {
  pending: ["clock", "Pending"],
  in_progress: ["turning", "In progress"],
  complete: ["check", "Complete"],
  error: ["warning", "Failed"],
};

/** An alert block; its level is said as well as coloured. */
export function alertBlock(block) {
  const level = LEVELS[block.level] ? block.level : "default";
  const [drawing, word] = LEVELS[level];
  return el(
    "div",
    {
      class: `alert alert-${level}`,
      role: "note",
      "aria-label": `${word}: ${inWords(block.text?.text ?? "")}`,
    },
    icon(drawing),
    el("div", { class: "alert-text" }, textObject(block.text)),
  );
}

/** A task_card block: what is done, how far it is, and more on demand. */
export function taskBlock(block) {
  const [drawing, word] = STATES[block.status] ?? STATES.pending;
  const id = freshId("task");
  const sources = (block.sources ?? []).map((source) =>
    el("li", {}, linkNode(source.url, source.text ?? source.url)),
  );
  const more = [
    block.details ? richText(block.details) : null,
    block.output ? el("div", { class: "task-output" }, richText(block.output)) : null,
    sources.length ? el("ul", { class: "task-sources", "aria-label": "Sources" }, sources) : null,
  ].filter(Boolean);
  const head = [
    el(
      "span",
      { class: `task-state task-${block.status}` },
      icon(drawing),
      el("span", { class: "sr-only", text: `${word}: ` }),
    ),
    el("span", { class: "task-title", id, text: block.title ?? "" }),
    el("span", { class: "task-word", "aria-hidden": true, text: word }),
  ];
  if (!more.length)
    return el(
      "div",
      { class: "task", role: "group", "aria-labelledby": id },
      el("div", { class: "task-head" }, head),
    );
  return el(
    "details",
    { class: "task" },
    el("summary", { class: "task-head" }, head),
    el("div", { class: "task-more" }, more),
  );
}

/** A plan block: its tasks, and how many are done. */
export function planBlock(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  const id = freshId("plan");
  return el(
    "section",
    { class: "plan", "aria-labelledby": id },
    el(
      "div",
      { class: "plan-head" },
      el("h4", { class: "card-title", id, text: block.title ?? "Plan" }),
      el("span", { class: "task-word", text: `${done} of ${tasks.length} done` }),
    ),
    el(
      "ol",
      { class: "plan-tasks" },
      tasks.map((task) => el("li", {}, taskBlock(task))),
    ),
  );
}
