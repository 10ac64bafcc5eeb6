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
document.addEventListener('keydown', ({ key }) => { if (key === 'Escape' && sheet) sheet.open = false; });
for (const item of await waiting(me).catch(() => [])) stand(item);
