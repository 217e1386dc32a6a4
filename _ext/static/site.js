// Formulas are set some at a time, in the order of reading, with a pause after every 8 ms: then the
// page answers who moves a control or scrolls. What MathJax does to a formula it does to one after
// the other; but it finds and measures them together, since the page is laid out for that.
if (window.MathJax) {
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
  MathJax.startup = { pageReady: setAll };
}

// Paper is white, and what is folded on it stays folded: print in light colours, and open.
{
  const root = document.documentElement;
  let theme, folded;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    folded = [...document.querySelectorAll(".bd-article details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const part of folded) part.open = false;
  });
}

// In a page opened as a file the search may not read other pages: it lists them without excerpts.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
