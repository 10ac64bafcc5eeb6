/* Small drawings as images for the map, twice as large as they are shown. */

/* Read at once: without the word, it would be drawn by the graphics card, which is long in giving it back. */
const pen = (side) =>
  Object.assign(document.createElement('canvas'), { width: side, height: side }).getContext('2d', { willReadFrequently: true });

function box(on, colour, inset, side, radius) {
  on.fillStyle = colour;
  on.beginPath();
  on.roundRect(inset, inset, side - 2 * inset, side - 2 * inset, radius);
  on.fill();
}

/** A square in two colours: its edge, and what is in it. */
export function square(edge, ground, side = 26, width = 3.5) {
  const on = pen(side);
  box(on, edge, 1, side, 5);
  box(on, ground, 1 + width, side, 3);
  return on.getImageData(0, 0, side, side);
}

/** The same round. */
export function disc(edge, ground, side = 48, width = 4) {
  const on = pen(side);
  box(on, edge, 1, side, side);
  box(on, ground, 1 + width, side, side);
  return on.getImageData(0, 0, side, side);
}
