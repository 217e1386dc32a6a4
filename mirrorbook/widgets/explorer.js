// One listener serves every explorer of the page; nothing is unpacked before a control is touched.
if (!window.mirrorbookExplorers) {
  const unpacked = (window.mirrorbookExplorers = new WeakMap());
  document.addEventListener("input", (event) => {
    const explorer = event.target.closest(".mb-explorer");
    const controls = explorer ? [...explorer.querySelectorAll("input, select")] : [];
    if (!controls.includes(event.target)) return;
    if (!unpacked.has(explorer)) {
      const source = explorer.querySelector("script[type='application/json']").textContent;
      unpacked.set(explorer, JSON.parse(source));
    }
    const { templates, values, frames, says } = unpacked.get(explorer);
    let number = 0; // frames are counted with the last control fastest
    for (const control of controls) {
      number = number * (control.options?.length ?? +control.max + 1) + +control.value;
      if (control.options) continue;
      const text = JSON.parse(control.dataset.texts)[control.value];
      control.setAttribute("aria-valuetext", text);
      control.parentElement.querySelector("output").textContent = text;
    }
    const [template, ...slots] = frames[number];
    const still = templates[template];
    explorer.querySelector(".mb-panels").innerHTML =
      still[0] + slots.map((slot, i) => values[slot] + still[i + 1]).join("");
    explorer.querySelector(".mb-says").textContent = says[number];
  });
}
