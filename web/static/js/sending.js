/* A visit's photos that are still on this phone: how far the one that goes is, why one was refused, and the
   picture once it is there.

   Needs: #sending[data-post] with a hidden <progress> and a hidden .fail with a <span>; #ph-<post>, what the
   squad sees of the photos. */
import { news, waiting } from './outbox.js';

const box = document.getElementById('sending');
const { post } = box.dataset;
const bar = box.querySelector('progress');
const wrong = box.querySelector('.fail');

async function arrived() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  const there = page.getElementById(`ph-${post}`);
  if (there) document.getElementById(there.id)?.replaceWith(document.adoptNode(there));
}

function tell({ item: { kind, shown, failed }, state, part }) {
  if (kind !== 'photo' || shown.post !== post) return;
  bar.hidden = state !== 'going';
  bar.value = part ?? 0;
  wrong.hidden = !failed;
  if (failed) wrong.querySelector('span').textContent = Object.values(failed.errors ?? { title: failed.title }).join(' ');
  if (state === 'sent') arrived().catch((error) => console.warn('photos', error));
}

news.addEventListener('change', ({ detail }) => tell(detail));
for (const item of await waiting(document.body.dataset.me).catch(() => [])) tell({ item });
