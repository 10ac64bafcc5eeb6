/* The page's scripts in their order. Everything works without the map, which comes last.

   Loaded as <script type="module"> after htmx.min.js (defer); pages without htmx may load it too. */
import './put.js';
import './times.js';
import './mine.js';
import './stale.js';
import './feed.js';
import './thread.js';
import './compose.js';
import './menus.js';
import './send.js';
import './phone.js';
import './live.js';
import './reading.js';
import './strip.js';

const later = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 200));
const map = document.getElementById('map');

/* Without WebGL there is no map; the feed holds all that it shows. */
const quiet = (error) => {
  console.warn('map', error);
  map.dataset.noMap = '';
};

/* What is shared is heard in its order, by whoever shares; for all others nothing of it is loaded. */
let sharing = document.querySelector('#sharing:not([hidden])') && import('./share.js');
document.addEventListener('live:frame', ({ detail }) => {
  if (detail.kind === 'shared') sharing ??= import('./share.js');
  sharing?.then(({ take }) => take(detail)).catch((error) => console.warn('sharing', error));
});

/* A call for help, once there is one to be seen. */
const help = () => document.querySelector('[data-calling]') && import('./calls.js');
if (!help()) document.addEventListener('live:frame', ({ detail }) => ['call', 'reset'].includes(detail.kind) && help());

/* The list of documents, once somebody wants one; without popovers the button leads to the drive. */
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-attach]');
  if (!button || !document.getElementById('picks')?.showPopover) return;
  event.preventDefault();
  import('./attach.js').then(({ open }) => open(button), console.warn);
});

if (document.getElementById('t-fate')) import('./waiting.js').catch(console.warn);
if (document.getElementById('checkin')) import('./checkin.js');
if (map?.dataset.squad) later(() => import('./map.js').catch(quiet));
if (document.getElementById('sending')) import('./sending.js');
