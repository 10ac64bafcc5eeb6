/* A sweep's own page stays as it is on the server: what changes it brings the page's part anew.

   Needs: #sweep[data-sweep], live.js on the page. Menus that are open and what is typed stay, but for the
   menu in which something was done. */
import { news } from './outbox.js';

const KINDS = ['sweep', 'lanes', 'stop', 'pact', 'handover', 'arrived', 'met'];
let due = null;

function anew() {
  due = null;
  const { pathname } = location;
  globalThis.htmx.ajax('GET', pathname, { target: '#sweep', select: '#sweep', swap: 'outerMorph' });
}

const soon = () => { due ??= setTimeout(anew, 200); };

document.addEventListener('live:frame', ({ detail: { kind, data } }) => {
  const id = document.getElementById('sweep')?.dataset.sweep;
  if (KINDS.includes(kind) && (data.sweep ?? data.id) === id) soon();
});
news.addEventListener('change', ({ detail }) => detail.item.kind === 'deed' && detail.state === 'sent' && soon());
addEventListener('submit', ({ target }) => target.closest('.menu')?.removeAttribute('open'), true);
