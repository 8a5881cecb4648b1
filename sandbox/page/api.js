/** A failure that carries one sentence fit for the page. */
export class ApiError extends Error {}

const UNREACHABLE = "The sandbox server did not answer. Is it still running?";

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new ApiError(UNREACHABLE);
  }
  const data = await response.json().catch(() => null);
  if (response.ok && data !== null) return data;
  throw new ApiError(data?.error ? String(data.error) : `The sandbox server answered ${response.status}.`);
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The workspace: team, app, people, clock, panels. */
export const getWorkspace = () => call("/control/workspace");

/** All that one person sees, with the last messages of one channel, less what the page knows. */
export const getSeen = (as, channel, last, known) =>
  call(`/control/see?${new URLSearchParams({ as, in: channel, last, known: known.join(",") })}`);

/** What the app sent and received after entry `n`. */
export const getTimeline = (n) => call(`/control/timeline?after=${n}`);

/** The weather that Slack has now. */
export const getWeather = () => call("/control/weather");

/** Changes some of the weather; resolves to all of it. */
export const postWeather = (body) => post("/control/weather", body);

/** Lets the weather be calm. */
export const calmWeather = () => call("/control/weather", { method: "DELETE" });

/** Orders something to happen to the app's connections. */
export const postSockets = (body) => post("/control/sockets", body);

/** Does one thing as a person; resolves once the app has answered or its time is up. */
export const postAct = (body) => post("/control/act", body);

/** Moves the workspace's clock; resolves to the new clock. */
export const postClock = (body) => post("/control/clock", body);

/** The table behind a panel. */
export const getPanel = (name) => call(`/control/panels/${encodeURIComponent(name)}`);

/** The address of the stream of changes for one person. */
export const streamAddress = (as) => `/control/stream?as=${encodeURIComponent(as)}`;
