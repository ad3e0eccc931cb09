// The responder: on duty, asked, on the way.
import { act, chip, el, inSeconds, isOpen, KINDS, metres, minutes, show } from "./view.js";

const NEXT = { accepted: ["en-route", "I am on the way"], en_route: ["on-scene", "I am there"], on_scene: ["resolve", "Helped, done"] };

export async function responder({ api, panel, map, place }) {
  let me = await api.get("responders/me");
  let seen = 0, news = null, stopped = false;
  const asked = new Map(); // alert id -> its newest inbox item and, once accepted, its view

  async function report() {
    await api.post("responders/me/position", { ...place, accuracy: 10, at: new Date().toISOString() });
  }

  async function refresh() {
    const page = await api.get(`responders/me/inbox?after=${seen}`);
    for (const item of page.items) {
      seen = item.seq;
      await take(item.delivery);
    }
    for (const [id, entry] of asked) if (entry.view) await look(id, entry);
    me = await api.get("responders/me");
    render();
  }

  async function take(d) {
    const known = asked.get(d.alertId);
    if (d.kind === "offer" || d.kind === "assigned") {
      const entry = { ...known, item: d, answered: false };
      asked.set(d.alertId, entry);
      await look(d.alertId, entry);
      if (asked.has(d.alertId) && inSeconds(d.briefing?.answerBy) > 0) await api.post(`alerts/${d.alertId}/receipts`, { seen: !document.hidden }).catch(() => {});
    } else if (d.kind === "stand_down" && known) {
      asked.delete(d.alertId);
      if (!known.answered || known.view) news = d.reason === "taken" ? "Somebody else goes: you are not needed." : "You are no longer needed.";
    }
  }

  /** Asks how the alert stands for me; one that is closed or not mine any more is as if it had never been. */
  async function look(id, entry) {
    try {
      const view = await api.get(`alerts/${id}`);
      if (view.standing === "rescuer" && isOpen(view.status)) entry.view = view;
    } catch (trouble) {
      if (trouble.status !== 404) throw trouble;
      asked.delete(id);
    }
  }

  async function answer(id, entry, move) {
    try {
      const view = await api.post(`alerts/${id}/${move}`, { version: entry.view?.version ?? entry.item.version });
      entry.answered = true;
      if (move === "accept") [entry.view, news] = [view, null];
      else if (view && isOpen(view.status)) entry.view = view;
      if (move === "decline" || move === "resolve") asked.delete(id);
      if (move === "resolve") news = "Thank you. You are free again.";
    } catch (trouble) {
      if (trouble.status === 409 || trouble.status === 404) asked.delete(id);
      throw trouble;
    } finally {
      await refresh();
    }
  }

  async function duty(onDuty) {
    me = await api.put("responders/me", { onDuty, transport: "car" });
    if (onDuty) await report();
    render();
  }

  function render() {
    if (stopped) return;
    const held = [...asked].filter(([, e]) => e.view);
    const open = [...asked].filter(([, e]) => !e.view && !e.answered && inSeconds(e.item.briefing?.answerBy) > 0);
    show(panel, 
      el("h2", {}, `You are ${me.displayName}, a responder`),
      el("div", { class: "row" },
        el("p", { class: "lead grow" }, !me.onDuty ? "Off duty: nobody asks you." : held.length ? "Somebody counts on you." : open.length ? "Can you go?" : "On duty. Waiting."),
        act(me.onDuty ? "Go off duty" : "Go on duty", me.onDuty ? "small" : "primary small", () => duty(!me.onDuty))),
      ...held.map(([id, e]) => mission(id, e)),
      ...open.map(([id, e]) => offer(id, e)),
      news && el("p", { class: "soft", role: "status" }, news) || "",
      me.onDuty && !held.length ? act("Let somebody near me press SOS", "", async () => {
        const answer = await fetch("/demo/press-nearby", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(place) });
        news = answer.ok ? "Somebody made up has pressed SOS a few hundred metres from you." : "Everybody here has an alert open already: wait for one to close.";
        render();
      }) : "",
    );
  }

  function offer(id, { item }) {
    const b = item.briefing;
    return el("article", { class: "card hot" },
      el("div", { class: "row" }, el("b", { class: "grow" }, `${KINDS[b.kind] ?? b.kind}, ${metres(b.distanceMetres) ?? "distance unknown"} away`), el("span", { class: "soft" }, `${inSeconds(b.answerBy)} s`)),
      el("p", { class: "soft" }, [item.kind === "assigned" ? "You are expected." : "Asked, not yet expected.", b.etaSeconds && ` You would be there in about ${minutes(b.etaSeconds)}.`, b.doNotEnter && " Wait at a safe distance, do not enter."].filter(Boolean).join("")),
      el("div", { class: "row" }, act("I go", "primary grow", () => answer(id, asked.get(id), "accept")), act("I cannot", "grow", () => answer(id, asked.get(id), "decline"))));
  }

  function mission(id, entry) {
    const [move, words] = NEXT[entry.view.status] ?? [];
    return el("article", { class: "card mine" },
      el("div", { class: "row" }, el("b", { class: "grow" }, KINDS[entry.view.kind] ?? entry.view.kind), chip(entry.view.status)),
      entry.view.note ? el("p", {}, entry.view.note) : "",
      el("div", { class: "row" },
        act("Show on the map", "small", async () => map.look(entry.view.position, 5)),
        entry.view.status !== "on_scene" ? act("I cannot after all", "small", () => answer(id, entry, "decline")) : ""),
      move ? act(words, "primary", () => answer(id, entry, move)) : "");
  }

  map.you(place);
  map.look(place, 2.2);
  const quietly = () => refresh().catch(() => {});
  const stopStream = api.stream(quietly, () => {});
  const timers = [setInterval(render, 1000), setInterval(quietly, 4000), setInterval(() => me.onDuty && report().catch(() => {}), 20000)];
  if (!me.onDuty) await duty(true);
  await report();
  await refresh();
  return () => {
    stopped = true;
    stopStream();
    timers.forEach(clearInterval);
  };
}
