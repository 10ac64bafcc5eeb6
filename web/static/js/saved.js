/* A check-in that waits on this phone: the sheet says so, and asks how it went all the same.

   Needs: #f-checkin; <template id="t-saved"> with .pane: [data-place], <time>, [data-undo],
   [data-waits] and a hidden [data-sent], and the outcome's form. */
import './kept.js';
import { news, take, waiting } from './outbox.js';
import { write } from './times.js';

function show(item) {
  const pane = document.getElementById('t-saved').content.cloneNode(true).firstElementChild;
  const part = (name) => pane.querySelector(`[data-${name}]`);
  const squad = `/squads/${item.squad}`;
  part('place').textContent = item.shown.place;
  pane.querySelector('time').dateTime = new Date(item.at).toISOString();
  Object.assign(pane.querySelector('form').dataset, { visit: item.id, squad: item.squad });
  part('undo').addEventListener('click', async () => location.assign((await take(item)) ? squad : `/visits/${item.id}`));
  news.addEventListener('change', ({ detail }) => {
    if (detail.item.n !== item.n || detail.state !== 'sent') return;
    part('waits').hidden = part('undo').hidden = true;
    part('sent').hidden = false;
  });
  document.getElementById('f-checkin').replaceWith(pane);
  write(pane);
  history.replaceState(null, '', `#${item.id}`);
}

/* Reopened: what has been sent meanwhile has a page of its own. */
const asked = location.hash.slice(1);
if (asked) {
  const item = (await waiting(document.body.dataset.me)).find(({ id }) => id === asked);
  if (item) show(item);
  else location.replace(`/visits/${asked}`);
}
document.addEventListener('send:saved', ({ detail }) => detail.kind === 'checkin' && show(detail));
