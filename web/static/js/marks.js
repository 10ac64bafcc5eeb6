/* What stands on the squad's map: pins, stops, stacks of stops. Elements are kept, moved and
   relabelled, never made anew, so that focus and an open stack survive every frame.

   Makes: button.pin[data-member][data-post], button.stop[data-post], button.stop.group,
   .cluster (the list of a stack). What is open in the thread has aria-expanded. */
import { open as openThread } from './thread.js';
import { drawn, stand } from './paper.js';
import { clock } from './times.js';

const NEAR = 22;
const STALE = 40 * 60000;
const standing = new Map();
let shown = null, list = null;

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

/* One element for each key; whoever is not named any more leaves. */
function keep(map, keys) {
  for (const [key, marker] of standing) {
    if (keys.has(key)) continue;
    marker.remove();
    standing.delete(key);
  }
}

function at(map, key, place, build) {
  let marker = standing.get(key);
  if (marker) {
    const was = marker.getLngLat(), [lng, lat] = drawn(place);
    if (was.lng !== lng || was.lat !== lat) marker.setLngLat([lng, lat]);
  } else {
    marker = stand(map, build(), place);
    standing.set(key, marker);
  }
  return marker.getElement();
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function button(className) {
  const element = make('button', className);
  element.type = 'button';
  element.addEventListener('click', () => element.dataset.post && openThread(element.dataset.post, element));
  return element;
}

function buildPin({ id, member }) {
  const element = button(`pin m${member.colour}`);
  element.dataset.member = id;
  const flag = make('span', 'flag'), disc = make('span', `disc m${member.colour}`, member.initials);
  flag.append(make('span', ''), make('small', ''));
  for (const part of [disc, flag]) part.setAttribute('aria-hidden', 'true');
  element.append(disc, flag, make('span', 'sr'));
  return element;
}

function pin(map, trail, look) {
  const last = trail.stops.at(-1);
  const element = at(map, `pin ${trail.id}`, last.at, () => buildPin(trail));
  const [disc, flag, name] = element.children;
  const moment = new Date(last.captured);
  write(disc, trail.member.initials);
  write(flag.firstChild, trail.id === look.me && look.you ? look.you : trail.member.name);
  write(flag.lastChild, `${clock(moment)} · ${last.name}`);
  write(name, `${trail.member.name}, ${clock(moment)}, ${last.name}`);
  element.classList.toggle('stale', Date.now() - moment > STALE);
  element.classList.toggle('won', last.result === 'won');
  if (element.dataset.post && element.dataset.post !== last.id && look.live) arrive(element);
  element.dataset.post = last.id;
  return element;
}

function arrive(element) {
  element.classList.remove('is-new');
  void element.offsetWidth;
  element.classList.add('is-new');
  element.addEventListener('animationend', () => element.classList.remove('is-new'), { once: true });
}

/* Stops closer than they are wide at this zoom stand together. */
function stacks(map, stops) {
  const found = [];
  for (const stop of stops) {
    const spot = map.project(drawn(stop.at));
    const near = found.find((other) => Math.hypot(other.spot.x - spot.x, other.spot.y - spot.y) < NEAR);
    if (near) near.stops.push(stop);
    else found.push({ spot, stops: [stop] });
  }
  return found;
}

function stop(map, one) {
  const element = at(map, `stop ${one.id}`, one.at, () => button(''));
  element.className = `stop m${one.colour}${one.result === 'won' ? ' won' : ''} maplibregl-marker`;
  write(element, String(one.number));
  element.dataset.post = one.id;
  element.setAttribute('aria-label', `${one.who}, ${one.number}: ${one.name}`);
}

function stack(map, stops) {
  const key = `stack ${stops[0].id}`;
  const element = at(map, key, stops[0].at, () => {
    const made = button('stop group');
    made.addEventListener('click', () => unfold(map, made));
    return made;
  });
  element.stops = stops;
  element.classList.toggle('won', stops.some(({ result }) => result === 'won'));
  write(element, String(stops.length));
  element.setAttribute('aria-label', `${stops.length}: ${stops.map(({ who, name }) => `${who}, ${name}`).join('; ')}`);
  element.setAttribute('aria-haspopup', 'true');
  return key;
}

/* The list of a stack stays open until it is closed, whatever comes. */
function unfold(map, element) {
  fold();
  const box = make('div', 'cluster');
  box.append(make('div', 'items'));
  list = { ids: new Set(), from: element, marker: stand(map, box, element.stops[0].at) };
  fill(element.stops);
  box.querySelector('button')?.focus({ preventScroll: true });
}

export function fold() {
  if (!list) return false;
  const { from, marker } = list, inside = marker.getElement().contains(document.activeElement);
  marker.remove();
  list = null;
  if (inside && from.isConnected) from.focus({ preventScroll: true });
  return true;
}

function fill(stops) {
  const items = list.marker.getElement().firstChild;
  stops.forEach(({ id }) => list.ids.add(id));
  const rows = stops.map((one) => {
    const row = [...items.children].find(({ dataset }) => dataset.post === one.id) ?? button('');
    row.dataset.post = one.id;
    const dot = row.firstElementChild ?? row.appendChild(make('i', ''));
    dot.className = `stop m${one.colour}${one.result === 'won' ? ' won' : ''}`;
    write(dot, String(one.number));
    const text = row.children[1] ?? row.appendChild(make('span', ''));
    write(text, `${one.who} · ${clock(new Date(one.captured))} · ${one.name}`);
    return row;
  });
  for (const row of [...items.children]) if (!rows.includes(row)) row.remove();
  rows.forEach((row) => row.parentNode ?? items.append(row));
}

function refill(all, groups) {
  if (!list) return;
  const around = groups.find(({ stops }) => stops.some(({ id }) => list.ids.has(id)));
  const ids = new Set([...list.ids, ...(around?.stops ?? []).map(({ id }) => id)]);
  const left = all.filter(({ id }) => ids.has(id));
  if (left.length) fill(left);
  else fold();
}

const SIDES = ['', 'flip', 'over', 'quiet'];
const TALL = 42;

/* A flag stands on the side where it covers no other pin, no plate and least of the flags and stops; else it keeps
   quiet until somebody points at its pin. Boxes are in pixels of the map, a pin's disc 66 to 8 above its place. */
function flags(map, pins, groups) {
  const { clientWidth: width } = map.getContainer();
  const box = (left, top, wide, tall, weight) => ({ left, top, right: left + wide, bottom: top + tall, weight });
  const spots = pins.map(({ element, place }) => ({ element, wide: element.children[1].offsetWidth, ...map.project(drawn(place)) }));
  const taken = groups.map(({ spot }) => box(spot.x - 10, spot.y - 10, 20, 20, 1));
  taken.push(...spots.map(({ x, y }) => box(x - 26, y - 66, 52, 58, 8)));
  for (const one of map.getContainer().parentElement.querySelectorAll(':scope > .plate')) {
    taken.push(box(one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight, 8));
  }
  const chosen = new Map();
  const hit = (one, other) => other.left < one.right && other.right > one.left && other.top < one.bottom && other.bottom > one.top;
  const cost = (one) => [...taken, ...chosen.values()].reduce((sum, other) => sum + (hit(one, other) ? other.weight : 0),
    one.left < 0 || one.right > width ? 8 : 0);
  for (const { element, x, y, wide } of [...spots, ...spots]) { // the second time round, all the others are known
    chosen.delete(element);
    const boxes = [box(x + 27, y - 49, wide, TALL, 8), box(x - 27 - wide, y - 49, wide, TALL, 8), box(x - wide / 2, y - 100, wide, TALL, 8)];
    const costs = [...boxes.map(cost), 7.5], side = costs.indexOf(Math.min(...costs));
    if (side < 3) chosen.set(element, boxes[side]);
    SIDES.forEach((name, i) => name && element.classList.toggle(name, i === side));
  }
}

/** Make the map stand as the trails say. look: {me, you, live}. */
export function stake(map, trails, look) {
  const keys = new Set(), pins = [], all = [];
  for (const trail of trails) {
    keys.add(`pin ${trail.id}`);
    pins.push({ element: pin(map, trail, look), place: trail.stops.at(-1).at });
    const { colour, name: who } = trail.member;
    const done = trail.stops.filter(({ result }, i) => i < trail.stops.length - 1 || result === 'won');
    all.push(...done.map((one) => ({ ...one, colour, who })));
  }
  const groups = stacks(map, all);
  for (const { stops } of groups) {
    if (stops.length > 1) keys.add(stack(map, stops));
    else {
      keys.add(`stop ${stops[0].id}`);
      stop(map, stops[0]);
    }
  }
  keep(map, keys);
  refill(all, groups);
  flags(map, pins, groups);
  mark(shown);
}

/** Mark what stands for the post that is open in the thread; null for none. */
export function mark(post) {
  shown = post;
  for (const marker of standing.values()) {
    const element = marker.getElement();
    const on = post !== null && (element.dataset.post === post || element.stops?.some(({ id }) => id === post));
    if (on) element.setAttribute('aria-expanded', 'true');
    else element.removeAttribute('aria-expanded');
  }
}
