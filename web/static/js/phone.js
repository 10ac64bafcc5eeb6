/* What this phone keeps, and what it says before it is handed on.

   Needs HTTPS or this machine; elsewhere Muster works without. #map[data-squad] or
   #checkin[data-squad]: that squad's page, map and check-in are kept for bad signal, and the form for a call; with #strip its sweep.
   Documents that are to be kept here are brought up to date.
   form[data-leaves] (signs out) with a hidden [data-unsent] that has a <b data-text="… {n} …">. */
import { news, waiting } from './outbox.js';

const { me } = document.body.dataset;
const squad = document.querySelector('#map[data-squad], #checkin[data-squad]')?.dataset.squad;

async function register() {
  await navigator.serviceWorker.register('/sw.js', { type: 'module' });
  const phone = await navigator.serviceWorker.ready;
  const tell = (words) => phone.active.postMessage(words);
  if (me) news.addEventListener('change', ({ detail }) => detail.state === 'waiting' && phone.sync?.register('outbox').catch(() => {}));
  if (me && await caches.has(`pinned ${me}`)) import('./pins.js');
  if (!me || !squad) return;
  const files = performance.getEntriesByType('resource').map(({ name }) => new URL(name)).filter(({ origin }) => origin === location.origin);
  const home = `/squads/${squad}`, sweep = document.getElementById('strip')?.dataset.sweep;
  tell({ keep: [...(sweep ? [`/sweeps/${sweep}`] : []), ...files.map(({ pathname, search }) => pathname + search), location.pathname, home, `${home}/checkin`, `/api/v1${home}/map`] });
  tell({ keep: [`${home}/calls/new`], once: true });
  document.addEventListener('live:state', ({ detail }) => detail === 'gone' && tell({ forget: home }));
}

/* Once the page is there: what it loaded is what is kept. */
const begin = () => setTimeout(() => register().catch((error) => console.warn('phone', error)), 1000);
if (navigator.serviceWorker && document.readyState === 'complete') begin();
else if (navigator.serviceWorker) addEventListener('load', begin);

/* Words that wait stay on the phone, for their writer alone: whoever leaves is told, once. */
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!('leaves' in form.dataset) || 'told' in form.dataset) return;
  event.preventDefault();
  form.dataset.told = '';
  const { length } = await waiting(me).catch(() => []);
  if (!length) return form.requestSubmit(event.submitter);
  const notice = form.querySelector('[data-unsent]'), words = notice.querySelector('[data-text]');
  words.textContent = words.dataset.text.replace('{n}', length);
  notice.hidden = false;
});
