/* Positions that members share, on the squad's map: not where they checked in, and only until a time.

   Needs: #t-shared. `shared` is share.js's list, `members` the map's people by id, `look` {me, you}. */
import { drawn, stand } from './paper.js';
import { clock } from './times.js';

const LABEL = [90, 24], DOT = [60, 60];
const standing = new Map();

/* A label that would cover another, or somebody's position, is left out: the bar tells names and time, too. */
function part(map) {
  const all = [...standing.values()].map((marker) => ({ label: marker.getElement().lastElementChild, ...map.project(marker.getLngLat()) }));
  const kept = [];
  for (const one of all) {
    const under = ({ x, y }) => Math.abs(x - one.x) < DOT[0] && y > one.y && y - one.y < DOT[1];
    const beside = ({ x, y }) => Math.abs(x - one.x) < LABEL[0] && Math.abs(y - one.y) < LABEL[1];
    one.label.hidden = all.some(under) || kept.some(beside);
    if (!one.label.hidden) kept.push(one);
  }
}

/** Makes the map stand as the list says. */
export function place(map, shared, members, look) {
  for (const [id, marker] of standing) {
    if (shared.some((one) => one.id === id)) continue;
    marker.remove();
    standing.delete(id);
  }
  for (const { id, at, until } of shared) {
    if (!members[id]) continue;
    const marker = standing.get(id) ?? stand(map, document.getElementById('t-shared').content.firstElementChild.cloneNode(true), at);
    standing.set(id, marker.setLngLat(drawn(at)));
    const element = marker.getElement(), [dot, label] = element.children;
    const { colour, initials, name } = members[id], time = clock(new Date(until));
    element.classList.add(`m${colour}`);
    element.dataset.member = id;
    dot.textContent = initials;
    label.textContent = label.dataset.text.replace('{time}', time);
    element.setAttribute('aria-label', element.dataset.text.replace('{name}', id === look.me ? look.you : name).replace('{time}', time));
  }
  part(map);
}
