// The picture of a mirror step: simplex, level lines, ball, marks and arrow.

// Points of the drawing, as mirrorbook.plots has them: a side, margins, a strip for two lines.
const [SIDE, MARGIN, STRIP] = [200, 18.8, 40];
const HEIGHT = (SIDE * Math.sqrt(3)) / 2;
const LEVELS = {
  objective: Array.from({ length: 31 }, (_, i) => (i - 10) / 10),
  drift: Array.from({ length: 8 }, (_, i) => 0.02 * 2 ** i),
};

const inPlane = ([, b, c]) => [MARGIN + SIDE * (b + c / 2), STRIP + HEIGHT * (1 - c)];
const point = (p) => inPlane(p).map((x) => Math.round(10 * x) / 10).join(" ");
const CORNERS = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
const TRIANGLE = `M${CORNERS.map(point).join("L")}Z`;

export function fromPlane([x, y]) {
  const c = 1 - (y - STRIP) / HEIGHT;
  const b = (x - MARGIN) / SIDE - c / 2;
  return [1 - b - c, b, c];
}

// The policies of a triangular grid, a little inside the simplex so that every drift is finite, and
// its triangles as triples of their numbers.
const N = 60;
const INSET = 1e-4;
const GRID = [];
const TRIANGLES = [];
for (let c = 0; c <= N; c++) {
  for (let b = 0; b + c <= N; b++) {
    const p = [N - b - c, b, c].map((k) => (k / N + INSET) / (1 + 3 * INSET));
    const here = GRID.push(p) - 1;
    const up = here + N - c + 1;
    if (b + c < N) TRIANGLES.push([here, here + 1, up]);
    if (b + c < N - 1) TRIANGLES.push([here + 1, up + 1, up]);
  }
}

// Level lines of a function of the policy, given by its values on the grid, which are finite: with
// linear interpolation between them.
function levelLines(values, levels) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const crossed = levels.filter((level) => low <= level && level < high);
  return crossed.map((level) => levelLine(values, level)).join("");
}

function levelLine(values, level) {
  const joins = new Map(); // a side of a triangle that is crossed -> those next on the line
  const size = GRID.length;
  for (const [i, j, k] of TRIANGLES) {
    const [x, y, z] = [values[i] > level, values[j] > level, values[k] > level];
    if (x === y && y === z) continue;
    const [alone, p, q] = x === y ? [k, i, j] : x === z ? [j, i, k] : [i, j, k];
    const one = alone < p ? alone * size + p : p * size + alone;
    const other = alone < q ? alone * size + q : q * size + alone;
    joins.set(one, [...(joins.get(one) ?? []), other]);
    joins.set(other, [...(joins.get(other) ?? []), one]);
  }
  const place = (side) => {
    const [i, j] = [Math.floor(side / size), side % size];
    const share = (level - values[i]) / (values[j] - values[i]);
    return point(GRID[i].map((p, a) => p + share * (GRID[j][a] - p)));
  };
  const ends = [...joins.keys()].filter((side) => joins.get(side).length === 1);
  let path = "";
  for (const start of [...ends, ...joins.keys()]) {
    let last = [];
    const places = [];
    for (let side = start; joins.has(side); side = last.find((next) => joins.has(next))) {
      last = joins.get(side);
      joins.delete(side);
      places.push(place(side));
    }
    if (places.length > 1) path += `M${places.join("L")}${last.includes(start) ? "Z" : ""}`;
  }
  return path;
}

// The edge of the ball, seen from the old policy in equal steps of angle. Those of TV and L2 are
// drawn beyond the simplex, too, and clipped.
function edge({ old, ball, radius }, steps = 96) {
  const corners = Array.from({ length: steps }, (_, i) => {
    const angle = (2 * Math.PI * i) / steps;
    const c = Math.sin(angle) / Math.sqrt(3);
    const way = [-Math.cos(angle) - c, Math.cos(angle) - c, 2 * c];
    const walls = way.map((w, a) => (w < 0 ? -old[a] / w : Infinity));
    const far = ball.startsWith("KL") ? Math.min(...walls) : 3;
    const at = (t) => old.map((p, a) => (t === walls[a] ? 0 : p + t * way[a]));
    return point(at(bracket((t) => radius - COSTS[ball](at(t), old), 0, far)[0]));
  });
  return `M${corners.join("L")}Z`;
}

function arrow(from, to) {
  const [[x, y], [u, v]] = [inPlane(from), inPlane(to)];
  const length = Math.hypot(u - x, v - y);
  if (length < 20) return "";
  const [dx, dy] = [(u - x) / length, (v - y) / length];
  const place = ([along, side]) =>
    `${(x + along * dx - side * dy).toFixed(1)} ${(y + along * dy + side * dx).toFixed(1)}`;
  const [neck, tip] = [length - 13, length - 6];
  const half = [[5, 0.6], [neck, 0.6], [neck, 3.6]];
  const other = half.map(([along, side]) => [along, -side]).reverse();
  return `M${[...half, [tip, 0], ...other].map(place).join("L")}Z`;
}

const short = (x, digits = 2) => x.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
const spoken = (p, actions) => actions.map((name, a) => `${name} ${p[a].toFixed(2)}`).join(", ");

const SVG = "http://www.w3.org/2000/svg";

// An element with attributes and children, inside a parent.
function add(parent, tag, attributes = {}, text = "") {
  const inSvg = tag === "svg" || parent.namespaceURI === SVG;
  const element = inSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  parent.append(element);
  return element;
}

// The drawing; what is returned makes it show a state and its step.
function addPicture(parent, { actions, alt }) {
  const [width, height] = [SIDE + 2 * MARGIN, HEIGHT + 2 * STRIP];
  const svg = add(parent, "svg", {
    viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": alt, fill: "none",
    stroke: "currentColor", "stroke-linejoin": "round",
  });
  const clip = `mb-simplex-${Math.random().toString(36).slice(2)}`;
  add(add(svg, "clipPath", { id: clip }), "path", { d: TRIANGLE });
  const inner = add(svg, "g", { "clip-path": `url(#${clip})` });
  const ball = add(inner, "path", { class: "mb-ball" });
  const lines = ["mb-objective", "mb-nothing", "mb-drift"].map((name) =>
    add(inner, "path", { class: name }),
  );
  add(svg, "path", { d: TRIANGLE, fill: "transparent" });
  const labels = actions.map((action, a) => {
    const [x, y] = inPlane(CORNERS[a]);
    const at = { x: x + [-6, 6, 0][a], class: ["mb-start", "mb-end", "mb-middle"][a] };
    add(svg, "text", { ...at, y: a < 2 ? y + 18 : y - 23 }, action);
    return add(svg, "text", { ...at, y: a < 2 ? y + 33 : y - 8 });
  });
  const shaft = add(svg, "path", { class: "mb-ink" });
  const mark = add(svg, "circle", { r: 4, class: "mb-ink" });
  const handle = add(svg, "g", {
    class: "mb-handle", role: "slider", tabindex: 0, "aria-label": "Old policy",
    "aria-roledescription": "movable point", "aria-valuemin": 0, "aria-valuemax": 100, ...NATIVE,
  });
  const rings = [17, 9, 4].map((r) => add(handle, "circle", { r }));
  rings.forEach((ring, i) => ring.setAttribute("class", ["mb-reach", "mb-focus", "mb-old"][i]));
  const show = (state, step) => {
    const { old, adv, contours, colours, drift, weight } = state;
    const drawn = (name, levels) => (contours === name || contours === "both" ? levels : []);
    const d = GRID.map((p) => COSTS[drift](p, old, adv));
    const f = GRID.map((p, i) => dot(p, adv) - weight * d[i]);
    lines[0].setAttribute("d", levelLines(f, drawn("objective F", LEVELS.objective)));
    lines[1].setAttribute("d", levelLines(f, drawn("objective F", [0])));
    lines[2].setAttribute("d", levelLines(d, drawn("drift D", LEVELS.drift)));
    lines[2].setAttribute("stroke", colours[drift]);
    ball.setAttribute("d", state.ball ? edge(state) : "");
    ball.setAttribute("stroke", ball.style.fill = colours[state.ball] ?? "none");
    labels.forEach((label, a) => (label.textContent = `A = ${short(adv[a])}`));
    shaft.setAttribute("d", arrow(old, step.p));
    const [x, y] = inPlane(step.p);
    mark.setAttribute("cx", x.toFixed(1));
    mark.setAttribute("cy", y.toFixed(1));
    handle.setAttribute("transform", `translate(${point(old)})`);
    [mark.dataset.policy, handle.dataset.policy] = [step.p, old];
    handle.setAttribute("aria-valuenow", Math.round(100 * old[2])); // what Up and Down change
    handle.setAttribute("aria-valuetext", spoken(old, actions));
  };
  return { svg, handle, show };
}
