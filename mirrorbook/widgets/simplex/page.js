// In the built page no kernel answers: the state is stored beside the picture, and kept here.
for (const root of document.querySelectorAll(".mb-simplex:not([data-alive])")) {
  root.dataset.alive = "";
  const state = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const model = {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    save_changes() {},
    on() {},
  };
  const el = document.createElement("div");
  el.dataset.alive = "";
  root.querySelector(".mb-still").replaceWith(el);
  render({ model, el });
}
