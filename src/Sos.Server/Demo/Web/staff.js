// The operator's board, and for the administrator the responders besides.
import { act, ago, chip, clock, el, inSeconds, isOpen, KINDS, metres, minutes, sentence, show } from "./view.js";

export async function staff({ api, panel, map, scene, role }) {
  let board = [], picked = null, near = [], chosen = null, events = [], stopped = false, tab = "alerts";

  async function refresh() {
    board = (await api.get("admin/board")).entries;
    if (picked) await look(picked.id);
    render();
  }

  async function look(id) {
    const after = picked?.id === id ? events.at(-1)?.seq ?? 0 : 0;
    const [view, page] = await Promise.all([api.get(`alerts/${id}`), api.get(`alerts/${id}/events?after=${after}&limit=200`)]);
    // Two looks may be under way at once (an act, and the news of it): what the other has brought is not added again.
    events = after ? [...events, ...page.events.filter((e) => e.seq > (events.at(-1)?.seq ?? 0))] : page.events;
    picked = view;
  }

  async function pick(entry) {
    picked = null;
    await look(entry.alertId);
    near = [];
    if (picked.position) {
      map.look(picked.position, 3);
      const { latitude, longitude } = picked.position;
      near = (await api.get(`responders?latitude=${latitude}&longitude=${longitude}&radiusMetres=8000&limit=20`)).items;
    }
    chosen = near[0]?.id;
    render();
  }

  async function direct(action, reason, more = {}) {
    await api.post("admin/actions", { alertId: picked.id, action, reason, ...more });
    await refresh();
  }

  function render() {
    if (stopped) return;
    const tabs = role === "admin" && el("div", { class: "row" },
      act("Alerts", tab === "alerts" ? "small primary" : "small", async () => turn("alerts")),
      act("Responders", tab === "people" ? "small primary" : "small", async () => turn("people")));
    const body = tab === "people" ? people() : picked ? detail() : list();
    show(panel, el("h2", {}, role === "admin" ? "You are an administrator" : "You are an operator"), tabs, body);
  }

  function turn(name) {
    tab = name;
    render();
  }

  function list() {
    if (!board.length) return [el("p", { class: "lead" }, "No open alert."), el("p", { class: "soft" }, "Somebody will press soon.")];
    return [el("p", { class: "lead" }, `${board.length} open`), ...board.map((entry) => el("article", { class: entry.needsStaff ? "card hot" : "card" },
      el("div", { class: "row" }, el("b", { class: "grow" }, KINDS[entry.kind] ?? entry.kind), chip(entry.status)),
      el("div", { class: "row" },
        el("span", { class: "soft grow" }, [`${ago(entry.raisedAt)} old`, entry.helper && `${entry.helper} has it`, !entry.helper && entry.dueAt && `assigns itself in ${inSeconds(entry.dueAt)} s`, entry.needsStaff && "nobody left to ask"].filter(Boolean).join(" · ")),
        act("Open", "small", () => pick(entry)))))];
  }

  function detail() {
    const open = isOpen(picked.status);
    const choice = el("select", { "aria-label": "Responder", onchange: (e) => (chosen = e.target.value) }, ...near.map((r) => el("option", { value: r.id }, `${r.displayName}, ${metres(r.distanceMetres)}${r.freeCapacity > 0 ? "" : ", busy"}`)));
    const offers = picked.staff?.offers ?? [];
    const reason = (words) => () => direct(words[0], words[1]);
    return [
      el("div", { class: "row" }, act("‹ Board", "small", async () => ((picked = null), render())), el("b", { class: "grow" }, KINDS[picked.kind] ?? picked.kind), chip(picked.status)),
      picked.note && el("p", {}, picked.note),
      el("p", { class: "soft" }, [
        `${ago(picked.raisedAt)} old`, `ring ${picked.staff?.ringKilometres ?? "?"} km`,
        picked.rescuer && `${picked.rescuer.name}, ${minutes(picked.rescuer.etaSeconds) ?? "time unknown"}`,
        `${picked.receipts.asked} asked, ${picked.receipts.seen} seen`].filter(Boolean).join(" · ")),
      open && near.length > 0 && picked.status !== "on_scene" && el("div", { class: "row" }, el("div", { class: "grow" }, choice), act("Assign", "primary", () => direct("assign", "chosen by the operator", { responderId: chosen }))),
      open && el("div", { class: "row" },
        picked.staff?.claimedBy ? act("Give back", "small", reason(["unclaim", "given back"])) : act("I look after it", "small", reason(["claim", "taken into care"])),
        picked.rescuer && picked.status !== "on_scene" && act("Take the helper off", "small", reason(["unassign", "taken off by the operator"])),
        act("Close", "small", reason(["close", "closed by the operator"])),
        act("False alarm", "small", reason(["mark_false", "marked by the operator"]))),
      offers.length > 0 && el("p", { class: "soft" }, told(offers)),
      el("ul", { class: "ledger" }, ...events.filter(sentence).slice(-8).reverse().map((e) => el("li", { class: "yes" }, el("span", {}, sentence(e)), el("time", {}, clock(e.at))))),
    ].filter(Boolean);
  }

  function people() {
    const shown = scene().responders.filter((r) => r.name).sort((a, b) => a.name.localeCompare(b.name)).slice(0, 60);
    return [
      el("p", { class: "soft" }, "Suspended responders go off duty at once and are asked no more. Those made up here go on duty again when you clear them."),
      ...shown.map((r) => el("div", { class: "row" },
        el("span", { class: "grow" }, el("i", { class: `dot ${r.suspended ? "stale" : r.busy ? "busy" : r.state}` }), ` ${r.name} `, el("span", { class: "soft" }, r.suspended ? "suspended" : r.busy ? "busy" : r.state)),
        act(r.suspended ? "Clear" : "Suspend", "small", async () => {
          await api.post(`admin/responders/${r.id}`, { cleared: Boolean(r.suspended), capabilities: ["medical", "safety", "fire"], displayName: r.name });
        }))),
    ];
  }

  const quietly = () => refresh().catch(() => {});
  const stopStream = api.stream(quietly, () => {});
  const timers = [setInterval(render, 1000), setInterval(quietly, 3000)];
  await refresh();
  return () => {
    stopped = true;
    stopStream();
    timers.forEach(clearInterval);
  };
}

/** Who was asked and what came of it; first names are known of those who have answered for it, the others are counted. */
function told(offers) {
  const counts = new Map();
  for (const o of offers) {
    const words = o.assigned && o.answer === "open" ? "assigned" : o.answer === "open" ? "not answered yet" : o.answer.replace("_", " ");
    counts.set(words, [...(counts.get(words) ?? []), o.name]);
  }
  return [...counts].map(([words, names]) => (names.every(Boolean) ? `${names.join(", ")} ${words}` : `${names.length} ${words}`)).join(" · ");
}
