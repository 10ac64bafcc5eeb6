/* The visit's calls: their clocks, those that wait on this phone, and a way to shut the sheet.

   Needs: main#visit[data-visit]; .support; #calling; <template id="t-waiting"> with a button. */
import './timer.js';
import { news, take, waiting } from './outbox.js';

const { visit } = document.getElementById('visit').dataset;
const { me } = document.body.dataset;
const support = document.getElementById(`support-${visit}`);
const sheet = document.getElementById('calling');

const row = (n) => support.querySelector(`[data-waits="${n}"]`);

function stand(item) {
  if (item.kind !== 'call' || item.queue !== visit || item.failed || row(item.n)) return;
  const line = document.getElementById('t-waiting').content.firstElementChild.cloneNode(true);
  line.dataset.waits = item.n;
  line.querySelector('[data-text]').textContent = item.body.text;
  line.querySelector('button').addEventListener('click', () => take(item));
  support.prepend(line);
}

news.addEventListener('change', ({ detail: { item, state } }) => {
  if (state === 'waiting') stand(item);
  if (['sent', 'gone', 'failed'].includes(state)) row(item.n)?.remove();
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
