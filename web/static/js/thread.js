/* The thread drawer: opened by a link or from the map, closed by its button or Esc.

   Needs: <aside id="thread" class="drawer"> on the page, empty and without .open. A link
   a[hx-get][hx-target="#thread"][hx-swap="outerMorph"] answers with the whole aside: class
   "drawer open", data-post, data-at (the squad stream's offset read before its content),
   a [data-close] inside. #map[data-squad] names the squad for openings from the map.
   Says thread:open (detail: the post's id) and thread:close on document. */
import { cursor } from './live.js';

let opener = null, shown = null, again = 0;
const drawer = () => document.getElementById('thread');
const squad = () => document.getElementById('map')?.dataset.squad;
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

/** Open the thread of a post; the focus comes back to `from` when it closes. */
export function open(post, from = document.activeElement) {
  if (!drawer()) return location.assign(`/squads/${squad()}/posts/${post}`);
  opener = from;
  return fetchThread(`/squads/${squad()}/posts/${post}`);
}

const fetchThread = (address) =>
  htmx.ajax('GET', address, { source: document.getElementById('wire'), target: '#thread', swap: 'outerMorph' });

export function close() {
  const aside = drawer();
  if (!aside?.classList.contains('open')) return;
  const inside = aside.contains(document.activeElement) || document.activeElement === document.body;
  aside.classList.remove('open');
  shown = null;
  tell('thread:close');
  if (inside && opener?.isConnected) opener.focus({ preventScroll: true });
}

/* What came while the thread was being fetched was for rows that were not there yet. */
function swapped() {
  const aside = drawer();
  if (!aside?.classList.contains('open')) return;
  const { post, at } = aside.dataset;
  if (Number(at) < cursor() && again++ < 5) fetchThread(`/squads/${squad()}/posts/${post}`);
  else again = 0;
  if (post === shown) return;
  shown = post;
  const first = aside.querySelector('[data-close]');
  first?.focus({ preventScroll: true });
  tell('thread:open', post);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('[hx-target="#thread"]');
  if (link) opener = link;
  if (!event.target.closest?.('#thread [data-close]')) return;
  event.preventDefault();
  close();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
  const menu = document.querySelector('details:is(.menu, .picker)[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else close();
});
document.addEventListener('htmx:after:swap', swapped);
document.addEventListener('live:frame', ({ detail }) => {
  const aside = drawer();
  if (detail.offset - 1 === Number(aside?.dataset.at) && detail.stream === squad()) aside.dataset.at = detail.offset;
  if (detail.kind === 'reset') swapped();
  if (detail.kind === 'deleted' && detail.data.post === shown && detail.data.id === shown) close();
});
