import { followAddress, keepAddress, readAddress } from "./address.js";
import { drawClock } from "./clock.js";
import { drawComposer, focusComposer, makeComposer } from "./composer.js";
import { drawConversation, makeConversation } from "./conversation.js";
import { drawHome, makeHome } from "./home.js";
import { follow } from "./live.js";
import { drawModal, makeModal } from "./modal.js";
import { drawPanel, makePanel } from "./panels.js";
import { drawActAs } from "./people.js";
import { makeRegions } from "./regions.js";
import { drawSidebar, makeSidebar } from "./sidebar.js";
import { change, refresh, refreshWorkspace, state, subscribe } from "./store.js";
import { drawTopbar, makeTopbar, setDrawer } from "./topbar.js";
import { markRead } from "./unread.js";

const RETRY_MS = 2000;
let followed = null;
let greeted = false;

async function start() {
  try {
    await refreshWorkspace();
  } catch (error) {
    document.getElementById("opening").textContent = `${error.message} Trying again…`;
    setTimeout(start, RETRY_MS);
    return;
  }
  build();
  const wanted = readAddress();
  const people = state.workspace.people.filter((someone) => !someone.is_bot && !someone.deleted);
  const someone = people.find((one) => one.id === wanted.as || one.name === wanted.as) ?? people[0];
  change({ as: someone?.id ?? null, channel: wanted.in, tab: wanted.tab });
}

function build() {
  makeTopbar(document.getElementById("topbar"));
  makeSidebar(document.getElementById("sidebar"));
  const main = document.getElementById("main");
  makeConversation(main);
  makeComposer(main);
  makeHome(main);
  makePanel(document.getElementById("panel"));
  makeModal();
  makeRegions();
  followAddress();
  subscribe(draw);
  document.addEventListener("sandbox:opened", () => {
    setDrawer(false);
    focusComposer();
  });
}

function draw() {
  if (state.as !== followed) {
    followed = state.as;
    follow(state.as);
    refresh().catch(() => {});
  }
  drawTopbar();
  drawActAs();
  drawClock();
  drawSidebar();
  drawConversation();
  drawComposer();
  drawHome();
  drawModal();
  drawPanel();
  if (state.seen) keepAddress();
  if (state.seen && !greeted) greet();
  markRead();
}

/** Puts the cursor where a person begins to type; on a touch screen that would raise the keyboard. */
function greet() {
  greeted = true;
  const touch = matchMedia("(pointer: coarse)").matches;
  if (!touch && !state.seen.views.length && document.activeElement === document.body) focusComposer();
}

start();
