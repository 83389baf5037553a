// Canvases at the resolution of the screen.

/** Sizes a canvas in CSS pixels and clears it; returns its context, scaled to them. */
export function prepare(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const w = Math.max(1, Math.round(width * ratio));
  const hgt = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w || canvas.height !== hgt) {
    canvas.width = w;
    canvas.height = hgt;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Calls back with the width of an element now and whenever it changes. */
export function onWidth(element, callback) {
  let last = 0;
  const observer = new ResizeObserver((entries) => {
    const width = Math.floor(entries[0].contentRect.width);
    if (width > 0 && width !== last) {
      last = width;
      requestAnimationFrame(() => callback(width));
    }
  });
  observer.observe(element);
  return () => observer.disconnect();
}
