// MathJax comes when the page is parsed and its controls answer, since its start alone takes longer
// than all explorers together. Formulas are then set some at a time, in the order of reading, with a
// pause after every 8 ms, so that the page answers who moves a control or scrolls. What MathJax does
// to a formula it does to one after the other; but it finds and measures them together, since the
// page is laid out for that.
{
  const { port1, port2 } = new MessageChannel();
  const pause = () => new Promise((go) => ((port1.onmessage = go), port2.postMessage(0)));
  let rested = performance.now();
  const together = ["find", "metrics", "update", "styles", "checkLoading"];
  const setSome = async (page, elements) => {
    const { handleRetriesFor } = MathJax._.mathjax.mathjax; // again when what was missing is there
    page.options.elements = elements;
    page.reset();
    const known = new Set(page.math);
    for (const { item: action } of page.renderActions) {
      if (together.includes(action.id)) {
        await handleRetriesFor(() => action.renderDoc(page));
        continue;
      }
      for (const formula of page.math) {
        if (known.has(formula)) continue;
        await handleRetriesFor(() => action.renderMath(formula, page));
        if (performance.now() < rested + 8) continue;
        await pause();
        rested = performance.now();
      }
    }
  };
  const setAll = async () => {
    const elements = [...document.querySelectorAll(".math")];
    while (elements.length) await setSome(MathJax.startup.document, elements.splice(0, 60));
  };
  const script = document.createElement("script");
  script.src = new URL("mathjax/tex-chtml.js", document.currentScript.src);
  window.mathsAreSet = new Promise((done, failed) => {
    MathJax.startup = { pageReady: () => setAll().then(done, failed) };
    script.onerror = failed;
  });
  addEventListener("DOMContentLoaded", () => setTimeout(() => document.head.append(script)));
}
