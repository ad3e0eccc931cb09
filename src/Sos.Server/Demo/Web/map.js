// The city and everybody in it on a canvas: plane enough for an equirectangular projection about its middle.
const LAYERS = ["land", "district", "park", "street", "river", "avenue"];

export function createMap(canvas, city) {
  const at = Math.cos((city.centre[1] * Math.PI) / 180);
  const flat = ([lon, lat]) => [(lon - city.centre[0]) * at * 111195, (city.centre[1] - lat) * 111195];
  const shapes = LAYERS.map((layer) => city.features.filter((f) => f.properties.layer === layer).map((f) => {
    const ring = f.geometry.type === "Polygon" ? f.geometry.coordinates[0] : f.geometry.coordinates;
    return { layer, name: f.properties.name, closed: f.geometry.type === "Polygon", points: ring.map(flat) };
  }));
  const labels = shapes[1].map((d) => ({ text: d.name, at: middle(d.points), kind: "district" }));
  const marks = city.features.filter((f) => f.properties.layer === "landmark").map((f) => ({ text: f.properties.name, at: flat(f.geometry.coordinates), kind: "landmark" }));
  const reach = Math.max(...shapes[0][0].points.map(([x, y]) => Math.hypot(x, y)));
  const view = { x: 0, y: 0, zoom: 1 };
  const shown = new Map();
  let alerts = [], you = null, colors = readColors();

  const scale = () => (Math.min(canvas.clientWidth, canvas.clientHeight) / 2 / (reach * 1.04)) * view.zoom;
  const toScreen = ([x, y]) => [(x - view.x) * scale() + canvas.clientWidth / 2, (y - view.y) * scale() + canvas.clientHeight / 2];

  function draw(now) {
    requestAnimationFrame(draw);
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colors.sea;
    pen.fillRect(0, 0, width, height);
    drawCity(pen);
    drawPeople(pen, now);
  }

  function drawCity(pen) {
    const s = scale();
    pen.lineJoin = pen.lineCap = "round";
    for (const group of shapes) {
      group.forEach((shape, i) => {
        pen.beginPath();
        shape.points.forEach((p, n) => (n ? pen.lineTo(...toScreen(p)) : pen.moveTo(...toScreen(p))));
        if (shape.closed) {
          pen.closePath();
          pen.fillStyle = shape.layer === "district" ? (i % 2 ? colors["land-alt"] : colors.land) : colors[shape.layer];
          pen.fill();
        } else {
          pen.strokeStyle = colors[shape.layer];
          pen.lineWidth = shape.layer === "avenue" ? Math.max(1.6, 26 * s) : Math.max(0.6, 11 * s);
          pen.stroke();
        }
      });
    }
    pen.textAlign = "center";
    for (const label of [...labels, ...marks]) {
      const [x, y] = toScreen(label.at);
      const small = label.kind === "landmark";
      if (small && s < 0.06) continue;
      pen.font = small ? "500 11px system-ui, sans-serif" : `600 ${s < 0.06 ? 10 : 12}px system-ui, sans-serif`;
      pen.lineWidth = 3;
      pen.strokeStyle = colors.land;
      pen.fillStyle = colors.label;
      if (small) {
        pen.fillRect(x - 3, y - 3, 6, 6);
        pen.strokeText(label.text, x, y + 16);
        pen.fillText(label.text, x, y + 16);
      } else {
        pen.strokeText(label.text.toUpperCase(), x, y);
        pen.fillText(label.text.toUpperCase(), x, y);
      }
    }
  }

  function drawPeople(pen, now) {
    const byAlert = new Map(alerts.map((a) => [a.id, a]));
    for (const r of shown.values()) {
      const glide = Math.min(1, (now - r.since) / 1000);
      r.x = r.from[0] + (r.to[0] - r.from[0]) * glide;
      r.y = r.from[1] + (r.to[1] - r.from[1]) * glide;
      const target = r.alert && byAlert.get(r.alert);
      if (!target?.place) continue;
      pen.setLineDash([5, 5]);
      line(pen, toScreen([r.x, r.y]), toScreen(target.place), colors.busy, 1.5);
      pen.setLineDash([]);
    }
    for (const r of shown.values()) {
      const [x, y] = toScreen([r.x, r.y]);
      if (r.state === "stale") disc(pen, x, y, 4, null, colors.stale, 2);
      else disc(pen, x, y, 5, r.busy ? colors.busy : colors.live, colors.land, 1.5);
    }
    for (const a of alerts) {
      if (!a.place) continue;
      const [x, y] = toScreen(a.place);
      const color = a.status === "raised" || a.status === "offered" ? colors.alert : a.status === "on_scene" ? colors.done : colors.helped;
      const wave = (now / 1400 + Math.abs(a.place[0] % 10) / 10) % 1;
      pen.globalAlpha = 1 - wave;
      disc(pen, x, y, 7 + wave * 20, null, color, 2);
      pen.globalAlpha = 1;
      disc(pen, x, y, 7, color, colors.land, 2);
    }
    if (you) {
      const [x, y] = toScreen(you);
      disc(pen, x, y, 11, null, colors.you, 2.5);
      disc(pen, x, y, 4, colors.you, null, 0);
    }
  }

  watchPointers(canvas, view, scale);
  new MutationObserver(() => (colors = readColors())).observe(document.documentElement, { attributes: true });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => (colors = readColors()));
  requestAnimationFrame(draw);

  return {
    show(scene) {
      const now = performance.now();
      const seen = new Set();
      for (const r of scene.responders.filter((r) => r.latitude != null)) {
        seen.add(r.id);
        const to = flat([r.longitude, r.latitude]);
        const known = shown.get(r.id);
        shown.set(r.id, { ...r, from: known ? [known.x ?? to[0], known.y ?? to[1]] : to, to, since: now, x: known?.x ?? to[0], y: known?.y ?? to[1] });
      }
      for (const id of shown.keys()) if (!seen.has(id)) shown.delete(id);
      alerts = scene.alerts.map((a) => ({ ...a, place: a.latitude == null ? null : flat([a.longitude, a.latitude]) }));
    },
    you(place) {
      you = place && flat([place.longitude, place.latitude]);
    },
    look(place, zoom = 4) {
      [view.x, view.y] = flat([place.longitude, place.latitude]);
      view.zoom = Math.max(view.zoom, zoom);
    },
  };
}

function watchPointers(canvas, view, scale) {
  const down = new Map();
  const zoomAt = (factor, x, y) => {
    const [dx, dy] = [x - canvas.clientWidth / 2, y - canvas.clientHeight / 2];
    const before = scale();
    view.zoom = Math.min(24, Math.max(0.7, view.zoom * factor));
    const after = scale();
    view.x += dx / before - dx / after;
    view.y += dy / before - dy / after;
  };
  canvas.addEventListener("wheel", (e) => {
    e.preventDefault();
    zoomAt(Math.exp(-e.deltaY / 400), e.offsetX, e.offsetY);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (e) => {
    canvas.setPointerCapture(e.pointerId);
    down.set(e.pointerId, e);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (e) => down.delete(e.pointerId));
  canvas.addEventListener("pointermove", (e) => {
    const last = down.get(e.pointerId);
    if (!last) return;
    const other = [...down.values()].find((p) => p.pointerId !== e.pointerId);
    if (other) zoomAt(distance(e, other) / Math.max(1, distance(last, other)), (e.offsetX + other.offsetX) / 2, (e.offsetY + other.offsetY) / 2);
    else {
      view.x -= (e.offsetX - last.offsetX) / scale();
      view.y -= (e.offsetY - last.offsetY) / scale();
    }
    down.set(e.pointerId, e);
  });
  canvas.addEventListener("keydown", (e) => {
    const step = 60 / scale();
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[e.key]) [view.x, view.y] = [view.x + moves[e.key][0], view.y + moves[e.key][1]];
    else if (e.key === "+" || e.key === "=") zoomAt(1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
    else if (e.key === "-") zoomAt(1 / 1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
    else return;
    e.preventDefault();
  });
}

const distance = (a, b) => Math.hypot(a.offsetX - b.offsetX, a.offsetY - b.offsetY);
const middle = (points) => [points.reduce((s, p) => s + p[0], 0) / points.length, points.reduce((s, p) => s + p[1], 0) / points.length];

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = ["sea", "land", "land-alt", "district", "river", "park", "street", "avenue", "label", "live", "busy", "stale", "alert", "helped", "done", "you"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
}

function disc(pen, x, y, radius, fill, stroke, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, Math.PI * 2);
  if (fill) [pen.fillStyle] = [fill], pen.fill();
  if (stroke) [pen.strokeStyle, pen.lineWidth] = [stroke, width], pen.stroke();
}

function line(pen, from, to, color, width) {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  [pen.strokeStyle, pen.lineWidth] = [color, width];
  pen.stroke();
}
