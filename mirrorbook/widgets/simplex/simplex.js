// The words, the controls, and the hand that moves the old policy.
// `render` is what anywidget calls in Jupyter; the built page calls it with a model of its own.

const LEAST = 0.01; // what the hand leaves of every action
const [STEP, STRIDE] = [0.01, 0.05]; // of an arrow key, alone and with Shift
const UNIFORM = [0.334, 0.333, 0.333];
const KEYS = {
  ArrowLeft: [1, -1, 0],
  ArrowRight: [-1, 1, 0],
  ArrowUp: [-0.5, -0.5, 1],
  ArrowDown: [0.5, 0.5, -1],
};

// The nearest policy that leaves LEAST to every action, in thousandths.
export function held(p) {
  const kept = (t) => p.map((x) => Math.max(x - t, LEAST));
  const [a, b] = kept(bracket((t) => sum(kept(t)) - 1, -3, 3)[0]).map((x) => Math.round(1000 * x));
  return [a, b, 1000 - a - b].map((x) => x / 1000);
}

// What is seen, in words: the same as `describe` in Python.
export function describe(state, step) {
  const { old, adv, drift, weight, ball, radius, actions, words } = state;
  const moved = Math.max(...step.p.map((p, a) => Math.abs(p - old[a]))) >= 0.0005;
  const [gain, rise] = [objective(step.p, state), dot(step.p, adv)];
  const said = [`Old policy: ${spoken(old, actions)}.`];
  if (!moved) said.push("The new policy is the old one, to three digits.");
  else {
    said.push(`New policy: ${spoken(step.p, actions)}.`);
    const charged = drift === "Zero" ? "" : ` less a drift of ${short(rise - gain, 3)}`;
    said.push(`F rises by ${short(gain, 3)}: advantage ${short(rise, 3)}${charged}.`);
  }
  if (ball) {
    const covered = COSTS[ball](step.p, old);
    const binds = covered >= radius * (1 - 1e-6);
    const place = binds ? "at" : `${short(covered, 3)}, within`;
    said.push(`${words[ball]} is ${place} the radius ${radius}.`);
  }
  return said.join(" ");
}

const NATIVE = { autocomplete: "off", "data-lm-suppress-shortcuts": "true" };

// A labelled slider; what is returned shows a place, the words for it, and whether it is in use.
function addSlider(parent, label, [min, max, step], set) {
  const box = add(parent, "label");
  const words = add(box, "span", {}, `${label} `);
  const shown = add(words, "output", { "aria-hidden": "true" });
  const input = add(box, "input", { type: "range", min, max, step, ...NATIVE });
  input.addEventListener("input", () => set(+input.value));
  return (place, text, used = true) => {
    input.value = place;
    input.setAttribute("aria-valuetext", text);
    shown.textContent = text;
    input.disabled = !used;
  };
}

function addChoice(parent, label, options, set) {
  const box = add(parent, "label");
  add(box, "span", {}, label);
  const select = add(box, "select", NATIVE);
  for (const [value, text] of options) add(select, "option", { value }, text);
  select.addEventListener("input", () => set(select.value));
  return (value) => (select.value = value);
}

// The controls; what is returned makes them show a state.
function addControls(parent, { actions, words, distances }, set) {
  const box = add(parent, "div", { class: "mb-controls" });
  const digits = (place) => +(10 ** place).toPrecision(2);
  const drift = addChoice(box, "Drift D", Object.entries(words), (name) => set({ drift: name }));
  const weight = addSlider(box, "Drift weight", [-1.3, 0.7, 0.05], (place) =>
    set({ weight: digits(place) }),
  );
  const balls = [["", "none"], ...distances.map((name) => [name, words[name]])];
  const ball = addChoice(box, "Ball", balls, (name) => set({ ball: name || null }));
  const radius = addSlider(box, "Radius", [-3, 0, 0.05], (place) => set({ radius: digits(place) }));
  const values = actions.map((action, a) =>
    addSlider(box, `Q(${action})`, [-1, 1, 0.05], (place) =>
      set((state) => ({ q: state.q.map((old, b) => (a === b ? place : old)) })),
    ),
  );
  const lines = ["both", "objective F", "drift D", "none"].map((name) => [name, name]);
  const contours = addChoice(box, "Level lines", lines, (name) => set({ contours: name }));
  return (state) => {
    drift(state.drift);
    weight(Math.log10(state.weight), `${state.weight}`, state.drift !== "Zero");
    ball(state.ball ?? "");
    radius(Math.log10(state.radius), `${state.radius}`, Boolean(state.ball));
    values.forEach((show, a) => show(state.q[a], short(state.q[a])));
    contours(state.contours);
  };
}

// Mouse, touch, pen and keyboard move the old policy: by the handle, or with a tap elsewhere.
function listen({ svg, handle }, says, get, set) {
  const at = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    return [(clientX - box.x) * scale, (clientY - box.y) * scale];
  };
  let grip = null; // where on the handle it is held
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [[x, y], [u, v]] = [inPlane(get().old), at(event)];
    grip = [x - u, y - v];
    handle.setPointerCapture(event.pointerId);
    says.setAttribute("aria-busy", "true"); // it is read out when the hand comes to rest
  });
  // not every browser heeds touch-action inside a drawing: this, too, keeps the page from scrolling
  handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  handle.addEventListener("pointermove", (event) => {
    if (grip) set({ old: held(fromPlane(at(event).map((x, d) => x + grip[d]))) });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    handle.addEventListener(end, () => {
      grip = null;
      says.removeAttribute("aria-busy");
    });
  }
  svg.addEventListener("click", (event) => {
    if (!handle.contains(event.target)) set({ old: held(fromPlane(at(event))) });
  });
  handle.addEventListener("keydown", (event) => {
    const way = event.key === "Home" ? [0, 0, 0] : KEYS[event.key];
    if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const from = event.key === "Home" ? UNIFORM : get().old;
    set({ old: held(from.map((p, a) => p + way[a] * (event.shiftKey ? STRIDE : STEP))) });
  });
}

const SYNCED = ["old", "q", "drift", "weight", "ball", "radius", "contours"];
const STILL = ["actions", "words", "colours", "distances", "alt", "hint"];

function render({ model, el }) {
  el.classList.add("mb-simplex");
  const still = Object.fromEntries(STILL.map((name) => [name, model.get(name)]));
  const get = () => {
    const state = Object.fromEntries(SYNCED.map((name) => [name, model.get(name)]));
    return { ...still, ...state, adv: advantages(state.q, state.old) };
  };
  const set = (change) => {
    const changes = typeof change === "function" ? change(get()) : change;
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    ours = true;
    ask();
  };
  const body = add(el, "div", { class: "mb-body" });
  const left = add(body, "div", { class: "mb-left" });
  const picture = addPicture(left, still);
  const showControls = addControls(body, still, set);
  const says = add(left, "p", { class: "mb-says", "aria-live": "polite" });
  add(el, "p", { class: "mb-hint" }, still.hint);
  listen(picture, says, get, set);
  let [asked, ours] = [0, false]; // one drawing for all changes of a frame
  const draw = () => {
    asked = 0;
    const state = get();
    const step = mirrorStep(state);
    picture.show(state, step);
    showControls(state);
    says.textContent = describe(state, step);
    if (ours) model.save_changes();
    ours = false;
  };
  const ask = () => (asked ||= requestAnimationFrame(draw));
  for (const name of SYNCED) model.on(`change:${name}`, ask);
  draw();
  return () => cancelAnimationFrame(asked);
}

export default { render };
