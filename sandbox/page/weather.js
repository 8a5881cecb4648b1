import { announce, el, freshId } from "./dom.js";
import { ApiError, calmWeather, postSockets, postWeather } from "./api.js";
import { refreshWorkspace, state } from "./store.js";

const LARGEST_SEED = 2 ** 53 - 1;

const percent = (value) => `${Math.round(value * 100)} %`;
const seconds = (value) => `${value} s`;
const share = (name, label, about) => ({ name, label, about, most: 1, step: 0.01, told: percent });

const CALLS = [
  share("server_errors", "Server errors", "calls answered with 500 or 503, and nothing done"),
  share("lost_answers", "Lost answers", "calls that are carried out, and then cut off without an answer"),
  {
    name: "latency_seconds",
    label: "Latency",
    about: "how long an answer takes, in the middle",
    most: 5,
    step: 0.05,
    told: seconds,
  },
  {
    name: "latency_spread",
    label: "Spread of the latency",
    about: "how far answers are apart; 0 is all alike",
    most: 3,
    step: 0.1,
    told: String,
  },
];
const DELIVERIES = [
  share("lost_acks", "Lost acks", "acks of the app that never arrive"),
  share("duplicates", "Duplicates", "events sent twice"),
  share("reordered", "Reordered", "events that later ones overtake"),
  share("dropped_sockets", "Dropped connections", "how likely all are cut, each minute"),
];
const ORDERS = [
  ["drop", "Drop", "Every connection is cut."],
  ["warn", "Warn", "Slack says that it will close the connections soon."],
  ["refresh", "Refresh", "Slack asks for new connections."],
  ["freeze", "Freeze", "The connections fall silent."],
  ["thaw", "Thaw", "The silent connections go on."],
];

/** Whether nothing is going wrong. */
export const isCalm = () => state.workspace?.weather?.calm !== false;

/** What is going wrong, in words: "rate limits, server errors 5 %". */
export function weatherInWords() {
  const weather = state.workspace.weather;
  const shown = (name) => weather[name] > 0 && (name !== "latency_spread" || weather.latency_seconds > 0);
  const rough = [...CALLS, ...DELIVERIES].filter(({ name }) => shown(name));
  const told = rough.map((field) => `${field.label.toLowerCase()} ${field.told(weather[field.name])}`);
  return [...(weather.rate_limits ? ["rate limits"] : []), ...told].join(", ").replaceAll(" %", "\u00a0%");
}

/** Shows the weather and lets it be changed. */
export function openWeather(body) {
  const view = {
    fields: new Map(),
    turn: Promise.resolve(),
    trouble: el("p", { class: "panel-trouble", role: "alert" }),
  };
  view.say = el("p", { class: "weather-now" });
  view.links = el("p", { class: "panel-note" });
  body.replaceChildren(
    view.say,
    presets(view),
    view.trouble,
    seedField(view),
    group("What the app calls", [rateLimits(view), ...CALLS.map((field) => slider(view, field))]),
    group(
      "What the app is sent",
      DELIVERIES.map((field) => slider(view, field)),
    ),
    group("Connections", [view.links, orders(view)]),
  );
  draw(view);
  return { refresh: () => {}, draw: () => draw(view) };
}

function draw(view) {
  const { weather, connections } = state.workspace;
  if (!weather) return;
  view.say.textContent = weather.calm ? "Calm: nothing goes wrong." : `Rough: ${weatherInWords()}.`;
  view.say.classList.toggle("is-rough", !weather.calm);
  view.links.textContent = `${connections} ${connections === 1 ? "connection" : "connections"} of the app ${connections === 1 ? "works" : "work"}.`;
  for (const [name, show] of view.fields) show(weather[name]);
}

function group(title, parts) {
  return el("fieldset", { class: "weather-group" }, el("legend", { text: title }), parts);
}

function presets(view) {
  const press = (text, work) =>
    el("button", { type: "button", class: "button", text, onclick: () => attempt(view, work, `${text}.`) });
  return el(
    "div",
    { class: "weather-row" },
    press("Calm", calmWeather),
    press("Storm", () => postWeather(state.workspace.storm)),
  );
}

function orders(view) {
  const buttons = ORDERS.map(([order, text, done]) =>
    el("button", {
      type: "button",
      class: "button",
      text,
      title: done,
      onclick: () => attempt(view, () => postSockets({ do: order }), done),
    }),
  );
  return el("div", { class: "weather-row" }, buttons);
}

function rateLimits(view) {
  const input = el("input", { type: "checkbox" });
  input.addEventListener("change", () => attempt(view, () => postWeather({ rate_limits: input.checked })));
  view.fields.set("rate_limits", (value) => {
    input.checked = value;
  });
  return el(
    "label",
    { class: "choice" },
    input,
    el(
      "span",
      { class: "choice-words" },
      "Rate limits",
      el("small", { class: "choice-detail", text: "Slack's tiers count, for each method and each channel" }),
    ),
  );
}

function slider(view, { name, label, about, most, step, told }) {
  const ids = { input: freshId("weather"), about: freshId("weather-about") };
  const output = el("output", { for: ids.input });
  const input = el("input", {
    type: "range",
    id: ids.input,
    min: 0,
    max: most,
    step,
    "aria-describedby": ids.about,
  });
  const tell = (value) => {
    output.textContent = told(value);
    input.setAttribute("aria-valuetext", told(value));
  };
  input.addEventListener("input", () => tell(Number(input.value)));
  let underWay = 0;
  input.addEventListener("change", async () => {
    underWay += 1;
    await attempt(view, () => postWeather({ [name]: Number(input.value) })).finally(() => (underWay -= 1));
    draw(view);
  });
  view.fields.set(name, (value) => {
    if (underWay > 0) return; // somebody is still moving it, and is ahead of what the server says
    input.max = String(Math.max(most, value));
    input.value = String(value);
    tell(value);
  });
  return el(
    "div",
    { class: "weather-field" },
    el("label", { htmlFor: ids.input, text: label }),
    output,
    input,
    el("small", { id: ids.about, text: about }),
  );
}

function seedField(view) {
  const id = freshId("weather-seed");
  const input = el("input", { type: "text", inputmode: "numeric", class: "field", id, autocomplete: "off" });
  const take = (seed) => attempt(view, () => postWeather({ seed }));
  input.addEventListener("change", () => {
    const seed = Number(input.value.trim() || "0");
    if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED) take(seed);
    else view.trouble.textContent = "The seed is a whole number, 0 or more.";
  });
  view.fields.set("seed", (value) => {
    if (document.activeElement !== input) input.value = String(value);
  });
  const fresh = el("button", {
    type: "button",
    class: "button",
    text: "Another seed",
    onclick: () => take(Math.floor(Math.random() * 1_000_000)),
  });
  return el(
    "div",
    { class: "weather-seed" },
    el("label", { htmlFor: id, text: "Seed" }),
    input,
    fresh,
    el("small", { text: "The same seed lets the same things go wrong." }),
  );
}

/** Does one thing after the other, in the order in which somebody asked for them. */
function attempt(view, work, done) {
  view.turn = view.turn.then(() => attemptNow(view, work, done));
  return view.turn;
}

async function attemptNow(view, work, done = "") {
  view.trouble.textContent = "";
  try {
    await work();
    await refreshWorkspace();
    if (done) announce(done);
  } catch (error) {
    view.trouble.textContent = error instanceof ApiError ? error.message : String(error);
    draw(view);
  }
}
