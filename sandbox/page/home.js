import { el } from "./dom.js";
import { perform } from "./actions.js";
import { drawBlocks } from "./blocks.js";
import { unanswered } from "./message.js";
import { note } from "./notes.js";
import { change, openChannel, state } from "./store.js";
import { Surface } from "./surface.js";

const surfaces = new Map();
let parts = null;
let told = "";

/** Builds the app's two tabs and the place of its Home tab; `drawHome` fills them. */
export function makeHome(main) {
  const tabs = el(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "Parts of this app", hidden: true },
    tab("home", "Home", "home"),
    tab("messages", "Messages", "conversation"),
  );
  const trouble = el("div", { class: "home-trouble", role: "alert" });
  const blocks = el("div", { class: "blocks home-blocks" });
  const empty = el("p", { class: "beginning" });
  const panel = el(
    "div",
    {
      class: "home",
      id: "home",
      role: "tabpanel",
      "aria-labelledby": "tab-home",
      tabIndex: 0,
      hidden: true,
      data: { testid: "home" },
    },
    trouble,
    empty,
    blocks,
  );
  tabs.addEventListener("keydown", onKey);
  main.querySelector(".channel-head").after(tabs, panel);
  parts = { main, tabs, panel, blocks, empty, trouble };
}

/** Whether the open conversation shows the app's Home tab and not its messages. */
export function showsHome() {
  const { app } = state.workspace;
  const one = openChannel();
  if (!app.home_tab || one?.kind !== "im" || one.with !== app.bot_user_id) return false;
  return state.tab === "home" || app.messages_tab === "off";
}

/** Shows the tabs where the app has more than one, and the Home tab where it is chosen. */
export function drawHome() {
  const { app } = state.workspace;
  const one = openChannel();
  const isApp = one?.kind === "im" && one.with === app.bot_user_id;
  const home = showsHome();
  parts.tabs.hidden = !isApp || !app.home_tab || app.messages_tab === "off";
  for (const button of parts.tabs.children) {
    const chosen = button.dataset.tab === (home ? "home" : "messages");
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  parts.panel.hidden = !home;
  parts.main.classList.toggle("shows-home", home);
  if (home) fill();
  tellOpened(home, isApp);
}

function tab(name, label, controls) {
  return el("button", {
    type: "button",
    class: "tab",
    role: "tab",
    id: `tab-${name}`,
    "aria-controls": controls,
    "aria-selected": false,
    text: label,
    data: { tab: name },
    onclick: () => change({ tab: name }),
  });
}

function onKey(event) {
  const all = [...parts.tabs.children];
  const here = all.indexOf(document.activeElement);
  const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  change({ tab: next.dataset.tab });
  next.focus();
}

function fill() {
  const view = state.seen?.home;
  parts.empty.hidden = Boolean(view);
  parts.empty.textContent = `${state.workspace.app.name} shows nothing here yet.`;
  const surface = surfaceOf(view?.id ?? "none");
  surface.state = view?.state?.values ?? {};
  const scroll = parts.panel.scrollTop;
  drawBlocks(parts.blocks, view?.blocks ?? [], surface);
  parts.panel.scrollTop = scroll;
}

function surfaceOf(id) {
  const key = `${state.as}/${id}`;
  if (!surfaces.has(key)) surfaces.set(key, new Surface({ name: key, act: (...what) => act(id, ...what) }));
  return surfaces.get(key);
}

async function act(viewId, blockId, actionId, value, values) {
  say("");
  const fields = { view_id: viewId, block_id: blockId, action_id: actionId, value, values };
  try {
    const answer = await perform("block_action", fields);
    if (answer.outcome === "acked") return true;
    say(unanswered(answer.outcome));
  } catch (error) {
    say(error.message);
  }
  return false;
}

/** Tells the app, once each time, that its Home or its messages were opened. */
async function tellOpened(home, isApp) {
  const { app } = state.workspace;
  const opened = isApp && app.home_tab ? `${state.as}/${state.channel}/${home ? "home" : "messages"}` : "";
  if (opened === told || !state.seen) return;
  told = opened;
  if (!opened) return;
  say("");
  try {
    const answer = await perform("open_home", { tab: home ? "home" : "messages" });
    if (home && !["acked", "delayed", "opened"].includes(answer.outcome)) say(unopened(answer.outcome));
  } catch (error) {
    say(error.message);
  }
}

function unopened(outcome) {
  const { name } = state.workspace.app;
  return outcome === "not_enabled" ? `${name} has no Home for you.` : unanswered(outcome);
}

function say(sentence) {
  parts.trouble.replaceChildren(...(sentence ? [note(sentence, () => say(""))] : []));
}
