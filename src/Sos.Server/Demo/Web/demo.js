// The page: the city for everybody, and the side of the one whose link was opened.
import { Api } from "./api.js";
import { createMap } from "./map.js";
import { person } from "./person.js";
import { responder } from "./responder.js";
import { staff } from "./staff.js";
import { clock, el, sentence, show, tone } from "./view.js";

const SIDES = { person, responder, operator: staff, admin: staff };
const FEED = 60;
const $ = (id) => document.getElementById(id);

let scene = { responders: [], alerts: [], events: [], totals: {} };
let leave = () => {};

const [city, links] = await Promise.all(["/demo/city.geojson", "/demo/links"].map(async (path) => (await fetch(path)).json()));
const map = createMap($("map"), city);
watch();
addEventListener("hashchange", enter);
await enter();

function watch() {
  const live = new EventSource("/demo/live");
  const state = (on, words) => (($("link-state").className = `state ${on ? "on" : "off"}`), ($("link-state").textContent = words));
  live.onopen = () => state(true, "live");
  live.onerror = () => state(false, "not connected, trying again");
  live.onmessage = (message) => {
    scene = JSON.parse(message.data);
    map.show(scene);
    count();
    tell(scene.events);
  };
}

function count() {
  const on = scene.responders.filter((r) => !r.suspended);
  const numbers = [
    [scene.alerts.length, "open SOS"], [on.filter((r) => r.state === "live").length, "responders live"],
    [on.filter((r) => r.busy).length, "helping"], [scene.totals.closed ?? 0, "closed so far"],
  ];
  show($("counts"), numbers.map(([n, words]) => el("li", {}, el("b", {}, String(n)), words)));
}

function tell(events) {
  const feed = $("feed");
  for (const e of events) {
    const words = sentence(e);
    if (words) feed.prepend(el("li", {}, el("time", { datetime: e.at }, clock(e.at)), el("i", { class: `dot ${tone(e.status)}` }), el("span", {}, words, el("span", { class: "soft" }, ` · ${e.alertId.slice(-4)}`))));
  }
  while (feed.children.length > FEED) feed.lastChild.remove();
}

async function enter() {
  leave();
  leave = () => {};
  map.you(null);
  const [role, key] = location.hash.slice(1).split(".");
  const known = key && SIDES[role] ? role : null;
  show($("roles"), [{ role: null, title: "City", url: "#" }, ...links].map((link) =>
    el("a", { href: link.url, "aria-current": link.role === known ? "page" : null }, link.title)));
  if (!known) return welcome();
  const panel = $("panel");
  show(panel, el("p", { class: "soft" }, "Signing in…"));
  try {
    const session = await Api.signIn(key);
    leave = await SIDES[role]({ api: new Api(session), panel, map, place: session.place, scene: () => scene, role });
  } catch (trouble) {
    show(panel, el("p", { class: "lead" }, "This link does not open."), el("p", { class: "error" }, trouble.message), el("p", { class: "soft" }, "Links are good until the demo ends; the server prints new ones at each start."));
  }
}

function welcome() {
  show($("panel"), 
    el("h2", {}, "Look, or take part"),
    el("p", { class: "soft" }, "People press SOS, responders near them are asked, one goes, the others are told. Open a side in a tab of its own, or two beside each other."),
    el("div", { class: "links" }, ...links.map((link) => el("a", { href: link.url }, el("b", {}, link.title), el("span", { class: "soft" }, link.words)))));
}
