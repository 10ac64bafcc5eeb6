/* Writing: the field grows, Enter sends where there is a keyboard, an @ offers names.

   Needs: form[data-compose] with one <textarea name="text">; its answer to a success is the
   empty form (hx-swap="outerMorph"). <template id="people"> with one
   <li role="option" data-name="Wang Fang" data-also="wf 王芳">…</li> for each member. */
const plain = CSS.supports('field-sizing', 'content');
const desk = matchMedia('(pointer: fine)');
const people = [...(document.getElementById('people')?.content.children ?? [])];
const sent = new WeakMap();
let list = null, field = null, from = 0;

const composer = (target) => target.closest?.('form[data-compose]');

function grow(area) {
  if (plain) return;
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight + 3}px`;
}

function shut() {
  list?.remove();
  field?.removeAttribute('aria-activedescendant');
  field?.removeAttribute('aria-controls');
  list = null;
}

/* The word being written after an @, or null. */
function asked(area) {
  const before = area.value.slice(0, area.selectionStart);
  const start = before.lastIndexOf('@');
  if (start < 0 || /[\w.]/.test(before[start - 1] ?? ' ') || /\n|.{24,}/.test(before.slice(start + 1))) return null;
  return { start, word: before.slice(start + 1).toLocaleLowerCase() };
}

function offer(area) {
  const ask = people.length ? asked(area) : null;
  const fits = ask ? people.filter(({ dataset }) =>
    `${dataset.name} ${dataset.also ?? ''}`.toLocaleLowerCase().split(' ').some((part) => part.startsWith(ask.word))
    || dataset.name.toLocaleLowerCase().startsWith(ask.word)).slice(0, 8) : [];
  shut();
  if (!fits.length) return;
  field = area;
  from = ask.start;
  list = document.createElement('ul');
  list.className = 'people-pop';
  list.id = 'people-pop';
  list.setAttribute('role', 'listbox');
  list.append(...fits.map((item) => item.cloneNode(true)));
  [...list.children].forEach((item, i) => { item.id = `people-${i}`; });
  composer(area).append(list);
  area.setAttribute('aria-controls', list.id);
  choose(list.firstElementChild);
}

function choose(item) {
  for (const other of list.children) other.setAttribute('aria-selected', other === item);
  field.setAttribute('aria-activedescendant', item.id);
  item.scrollIntoView({ block: 'nearest' });
}

const chosen = () => list.querySelector('[aria-selected="true"]');

function take(item) {
  field.setRangeText(`@${item.dataset.name} `, from, field.selectionStart, 'end');
  field.focus();
  shut();
}

function pick(event) {
  const { children } = list, i = [...children].indexOf(chosen());
  if (event.key === 'ArrowDown') choose(children[(i + 1) % children.length]);
  else if (event.key === 'ArrowUp') choose(children[(i - 1 + children.length) % children.length]);
  else if (event.key === 'Enter' || event.key === 'Tab') take(chosen());
  else if (event.key === 'Escape') shut();
  else return false;
  event.preventDefault();
  return true;
}

document.addEventListener('keydown', (event) => {
  const area = event.target;
  if (!area.matches?.('textarea') || !composer(area) || event.isComposing || event.keyCode === 229) return;
  if (list && pick(event)) return;
  if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.altKey || !desk.matches) return;
  event.preventDefault();
  if (area.value.trim()) composer(area).requestSubmit();
}, true);
document.addEventListener('input', ({ target, isComposing }) => {
  if (!target.matches?.('textarea')) return;
  grow(target);
  if (composer(target) && !isComposing) offer(target);
});
document.addEventListener('pointerdown', (event) => {
  const item = list && event.target.closest?.('#people-pop [role="option"]');
  if (item) {
    event.preventDefault();
    take(item);
  }
});
document.addEventListener('focusout', ({ target }) => target === field && setTimeout(shut, 100));

/* What was sent leaves the field; what was typed meanwhile stays. */
document.addEventListener('submit', ({ target }) => {
  const area = composer(target)?.querySelector('textarea');
  if (area) sent.set(target, area.value);
});
document.addEventListener('htmx:after:request', ({ target, detail }) => {
  const form = composer(target), status = detail.ctx?.response?.status ?? detail.ctx?.response?.raw?.status;
  if (!form || !sent.has(form) || !(status >= 200 && status < 300)) return;
  const area = form.querySelector('textarea'), text = sent.get(form);
  sent.delete(form);
  if (area.value.startsWith(text)) area.value = area.value.slice(text.length);
  grow(area);
});
