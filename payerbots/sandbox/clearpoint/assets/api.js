// Calls to the server. The cookie says who we are, the token that it is this page which asks.
let token = "";
const listeners = { signedOut: () => {}, blocked: () => {} };
export const on = (name, listener) => (listeners[name] = listener);

export class Problem extends Error {
  constructor(status, body) {
    super(body.code || "failed");
    this.status = status;
    this.code = body.code || "failed";
    this.details = body;
  }
}

async function send(method, path, body) {
  const headers = { Accept: "application/json", "X-CPX-Token": token };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(30000) });
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

export const open = send;

export async function me() {
  const found = await send("GET", "/api/me");
  token = found.token;
  return found;
}

export async function call(method, path, body) {
  try {
    return await send(method, path, body);
  } catch (error) {
    if (["signed_out", "elsewhere", "token"].includes(error.code)) listeners.signedOut(error.code);
    if (["maintenance", "throttled"].includes(error.code)) listeners.blocked(error.code);
    throw error;
  }
}

export const HANDLED = ["signed_out", "elsewhere", "token", "maintenance", "throttled"];
export const get = (path) => call("GET", path);
export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined)).toString();
