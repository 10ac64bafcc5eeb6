/* The dot that says where I am, to me alone. Nothing is sent from here. */
import { drawn, pixels, stand } from './paper.js';

let dot = null, metres = 0;

const size = (map) => dot.getElement().style.setProperty('--r', `${pixels(map, metres)}px`);

/** The dot with its circle of accuracy, put or moved. */
export function show(map, { longitude, latitude, accuracy }) {
  metres = accuracy;
  if (dot) dot.setLngLat(drawn([longitude, latitude]));
  else {
    const element = document.createElement('span');
    element.className = 'me';
    dot = stand(map, element, [longitude, latitude]);
    map.on('zoom', () => dot && size(map));
  }
  size(map);
}

export function hide() {
  dot?.remove();
  dot = null;
}
