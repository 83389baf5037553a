// A colour ramp that is perceptually even and safe for colour-blind eyes (viridis, by anchors).

const ANCHORS = [
  [68, 1, 84], [72, 36, 117], [65, 68, 135], [53, 95, 141], [42, 120, 142], [33, 145, 140],
  [34, 168, 132], [68, 191, 112], [122, 209, 81], [189, 223, 38], [253, 231, 37],
];
const STEPS = 256;

/** The colour of what is no number: in no ramp, darker than its bright end. */
export const NOT_A_NUMBER = [226, 24, 92];

const TABLE = Array.from({ length: STEPS }, (unused, i) => {
  const at = (i / (STEPS - 1)) * (ANCHORS.length - 1);
  const left = Math.min(ANCHORS.length - 2, Math.floor(at));
  const share = at - left;
  return ANCHORS[left].map((part, k) => Math.round(part + (ANCHORS[left + 1][k] - part) * share));
});

/** The colour at a place of 0 to 1: red, green, blue. */
export function ramp(place) {
  return TABLE[Math.max(0, Math.min(STEPS - 1, Math.round(place * (STEPS - 1))))];
}

/** An image of one pixel a cell; cell(column, row) gives red, green, blue or null. */
export function cellImage(columns, rows, cell) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const rgb = cell(column, row);
      if (rgb) {
        const at = 4 * (row * columns + column);
        image.data[at] = rgb[0];
        image.data[at + 1] = rgb[1];
        image.data[at + 2] = rgb[2];
        image.data[at + 3] = 255;
      }
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Draws the ramp from left to right. */
export function drawRamp(context, x, y, width, height) {
  for (let i = 0; i < width; i += 1) {
    const [r, g, b] = ramp(i / Math.max(1, width - 1));
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(x + i, y, 1, height);
  }
}
