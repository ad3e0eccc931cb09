// The person in danger: one button, and then only what is true.
import { act, chip, clock, el, inSeconds, isOpen, KINDS, minutes, show } from "./view.js";

const COUNTDOWN = 5;

export async function person({ api, panel, map, place }) {
  let alert = null, events = [], kind = "medical", note = "", stopped = false;

  const mine = await api.get("alerts?limit=1");
  const last = mine.alerts[0];
  if (last && isOpen(last.status)) alert = await api.get(`alerts/${last.id}`);

  async function press() {
    const id = uuid7();
    const position = { ...place, accuracy: 20, at: new Date().toISOString() };
    alert = await api.post("alerts", { id, kind, position, note: note || null, holdSeconds: COUNTDOWN, pressedAt: new Date().toISOString() });
    events = [];
    await refresh();
  }

  async function refresh() {
    if (!alert) return render();
    const after = events.at(-1)?.seq ?? 0;
    const [view, page] = await Promise.all([api.get(`alerts/${alert.id}`), api.get(`alerts/${alert.id}/events?after=${after}`)]);
    alert = view;
    events.push(...page.events.filter((e) => e.seq > (events.at(-1)?.seq ?? 0)));
    render();
  }

  function render() {
    if (stopped) return;
    show(panel, alert ? ledger() : button());
  }

  function button() {
    const choices = el("select", { "aria-label": "What has happened", onchange: (e) => (kind = e.target.value) },
      ...Object.entries(KINDS).map(([value, words]) => el("option", { value }, words)));
    choices.value = kind;
    return [
      el("h2", {}, "You are a person in danger"),
      act("SOS", "sos", press),
      el("div", { class: "row" },
        el("div", { class: "grow" }, choices),
        el("div", { class: "grow" }, el("input", { placeholder: "note, if you can", maxlength: 200, value: note, oninput: (e) => (note = e.target.value) }))),
      el("p", { class: "soft" }, `You stand in the middle of the city. After the press you have ${COUNTDOWN} s to call it off before anybody is asked; the alert is safe on disk at once.`),
    ];
  }

  function ledger() {
    const at = (name) => events.find((e) => e.kind === name)?.at;
    const { asked, delivered, seen } = alert.receipts;
    const hold = alert.holdUntil ? inSeconds(alert.holdUntil) : 0;
    const helper = alert.rescuer;
    const eta = helper?.etaSeconds ? Math.max(0, helper.etaSeconds - (Date.now() - new Date(helper.etaAt)) / 1000) : null;
    const step = (yes, words, time) => el("li", { class: yes ? "yes" : "" }, el("span", {}, words), time && el("time", {}, clock(time)));
    const reached = (...states) => states.includes(alert.status);
    return [
      el("div", { class: "row" }, el("p", { class: "lead grow", role: "status" }, headline(hold, helper)), chip(alert.status)),
      el("ul", { class: "ledger" },
        step(true, "Received", alert.raisedAt),
        step(asked > 0, hold > 0 && asked === 0 ? `Nobody is asked for ${hold} s` : asked > 0 ? `${asked} asked` : "Looking for people near you", at("offered")),
        step(delivered > 0, delivered > 0 ? `On ${delivered} phone${delivered > 1 ? "s" : ""}` : "On a phone", at("delivered")),
        step(seen > 0, seen > 0 ? `Seen by ${seen}` : "Seen", at("seen")),
        step(Boolean(helper), helper ? `${helper.name} comes${eta > 0 && !reached("on_scene", "resolved") ? `, in about ${minutes(eta)}` : ""}` : "Somebody comes", events.findLast((e) => e.kind === "accepted")?.at),
        step(reached("en_route", "on_scene", "resolved"), "On the way", events.findLast((e) => e.kind === "en_route")?.at),
        step(reached("on_scene", "resolved"), "There", at("on_scene")),
        !isOpen(alert.status) && step(true, { resolved: "Helped", cancelled: "Called off", false_alarm: "Closed as a false alarm" }[alert.status], alert.closedAt)),
      alert.nobodyYet && isOpen(alert.status) && !helper && el("p", { class: "error" }, "A minute has gone and nobody has accepted yet. The search goes on."),
      isOpen(alert.status)
        ? act("I am safe: call it off", "", async () => {
          await api.post(`alerts/${alert.id}/cancel`, { reason: "I am safe" });
          await refresh();
        })
        : act("Done", "primary", async () => {
          alert = null;
          render();
        }),
      el("p", { class: "soft" }, "This page calls nobody outside the island. In a real emergency ring the emergency number."),
    ].filter(Boolean);
  }

  function headline(hold, helper) {
    if (!isOpen(alert.status)) return alert.status === "resolved" ? "You have been helped." : "It is over.";
    if (alert.status === "on_scene") return `${helper?.name ?? "Help"} is with you.`;
    if (helper) return `${helper.name} comes to you.`;
    return hold > 0 ? "Your SOS is safe." : "Help is being called.";
  }

  map.you(place);
  map.look(place, 2.2);
  const stopStream = api.stream(() => refresh().catch(() => {}), () => {});
  const timer = setInterval(render, 1000);
  const fallback = setInterval(() => alert && isOpen(alert.status) && refresh().catch(() => {}), 5000);
  await refresh();
  return () => {
    stopped = true;
    stopStream();
    clearInterval(timer);
    clearInterval(fallback);
  };
}

/** A UUID of version 7 (RFC 9562): the client names its alert before it sends it. */
function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 65536));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 65536);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
