/* Photos at the lines of a log, the problems a line shows, and whom it is for: chosen, they go through the outbox like
   its words, so they wait on this phone while there is no signal, and the photo follows what names it.

   Needs: form#draft[data-squad][data-url]; for each line [data-photos="<key>"] and an input[type=file] named
   p-<key>, checkboxes m-<key> and to; in [data-photo="<id>"] a checkbox x-<id>; <template id="t-photo"> with an img
   and [data-drop]; [data-wrong]. */
import { add, newId, news, take, waiting } from './outbox.js';
import { shrink } from './photo.js';

const me = document.body.dataset.me;
const form = document.getElementById('draft');
const { squad, url } = form.dataset;
const queue = `log ${url}`;

const change = (body) => ({
  kind: 'log', id: newId(), member: me, squad, queue, at: Date.now(), method: 'PATCH',
  url, body, shown: { name: document.title },
});

function show(key, id, file) {
  const chip = document.getElementById('t-photo').content.firstElementChild.cloneNode(true);
  chip.dataset.photo = id;
  chip.querySelector('img').src = URL.createObjectURL(file);
  chip.querySelector('[data-drop]').addEventListener('click', () => drop(chip));
  form.querySelector(`[data-photos="${key}"]`)?.append(chip);
}

async function drop(chip) {
  const id = chip.dataset.photo;
  chip.remove();
  for (const item of await waiting(me)) if (item.kind === 'photo' && item.id === id) await take(item);
  await add(change({ without: [id] }));
}

async function choose(input) {
  const key = input.name.slice(2), files = [...input.files];
  input.value = '';
  for (const file of files) {
    const id = newId(), named = change({ photos: [{ id, key }] }), small = await shrink(file);
    await add(named, {
      kind: 'photo', id, member: me, squad, at: named.at, queue: id, follows: named.id,
      method: 'POST', url: '/photos', body: { id, file: small }, shown: { name: file.name },
    });
    show(key, id, small);
  }
}

function marked({ name }) {
  const chosen = [...form.querySelectorAll(`input[name="${name}"]:checked`)].map(({ value }) => value);
  return add(change({ problems: { [name.slice(2)]: chosen } }));
}

function addressed() {
  return add(change({ recipients: [...form.querySelectorAll('input[name="to"]:checked')].map(({ value }) => value) }));
}

form.addEventListener('change', ({ target }) => {
  if (target.type === 'file') choose(target);
  else if (target.name === 'to') addressed();
  else if (target.name?.startsWith('m-')) marked(target);
  else if (target.name?.startsWith('x-')) drop(target.closest('[data-photo]'));
});

/* Refused with its words: said once, and gone from the page. */
news.addEventListener('change', async ({ detail: { item, state } }) => {
  const mine = item.member === me && (item.queue === queue ? !('device' in item.body) : form.querySelector(`[data-photo="${item.id}"]`));
  if (!mine || state !== 'failed') return;
  await take(item);
  form.querySelector(`[data-photo="${item.id}"]`)?.remove();
  const place = form.querySelector('[data-wrong]');
  place.querySelector('p').textContent = Object.values(item.failed.errors ?? { title: item.failed.title }).join(' ');
  place.hidden = false;
});

/* Chosen before, and not sent yet. */
const kept = await waiting(me).catch(() => []);
for (const { queue: whose, body } of kept) {
  if (whose !== queue) continue;
  for (const { id, key } of body.photos ?? []) {
    const picture = kept.find((item) => item.kind === 'photo' && item.id === id);
    form.querySelector(`[data-photo="${id}"]`)?.remove();
    if (picture) show(key, id, picture.body.file);
  }
}
