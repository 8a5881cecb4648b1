import { arrange, el } from "./dom.js";
import { openDirect } from "./actions.js";
import { goToChannel } from "./address.js";
import { avatar } from "./avatar.js";
import { sayHere } from "./conversation.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { openPicker } from "./picker.js";
import { channelLabel, person, state } from "./store.js";
import { unreadIn } from "./unread.js";

const items = new Map();
let sections = null;

/** Builds the sidebar; `drawSidebar` fills it. */
export function makeSidebar(nav) {
  const name = el("p", { class: "team-name" });
  const add = iconButton("plus", "New direct message", {
    class: "section-add",
    "aria-haspopup": "listbox",
    "aria-expanded": false,
  });
  add.addEventListener("click", () => choosePerson(add));
  sections = {
    name,
    channels: section("Channels"),
    direct: section("Direct messages", add),
    apps: section("Apps"),
  };
  nav.replaceChildren(name, sections.channels.node, sections.direct.node, sections.apps.node);
}

function section(title, extra = null) {
  const list = el("ul", { class: "section-list" });
  return {
    list,
    node: el(
      "section",
      { class: "side-section" },
      el("div", { class: "side-head" }, el("h2", { text: title }), extra),
      list,
    ),
  };
}

/** Draws the acting person's channels, direct messages and apps. */
export function drawSidebar() {
  const all = state.seen?.channels ?? [];
  const isDirect = (one) => one.kind === "im" || one.kind === "mpim";
  const isApp = (one) => one.kind === "im" && person(one.with).is_bot;
  sections.name.textContent = state.workspace.team.name;
  fill(
    sections.channels.list,
    all.filter((one) => !isDirect(one)),
  );
  fill(
    sections.direct.list,
    all.filter((one) => isDirect(one) && !isApp(one)),
  );
  fillApps(all.filter(isApp));
}

function fill(list, channels) {
  arrange(
    list,
    channels.map((one) =>
      item(one.id, channelLabel(one), markOf(one), () => goToChannel(one.id), unreadIn(one)),
    ),
  );
}

function fillApps(channels) {
  const { app } = state.workspace;
  const nodes = channels.map((one) =>
    item(one.id, channelLabel(one), markOf(one), () => goToChannel(one.id), unreadIn(one)),
  );
  const listed = channels.some((one) => one.with === app.bot_user_id);
  if (!listed && app.bot_user_id)
    nodes.push(
      item(
        `app/${app.id}`,
        app.name,
        avatar({ id: app.bot_user_id, real_name: app.name }, "avatar-small"),
        () => openWith(app.bot_user_id),
        0,
      ),
    );
  arrange(sections.apps.list, nodes);
}

function markOf(one) {
  if (one.kind === "im") return avatar(person(one.with), "avatar-small");
  return icon({ private: "lock", mpim: "people" }[one.kind] ?? "hash");
}

function item(id, label, mark, open, unread) {
  const current = id === state.channel;
  const look = JSON.stringify([state.as, label, current, unread]);
  const there = items.get(id);
  if (there?.look === look) return there.node;
  const node = there?.node ?? el("li");
  const words = mark.classList.contains("icon-lock") ? `${label} (private channel)` : label;
  const name = unread ? `${words}, ${unread} unread` : words;
  const button = el(
    "button",
    {
      type: "button",
      class: unread ? "side-item is-unread" : "side-item",
      "aria-current": current ? "page" : null,
      "aria-label": name,
      onclick: open,
    },
    mark,
    el("span", { class: "side-label", text: label.replace(/^#/, "") }),
    unread ? el("span", { class: "badge", text: String(unread) }) : null,
  );
  const focused = node.contains(document.activeElement);
  node.replaceChildren(button);
  if (focused) button.focus();
  items.set(id, { look, node });
  return node;
}

function choosePerson(anchor) {
  const options = state.workspace.people
    .filter((someone) => someone.id !== state.as && !someone.is_bot)
    .map((someone) => ({
      id: someone.id,
      text: `${someone.real_name} ${someone.title ?? ""}`,
      name: someone.real_name,
      node: () =>
        el(
          "span",
          { class: "person-row" },
          avatar(someone, "avatar-small"),
          el(
            "span",
            { class: "picker-words" },
            el("span", { text: someone.real_name }),
            el("small", { text: someone.title ?? "" }),
          ),
        ),
    }));
  openPicker(anchor, {
    label: "New direct message",
    groups: [{ options }],
    choose: openWith,
    selected: () => [],
  });
}

async function openWith(user) {
  try {
    const id = await openDirect(user);
    if (id) goToChannel(id);
  } catch (error) {
    sayHere(error.message);
  }
}
