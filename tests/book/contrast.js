// What is drawn or coloured on this page with too little contrast: words, those of figures too, and
// formulas (4.5 : 1, large words 3 : 1), and the lines, markers and edges of figures (3 : 1).
// axe-core skips SVG, and takes seconds for the thousands of words of a page.
() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pencil = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();

  // [red, green, blue, opacity] of any CSS colour, mixed by the browser itself
  const parsed = (colour) => {
    if (!known.has(colour)) {
      pencil.clearRect(0, 0, 1, 1);
      pencil.fillStyle = colour;
      pencil.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pencil.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) =>
    [r, g, b].map((part, i) => a * part + (1 - a) * below[i]).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour
      .slice(0, 3)
      .map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  const paint = (element, kind) => {
    const style = getComputedStyle(element);
    if (style[kind] === "none" || (kind === "stroke" && !parseFloat(style.strokeWidth))) return null;
    const [r, g, b, a] = parsed(style[kind]);
    return [r, g, b, a * style[`${kind}Opacity`] * style.opacity];
  };
  const papers = new Map([[null, [255, 255, 255, 1]]]);
  const paper = (element) => {
    if (!papers.has(element)) {
      const own = parsed(getComputedStyle(element).backgroundColor);
      papers.set(element, over(own, paper(element.parentElement)));
    }
    return papers.get(element);
  };
  const drawn = (svg, names) =>
    [...svg.querySelectorAll(names)].filter((shape) => !shape.closest("defs, clipPath"));
  const fills = (svg) =>
    drawn(svg, "path, rect, circle, polygon")
      .map((shape) => ({ shape, fill: paint(shape, "fill"), box: shape.getBoundingClientRect() }))
      .filter(({ fill }) => fill?.[3] >= 0.01);
  // the colour below the middle of a word or shape: the filled cells of a heat map, else the page;
  // half transparent fills only tint what stands on them, they count below words
  const ground = (above, filled, page, tints) => {
    const own = above.getBoundingClientRect();
    const middle = new DOMPoint((own.left + own.right) / 2, (own.top + own.bottom) / 2);
    let colour = page;
    for (const { shape, fill, box } of filled) {
      if (!(above.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING)) break;
      const { x, y } = middle;
      const near = box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
      if (!near || (!tints && fill[3] < 0.99)) continue;
      const inside = shape.isPointInFill(middle.matrixTransform(shape.getScreenCTM().inverse()));
      if (inside) colour = over(fill, colour);
    }
    return colour;
  };

  const found = new Set();
  const judge = (what, colours, below, least) => {
    const ratio = Math.max(...colours.map((colour) => contrast(over(colour, below), below)));
    if (ratio < least) found.add(`${what}: ${ratio.toFixed(2)} : 1 (${colours} on ${below})`);
  };
  for (const svg of document.querySelectorAll(".mb-panels svg, .mb-simplex svg")) {
    const [page, filled] = [paper(svg), fills(svg)];
    for (const word of svg.querySelectorAll("text")) {
      const colour = paint(word, "fill");
      judge(`"${word.textContent.trim()}"`, [colour], ground(word, filled, page, true), 4.5);
    }
    for (const shape of drawn(svg, "path, use, line, polyline, rect, circle, polygon")) {
      const box = shape.getBoundingClientRect();
      if (!(box.width || box.height)) continue;
      const solid = [paint(shape, "stroke"), paint(shape, "fill")].filter((c) => c?.[3] > 0.99);
      const below = ground(shape, filled, page, false);
      const merges = solid.some((colour) => contrast(colour, below) === 1); // one ink, one shape
      if (solid.length && !merges) judge(`<${shape.localName}>`, solid, below, 3);
    }
  }
  for (const formula of document.querySelectorAll("mjx-container")) {
    judge("formula", [parsed(getComputedStyle(formula).color)], paper(formula), 4.5);
  }
  const judged = new Map(); // block of code -> the kinds of words in it that were judged
  for (const element of document.body.querySelectorAll(":not(svg, svg *, mjx-container *)")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const code = element.closest("pre");
    if (code) {
      const kinds = judged.get(code) ?? judged.set(code, new Set()).get(code);
      const kind = `${element.parentElement.className} ${element.localName} ${element.className}`;
      if (kinds.has(kind)) continue;
      kinds.add(kind);
    }
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const size = parseFloat(fontSize);
    const large = size >= 24 || (size >= 18.66 && fontWeight >= 700);
    const what = `<${element.localName} class="${element.className}">`;
    judge(what, [parsed(color)], paper(element), large ? 3 : 4.5);
  }
  return [...found];
}
