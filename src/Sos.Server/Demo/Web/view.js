// Words and small pieces of page. Text always becomes text nodes: nobody's note can become markup.
const call = (e) => e.currentTarget.on[e.type](e);

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.on = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      node.on[name.slice(2)] = value;
      node.addEventListener(name.slice(2), call);
    } else if (name === "value") node.value = value;
    else if (value != null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((c) => c != null && c !== false && c !== ""));
  return node;
}

/** Makes a node's children like these, keeping what is the same: focus, half-written text and running buttons stay. */
export function show(parent, ...children) {
  const wanted = children.flat().filter((c) => c != null && c !== false && c !== "").map((c) => (typeof c === "string" ? document.createTextNode(c) : c));
  wanted.forEach((to, i) => {
    const from = parent.childNodes[i];
    if (!from) parent.append(to);
    else if (from.nodeName !== to.nodeName) from.replaceWith(to);
    else if (from.nodeType === Node.TEXT_NODE) from.data !== to.data && (from.data = to.data);
    else {
      for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && name !== "disabled") from.removeAttribute(name);
      for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
      from.on = to.on;
      show(from, ...to.childNodes);
    }
  });
  while (parent.childNodes.length > wanted.length) parent.lastChild.remove();
}

export const STATUS = {
  raised: "received", offered: "asking", accepted: "accepted", en_route: "on the way", on_scene: "there",
  resolved: "helped", cancelled: "called off", false_alarm: "false alarm",
};
export const KINDS = { medical: "Medical", safety: "Safety", fire: "Fire", other: "Other" };
export const isOpen = (status) => !["resolved", "cancelled", "false_alarm"].includes(status);
export const chip = (status) => el("span", { class: `chip ${status}` }, STATUS[status] ?? status);
export const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export function ago(at) {
  const s = Math.max(0, Math.round((Date.now() - new Date(at)) / 1000));
  return s < 90 ? `${s} s` : `${Math.round(s / 60)} min`;
}

export function inSeconds(at) {
  return Math.max(0, Math.round((new Date(at) - Date.now()) / 1000));
}

export function minutes(seconds) {
  if (seconds == null) return null;
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

export function metres(m) {
  if (m == null) return null;
  return m < 950 ? `${Math.round(m / 10) * 10} m` : `${(m / 1000).toFixed(1)} km`;
}

/** What an event says, in a sentence; null for those too small to tell. */
export function sentence(e) {
  const who = e.name ?? "somebody";
  switch (e.kind) {
    case "raised": return "SOS pressed";
    case "appended": return "more news from the person in danger";
    case "offered": return `${e.count ?? "some"} asked`;
    case "declined": return `${who} cannot come`;
    case "silent": return e.name ? `${who} did not answer` : "one did not answer";
    case "assigned": return `${who} assigned by ${e.by === "staff" ? "an operator" : "the service"}`;
    case "accepted": return `${who} comes${e.etaSeconds ? `, in about ${minutes(e.etaSeconds)}` : ""}`;
    case "en_route": return `${who} is on the way`;
    case "on_scene": return `${who} is there`;
    case "resolved": return e.by === "staff" ? "closed by an operator" : "helped";
    case "cancelled": return "called off";
    case "false_alarm": return "marked as a false alarm";
    case "unassigned": return `${e.name ?? "the helper"} falls away, the search goes on`;
    case "ring_widened": return `nobody near: looking ${e.text} km around`;
    case "nobody_yet": return "a minute, and nobody has accepted";
    case "staff_told": return "nobody left to ask: staff is told";
    case "contacts_told": return e.count === 1 ? "an emergency contact was texted" : `${e.count} emergency contacts were texted`;
    case "claimed": return "an operator looks after it";
    case "noted": return "a note was added";
    default: return null;
  }
}

export const tone = (status) => (status === "raised" || status === "offered" ? "alert" : status === "accepted" || status === "en_route" ? "helped" : "done");

/** A button that is at rest while its action runs; what goes wrong is said at the foot of the page. */
export function act(label, css, action) {
  return el("button", {
    type: "button", class: css || null,
    onclick: async ({ currentTarget: button }) => {
      button.disabled = true;
      try {
        await action();
      } catch (trouble) {
        say(trouble.message);
      } finally {
        button.disabled = false;
      }
    },
  }, label);
}

let hiding;
function say(words) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), 7000);
}
