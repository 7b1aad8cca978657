// Communication with the control API: requests, and the stream of events.

import { backOff, streamParser } from "./stream.js";

const ROOT = "/_emulator/";
const TOKEN = "cvm-console-token";

// A refusal of the server (status, and its text as message), or a failure to reach it (status 0).
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// Set by the page: asks the user for the token and resolves when it is available.
let askForToken = async () => {
  throw new Refused(401, "a token is needed");
};
export const onTokenNeeded = (ask) => (askForToken = ask);

export const setToken = (token) => sessionStorage.setItem(TOKEN, token);

function headers(more = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

const address = (path, query = {}) => {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(set).toString();
  return ROOT + path + (text ? `?${text}` : "");
};

async function reach(url, settings) {
  try {
    return await fetch(url, { cache: "no-store", ...settings });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, error.message);
  }
}

function words(text, status) {
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text || `HTTP ${status}`;
  }
}

// The answer as JSON, or as text with `text: true`. `body` is sent as JSON unless it is a text. Throws Refused; a
// missing token is asked for, unless `askToken` is false.
export async function ask(method, path, { query, body, text = false, signal, askToken = true } = {}) {
  for (;;) {
    const response = await reach(address(path, query), {
      method,
      signal,
      headers: headers(body === undefined ? {} : { "Content-Type": "application/json" }),
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const answer = await response.text();
    if (response.status === 401 && askToken) {
      await askForToken();
      continue;
    }
    if (!response.ok) throw new Refused(response.status, words(answer, response.status));
    if (text) return answer;
    return answer === "" ? null : JSON.parse(answer);
  }
}

// Returns a function that runs `work` only once at a time: if it is called while `work` runs, `work` runs once more,
// with the latest arguments.
export function oneAtATime(work) {
  let running = null;
  let next = null;
  const run = async (args) => {
    try {
      await work(...args);
    } finally {
      const again = next;
      next = null;
      if (again) await run(again);
    }
  };
  return (...args) => {
    if (running) next = args;
    else running = run(args).finally(() => (running = null));
    return running;
  };
}

// When the page is hidden or seen again.
const turned = () => new Promise((resolve) => addEventListener("visibilitychange", resolve, { once: true }));

// Follows the stream until the page is left, while the page is visible: a browser has six connections to a server for all
// its tabs. Calls onEvent(name, data) for each event, and onState(connected, words) when a connection was made or lost,
// with the text of the server if it refused one. A lost connection is resumed after the last received event; `resumed`
// in the data of `hello` says whether that was possible, so that no event is missing.
export async function follow(onEvent, onState) {
  let last = "";
  for (let tries = 0; ; tries++) {
    let why = "";
    while (document.hidden) await turned();
    const leave = new AbortController();
    turned().then(() => leave.abort());
    try {
      const response = await reach(address("events"), {
        signal: leave.signal,
        headers: headers({ Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) }),
      });
      if (response.status === 401) {
        await askForToken();
        tries = -1;
        continue;
      }
      if (!response.ok) throw new Refused(response.status, words(await response.text(), response.status));
      const parse = streamParser(({ id, event, data }) => {
        const resumed = last !== "";
        last = id || last;
        onEvent(event, { ...JSON.parse(data), ...(event === "hello" && { resumed }) });
      });
      onState(true);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let chunk; !(chunk = await reader.read()).done;) {
        tries = 0;
        parse(chunk.value);
      }
    } catch (error) {
      if (error.name === "AbortError") {
        tries = -1;
        continue;
      }
      // A broken connection is not an error of the page; everything else is.
      if (!(error instanceof Refused || error instanceof TypeError || error.name === "NetworkError")) throw error;
      if (error.status) why = error.message;
    }
    onState(false, why);
    await new Promise((resolve) => setTimeout(resolve, backOff(tries)));
  }
}
