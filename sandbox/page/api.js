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

/** All that one person sees, and nothing else. */
export const getSeen = (as) => call(`/control/see?as=${encodeURIComponent(as)}`);

/** Does one thing as a person; resolves once the app has answered or its time is up. */
export const postAct = (body) => post("/control/act", body);

/** Moves the workspace's clock; resolves to the new clock. */
export const postClock = (body) => post("/control/clock", body);

/** The table behind a panel. */
export const getPanel = (name) => call(`/control/panels/${encodeURIComponent(name)}`);

/** The address of the stream of changes for one person. */
export const streamAddress = (as) => `/control/stream?as=${encodeURIComponent(as)}`;
