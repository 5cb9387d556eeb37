// Calls to the server. The token lives as long as the tab; the cookie behind it outlives it.
const KEY = "cm.token";
const listeners = { signedOut: () => {}, blocked: () => {}, active: () => {} };

export const on = (name, listener) => (listeners[name] = listener);

export class Problem extends Error {
  constructor(status, body) {
    super(body.code || "failed");
    this.status = status;
    this.code = body.code || "failed";
    this.fields = body.fields || {};
  }
}

async function send(method, path, body, token) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0, { code: "network" });
  }
  let found = {};
  try {
    found = await response.json();
  } catch {
    found = {};
  }
  if (!response.ok) throw new Problem(response.status, found);
  return found;
}

// What belongs to signing in: no token yet.
export const open = (method, path, body) => send(method, path, body);

export async function renew() {
  const session = await send("POST", "/api/session/token");
  sessionStorage.setItem(KEY, session.token);
  return session;
}

export function keep(session) {
  sessionStorage.setItem(KEY, session.token);
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

export async function call(method, path, body) {
  try {
    const found = await withToken(method, path, body);
    listeners.active();
    return found;
  } catch (error) {
    if (error.code === "signed_out" || error.code === "token") {
      forget();
      listeners.signedOut();
    }
    if (error.code === "maintenance" || error.code === "throttled") listeners.blocked(error.code);
    throw error;
  }
}

async function withToken(method, path, body) {
  try {
    return await send(method, path, body, sessionStorage.getItem(KEY));
  } catch (error) {
    if (error.code !== "token") throw error;
    await renew();
    return send(method, path, body, sessionStorage.getItem(KEY));
  }
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
