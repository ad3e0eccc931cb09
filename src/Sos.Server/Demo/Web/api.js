// The public API as a browser uses it: nothing here is special to the demo but how the session begins.
export class Api {
  #session;

  constructor(session) {
    this.#session = session;
  }

  static async signIn(key) {
    const answer = await fetch("/demo/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key }) });
    if (!answer.ok) throw new Refused(answer.status, await problem(answer));
    return answer.json();
  }

  get = (path) => this.#send("GET", path);
  post = (path, body) => this.#send("POST", path, body ?? {});
  put = (path, body) => this.#send("PUT", path, body);

  /** Server-sent events with the token in a header, which EventSource cannot do; begins again until stopped. */
  stream(onEvent, onState) {
    const stop = new AbortController();
    (async () => {
      while (!stop.signal.aborted) {
        try {
          const answer = await fetch("/api/v1/users/me/stream", { headers: { Authorization: `Bearer ${await this.#token()}`, Accept: "text/event-stream" }, signal: stop.signal });
          if (!answer.ok) throw new Refused(answer.status);
          onState(true);
          await readEvents(answer.body, onEvent);
        } catch (trouble) {
          if (stop.signal.aborted) return;
        }
        onState(false);
        await new Promise((go) => setTimeout(go, 2000));
      }
    })();
    return () => stop.abort();
  }

  async #send(method, path, body) {
    const headers = { Authorization: `Bearer ${await this.#token()}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(`/api/v1/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    if (!answer.ok) throw new Refused(answer.status, await problem(answer));
    const text = await answer.text();
    return text ? JSON.parse(text) : null;
  }

  async #token() {
    if (new Date(this.#session.expiresAt) - Date.now() < 60_000) {
      const answer = await fetch("/api/v1/auth/refresh", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refreshToken: this.#session.refreshToken, device: "demo" }) });
      if (!answer.ok) throw new Refused(answer.status, await problem(answer));
      this.#session = { ...this.#session, ...(await answer.json()) };
    }
    return this.#session.accessToken;
  }
}

export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `The service answered ${status}.`);
    this.status = status;
  }
}

async function problem(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

async function readEvents(body, onEvent) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part; !(part = await reader.read()).done;) {
    rest += part.value.replaceAll("\r", "");
    for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
      const lines = rest.slice(0, end).split("\n");
      const data = lines.filter((l) => l.startsWith("data:")).map((l) => l.slice(5).trimStart()).join("\n");
      const name = lines.find((l) => l.startsWith("event:"))?.slice(6).trim() ?? "message";
      if (data) onEvent(name, JSON.parse(data));
    }
  }
}
