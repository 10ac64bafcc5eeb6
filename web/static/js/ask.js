/* The form for a call that can wait: about whom its address says, also where it is the one this phone has kept.
   #<id>: one that was refused is in it as it was typed, and why; asked anew, the new one takes its place.

   Needs: #f-ask with customer, kind, text, due, photo and [data-wrong]; .bar-top a, the way back. */
import './kept.js';
import { waiting } from './outbox.js';
import { complain, written } from './send.js';

const form = document.getElementById('f-ask');
const field = (name) => form.elements.namedItem(name);
const { searchParams: asked, hash } = new URL(location.href);

function begin(customer, kind, back) {
  field('customer').value = customer ?? '';
  for (const one of form.querySelectorAll('[name="kind"]')) one.checked = one.value === kind;
  document.querySelector('.bar-top a').href = back;
}

function refill({ body, failed }, photos) {
  field('text').value = body.text;
  field('due').value = written(body.due_at).slice(0, 16);
  const all = new DataTransfer();
  for (const { body: { file }, shown: { name } } of photos) all.items.add(new File([file], name, { type: file.type }));
  field('photo').files = all.files;
  field('photo').dispatchEvent(new Event('change', { bubbles: true }));
  complain(form, failed);
}

async function again(id) {
  const mine = await waiting(document.body.dataset.me), call = mine.find((item) => item.id === id && item.failed);
  if (!call) return;
  const photos = mine.filter(({ follows }) => follows === id);
  begin(call.body.customer_id, call.body.kind, form.dataset.waits);
  refill(call, photos);
  form.instead = [call, ...photos];
}

if (location.pathname.endsWith('/new')) {
  begin(asked.get('customer'), asked.get('kind'), asked.has('visit') ? `/visits/${asked.get('visit')}` : '/desk');
  if (hash) again(hash.slice(1)).catch((error) => console.warn('ask', error));
}
