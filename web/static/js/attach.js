/* Documents of the drive that go along with words: chosen in #picks, chips until they are sent. Loaded with the first.

   Needs: the button in a form with [data-picked]; #picks, a popover with data-from (the address of its list), a
   search field, [data-found] for the list, in which button[data-document][data-name], and a <template> of a chip. */
const picks = document.getElementById('picks');
const found = picks.querySelector('[data-found]'), field = picks.querySelector('input'), away = picks.querySelector('.offline');
let form, from, asked = 0, pause;

async function list() {
  const mine = ++asked, address = `${from}?q=${encodeURIComponent(field.value)}`;
  const answer = await fetch(address).catch(() => null);
  const words = answer?.ok && !answer.redirected ? await answer.text() : null;
  if (mine !== asked) return;
  away.hidden = words !== null;
  found.innerHTML = words ?? '';
}

function choose({ document: id, name }) {
  const place = form.querySelector('[data-picked]');
  if (!place.querySelector(`[name="documents"][value="${id}"]`)) {
    place.append(picks.querySelector('template').content.cloneNode(true));
    const chip = place.lastElementChild;
    chip.querySelector('input').value = id;
    chip.querySelector('.cut').textContent = name;
  }
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
