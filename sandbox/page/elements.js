import { el, freshId } from "./dom.js";
import { confirmed } from "./confirm.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { choiceGroup, multiSelect, select } from "./choices.js";
import { openMenu } from "./menu.js";
import { inWords, plainText, textObject } from "./mrkdwn.js";
import { dateField, numberField, textField } from "./fields.js";
import { state } from "./store.js";

const KINDS = {
  button,
  feedback_buttons: feedback,
  icon_button: iconOnly,
  overflow,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: numberField,
  datepicker: dateField,
  timepicker: dateField,
  datetimepicker: dateField,
  radio_buttons: choiceGroup,
  checkboxes: choiceGroup,
  static_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  multi_conversations_select: multiSelect,
  multi_channels_select: multiSelect,
};

/**
 * Draws one Block Kit element. `place` says where it stands: surface, blockId, ids of its label,
 * hint and error, and whether a change is sent at once (`acts`). Returns `{node}`.
 */
export function drawElement(element, place) {
  const draw = KINDS[element.type];
  if (!draw)
    return {
      node: el("p", { class: "undrawn", text: `This block type is not drawn here: ${element.type}` }),
    };
  place.surface.show(place.blockId, element);
  return { node: draw(element, { ...place, fk: `${place.blockId}/${element.action_id}` }) };
}

function button(element, place) {
  const style = { primary: "button-primary", danger: "button-danger" }[element.style] ?? "";
  const props = {
    class: `button ${style}`,
    "aria-label": element.accessibility_label ?? null,
    data: { fk: place.fk, action: element.action_id ?? "" },
  };
  const web = /^https?:\/\//i.test(element.url ?? "");
  const node = web
    ? el(
        "a",
        { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer" },
        textObject(element.text),
      )
    : el("button", { ...props, type: "button" }, textObject(element.text));
  node.addEventListener("click", () => press(node, element, place));
  return node;
}

async function press(node, element, place) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (!(await confirmed(element.confirm))) return;
  node.setAttribute("aria-busy", "true");
  try {
    await place.surface.send(place.blockId, element, element.value ?? null);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** Two buttons that give one answer: what was pressed last stays marked. */
function feedback(element, place) {
  const kept = place.surface.recall(`feedback/${place.fk}`, () => ({ value: null }));
  const pair = [
    ["positive_button", "thumb"],
    ["negative_button", "thumb_down"],
  ];
  const nodes = pair.map(([name, drawing]) => {
    const side = element[name] ?? {};
    const words = plainWords(side.text);
    const node = el(
      "button",
      {
        type: "button",
        class: "feedback",
        "aria-label": side.accessibility_label ?? words,
        "aria-pressed": kept.value === side.value,
        title: words,
        data: { fk: `${place.fk}/${name}`, action: element.action_id ?? "" },
      },
      icon(drawing),
      /\p{L}/u.test(words) ? el("span", { text: words }) : null,
    );
    node.addEventListener("click", async () => {
      await press(node, { ...element, value: side.value }, place);
      kept.value = side.value;
      nodes.forEach((one) => one.setAttribute("aria-pressed", String(one === node)));
    });
    return node;
  });
  return el("div", { class: "feedback-pair", role: "group", "aria-label": "Feedback" }, nodes);
}

function iconOnly(element, place) {
  const visible = element.visible_to_user_ids;
  if (visible && !visible.includes(state.as)) return el("span", { hidden: true });
  const words = plainWords(element.text);
  const name = element.accessibility_label ?? words;
  const data = { fk: place.fk, action: element.action_id ?? "" };
  const node = iconButton(element.icon === "trash" ? "trash" : "spark", name, {
    class: "feedback",
    title: words,
    data,
  });
  node.addEventListener("click", () => press(node, element, place));
  return node;
}

const plainWords = (object) => inWords(object?.text ?? "");

function overflow(element, place) {
  const id = freshId("overflow");
  const node = el(
    "button",
    {
      type: "button",
      class: "button button-icon",
      id,
      "aria-label": "More options",
      "aria-haspopup": "menu",
      "aria-expanded": false,
      data: { fk: place.fk },
    },
    icon("dots"),
  );
  const items = (element.options ?? []).map((option) => ({
    node: el(
      "span",
      { class: "menu-text" },
      plainText(option.text?.text),
      option.description ? el("small", {}, textObject(option.description)) : null,
    ),
    choose: () => chooseOverflow(element, place, option),
  }));
  node.addEventListener("click", () => openMenu(node, items, { label: "More options" }));
  return node;
}

async function chooseOverflow(element, place, option) {
  if (!(await confirmed(element.confirm))) return;
  if (/^https?:\/\//i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
  await place.surface.send(place.blockId, element, option.value ?? null);
}
