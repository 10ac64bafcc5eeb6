/* Documents of the drive that go along with words: chosen in #picks, chips until they are sent. Loaded with the first.

   Needs: the button in a form with [data-picked]; #picks, a popover with data-from (the address of its list; the
   button may have another), a search field, .offline and .failed (shown without signal, or when it is refused),
   [data-found] for the list, in which button[data-document][data-name], and a <template> of a chip. */
const picks = document.getElementById('picks');
const found = picks.querySelector('[data-found]'), field = picks.querySelector('input'), away = picks.querySelector('.offline'), failed = picks.querySelector('.failed');
let form, from, asked = 0, pause;

async function list() {
  const mine = ++asked, address = `${from}?q=${encodeURIComponent(field.value)}`;
  const answer = await fetch(address).catch(() => null);
  if (answer?.redirected || answer?.status === 401) return location.reload(); // signed out: to where one signs in
  const words = answer?.ok ? await answer.text() : null;
  if (mine !== asked) return;
  away.hidden = answer !== null;
  failed.hidden = !answer || answer.ok;
  found.innerHTML = words ?? '';
}

/** A document’s chip in a form, once; answers where the chips are. */
export function put(into, id, name) {
  const place = into.querySelector('[data-picked]');
  if (!place.querySelector(`[name="documents"][value="${id}"]`)) {
    place.append(picks.querySelector('template').content.cloneNode(true));
    const chip = place.lastElementChild;
    chip.querySelector('input').value = id;
    chip.querySelector('.cut').textContent = name;
  }
  return place;
}

function choose({ document: id, name }) {
  const place = put(form, id, name);
  picks.hidePopover();
  (form.querySelector('textarea') ?? place.querySelector('input')).focus();
}

/** Lets somebody choose for the button's form. */
export function open(button) {
  form = button.closest('form');
  from = button.dataset.from ?? picks.dataset.from;
  picks.showPopover();
  field.focus();
  list();
}

field.addEventListener('input', () => {
  clearTimeout(pause);
  pause = setTimeout(list, 200);
});
found.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-document]');
  if (button) choose(button.dataset);
});
