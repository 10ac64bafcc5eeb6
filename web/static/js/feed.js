/* The feed as one reads it: nothing moves while reading, the list stays short, focus is kept.

   Needs: #feed (role="feed") in the element that scrolls, or in one inside it. #pill: a hidden
   button with a <span> for the number. #feed[data-show="wins"] shows wins
   only. #older: the link to the page before, whose before= follows the last row. */
import { settle } from './put.js';

const KEEP = 200;
const feed = document.getElementById('feed');
const pill = document.getElementById('pill');
const box = feed?.parentElement;
const rows = (selector) => feed.querySelectorAll(`:scope > ${selector}`);

function count() {
  if (!pill) return;
  const kind = feed.dataset.show === 'wins' ? '.win' : '';
  const n = rows(`${kind}:is([data-held], [data-late])`).length;
  pill.hidden = !n;
  pill.querySelector('span').textContent = n;
}

function release() {
  delete box.dataset.away;
  rows('[data-held]').forEach((row) => delete row.dataset.held);
  rows('[data-late]').forEach((row) => {
    delete row.dataset.late;
    settle(feed, row);
  });
  count();
}

/* Whoever scrolls the feed: the list on the desk, the sheet on the phone. */
function scrolled({ target }) {
  if (target !== document && !target.contains(feed)) return;
  const edge = target === document ? 0 : Math.max(0, target.getBoundingClientRect().top);
  if (feed.getBoundingClientRect().top < edge - 8) box.dataset.away = '';
  else if ('away' in box.dataset) release();
}

function trim() {
  if ('away' in box.dataset) return;
  while (feed.childElementCount > KEEP && !feed.lastElementChild.contains(document.activeElement)) {
    feed.lastElementChild.remove();
  }
  const older = document.getElementById('older');
  const n = feed.lastElementChild?.dataset.n;
  if (!older || !n) return;
  for (const name of ['href', 'hx-get']) {
    const address = older.getAttribute(name);
    if (address) older.setAttribute(name, address.replace(/before=\d+/, `before=${n}`));
  }
}

/* Motion is for what has just come: once, and not again when a row is shown after a while. */
function calm() {
  const fresh = [...document.querySelectorAll('.is-new:not(.stamped)')];
  const soon = document.documentElement.dataset.live === 'on' ? 2000 : 0;
  if (fresh.length) setTimeout(() => fresh.forEach((part) => part.classList.remove('is-new')), soon);
}

/* A row that goes while it has the focus hands it to its neighbour. */
function hand({ detail }) {
  for (const { swapSpec, target } of detail.tasks ?? []) {
    if (swapSpec?.style !== 'delete' || !target?.contains(document.activeElement)) continue;
    const next = target.nextElementSibling ?? target.previousElementSibling ?? target.parentElement;
    if (!next.hasAttribute('tabindex')) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  }
}

if (feed) {
  document.addEventListener('scroll', scrolled, { capture: true, passive: true });
  document.addEventListener('live:frame', () => { trim(); count(); calm(); });
  document.addEventListener('live:state', calm);
  document.addEventListener('htmx:before:swap', hand);
  pill?.addEventListener('click', () => {
    release();
    feed.scrollIntoView({ block: 'start' });
    if (!feed.hasAttribute('tabindex')) feed.tabIndex = -1;
    feed.focus({ preventScroll: true });
  });
}
