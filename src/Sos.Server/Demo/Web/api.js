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

  /** Server-sent events with a one-time ticket, since EventSource sends no header; begins again, where it was, until stopped. */
  stream(onEvent, onState) {
    let source, timer, last, stopped = false;
    const open = async () => {
      try {
        const { ticket } = await this.post("auth/tickets");
        if (stopped) return;
        source = new EventSource(`/api/v1/users/me/stream?ticket=${ticket}${last ? `&after=${last}` : ""}`);
        source.onopen = () => onState(true);
        source.onerror = again;
        for (const name of ["alertChanged", "inboxChanged", "boardChanged", "resync"]) {
          source.addEventListener(name, (event) => ((last = event.lastEventId), onEvent(name, JSON.parse(event.data))));
        }
      } catch {
        again();
      }
    };
    // Its own attempt would come with the ticket that is used.
    const again = () => {
      source?.close();
      if (stopped) return;
      onState(false);
      timer = setTimeout(open, 2000);
    };
    open();
    return () => {
      stopped = true;
      clearTimeout(timer);
      source?.close();
    };
  }

  async #send(method, path, body) {
    const headers = { Authorization: `Bearer ${await this.#token()}`, "Sos-Reason": "the demo" };
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
