/* The visit's calls: their clocks, those that wait on this phone or were refused, and a way to shut the sheet.

   Needs: main#visit[data-visit]; .support; #calling; templates #t-waiting with [data-text] and a button,
   #t-refused with [data-why], [data-text], buttons [data-again] and [data-drop]. */
import './timer.js';
import { again, news, take, waiting } from './outbox.js';

const { visit } = document.getElementById('visit').dataset;
const { me } = document.body.dataset;
const support = document.getElementById(`support-${visit}`);
const sheet = document.getElementById('calling');

const row = (n) => support.querySelector(`[data-waits="${n}"]`);

/* Its photos go with it. */
async function drop({ n, id }) {
  for (const one of await waiting(me)) if (one.n === n || one.follows === id) await take(one);
}

function stand(item) {
  const { kind, queue, n, failed } = item;
  if (kind !== 'call' || queue !== visit || row(n)) return;
  const line = document.getElementById(failed ? 't-refused' : 't-waiting').content.firstElementChild.cloneNode(true);
  line.dataset.waits = n;
  line.querySelector('[data-text]').textContent = item.body.text;
  if (failed) line.querySelector('[data-why]').textContent = Object.values(failed.errors ?? { title: failed.title ?? failed.status }).join(' ');
  line.addEventListener('click', ({ target }) => {
    if (target.closest('[data-again]')) again(item);
    else if (target.closest('button')) drop(item);
  });
  support.prepend(line);
}

news.addEventListener('change', ({ detail: { item, state } }) => {
  if (['new', 'sent', 'gone', 'failed'].includes(state)) row(item.n)?.remove();
  if (['waiting', 'failed'].includes(state)) stand(item);
});
/* The sender is told when an answer is on this phone, and when it has been before its asker's eyes. */
const told = new Set();
function report({ dataset: { answer, call } }, opened) {
  const key = `${answer} ${opened}`;
  if (told.has(key)) return;
  told.add(key);
  const headers = { 'Content-Type': 'application/json', 'Muster-Member': me };
  fetch(`/api/v1/calls/${call}/seen`, { method: 'PUT', headers, body: JSON.stringify({ answer, opened }) }).catch(() => told.delete(key));
}
const covered = () => document.querySelector('.cover[open]') !== null;
const eyes = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting && !document.hidden && !covered()) report(target, true);
});
function look() {
  for (const answer of support.querySelectorAll('[data-answer]:not([data-seen])')) {
    report(answer, false);
    eyes.unobserve(answer);
    eyes.observe(answer);
  }
}
look();
document.addEventListener('live:frame', look);
document.addEventListener('visibilitychange', look);
document.querySelector('.cover')?.addEventListener('toggle', look);
document.addEventListener('keydown', ({ key }) => { if (key === 'Escape' && sheet) sheet.open = false; });
for (const item of await waiting(me).catch(() => [])) stand(item);
