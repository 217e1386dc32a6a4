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
