/* Writing: the field grows, Enter sends where there is a keyboard, an @ offers names.

   Needs: form[data-compose] with one <textarea>, whose answer to a success is the empty form.
   <template id="people"> with <li role="option" data-name data-also> for each member.
   [data-say="words"] puts words into the drawer's reply; [data-reply-to="<reply id>"][data-name]
   aims it at a reply: the form's hidden "to" (data-root: the post itself) and an @name. */
const plain = CSS.supports('field-sizing', 'content');
const desk = matchMedia('(pointer: fine)');
const people = [...(document.getElementById('people')?.content.children ?? [])];
const sent = new WeakMap();
let list = null, field = null, from = 0;

const written = 'form[data-compose] textarea';
const area = (form) => (form?.matches?.('[data-compose]') ? form.querySelector('textarea') : null);

function grow(text) {
  if (plain) return;
  text.style.height = 'auto';
  text.style.height = `${text.scrollHeight + 3}px`;
}

function shut() {
  list?.remove();
  field?.removeAttribute('aria-activedescendant');
  field?.removeAttribute('aria-controls');
  list = null;
}

/* The word being written after an @, or null. */
function asked(text) {
  const before = text.value.slice(0, text.selectionStart);
  const start = before.lastIndexOf('@');
  if (start < 0 || /[\w.]/.test(before[start - 1] ?? ' ') || /\n|.{24,}/.test(before.slice(start + 1))) return null;
  return { start, word: before.slice(start + 1).toLocaleLowerCase() };
}

const fits = ({ dataset: { name, also } }, word) => {
  const all = `${name} ${also ?? ''}`.toLocaleLowerCase();
  return all.startsWith(word) || all.split(' ').some((part) => part.startsWith(word));
};

function option(person, i) {
  const item = person.cloneNode(true);
  item.id = `people-${i}`;
  return item;
}

function offer(text) {
  const ask = people.length ? asked(text) : null;
  const found = ask ? people.filter((one) => fits(one, ask.word)).slice(0, 8) : [];
  shut();
  if (!found.length) return;
  field = text;
  from = ask.start;
  list = document.createElement('ul');
  list.className = 'people-pop';
  list.id = 'people-pop';
  list.setAttribute('role', 'listbox');
  list.append(...found.map(option));
  text.form.append(list);
  text.setAttribute('aria-controls', list.id);
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
  const text = event.target;
  if (!text.matches?.(written) || event.isComposing || event.keyCode === 229) return;
  if (list && pick(event)) return;
  if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.altKey || !desk.matches) return;
  event.preventDefault();
  if (text.value.trim()) text.form.requestSubmit();
}, true);
document.addEventListener('input', ({ target, isComposing }) => {
  if (!target.matches?.('textarea')) return;
  grow(target);
  if (target.matches(written) && !isComposing) offer(target);
});
document.addEventListener('pointerdown', (event) => {
  const item = list && event.target.closest?.('#people-pop [role="option"]');
  if (!item) return;
  event.preventDefault();
  take(item);
});
document.addEventListener('focusout', ({ target }) => target === field && setTimeout(shut, 100));

/* Where nothing can be kept to be sent later: what was sent leaves the field, what was typed meanwhile stays. */
document.addEventListener('submit', ({ target }) => area(target) && sent.set(target, area(target).value));
document.addEventListener('htmx:after:request', ({ target, detail }) => {
  const form = target.closest?.('form'), { status } = detail.ctx?.response ?? {};
  if (!sent.has(form) || !(status >= 200 && status < 300)) return;
  const text = area(form), words = sent.get(form);
  sent.delete(form);
  if (!text?.value.startsWith(words)) return;
  text.value = text.value.slice(words.length);
  grow(text);
});

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('[data-say], [data-reply-to]');
  const form = button && document.getElementById('f-reply'), text = area(form);
  if (!text) return;
  const { say, replyTo, name } = button.dataset;
  if (replyTo) form.elements.namedItem('to').value = replyTo;
  if (say) text.value = text.value ? `${text.value.trimEnd()} ${say}` : say;
  else if (!text.value.includes(`@${name}`)) text.value = `@${name} ${text.value}`;
  text.focus();
  grow(text);
});
