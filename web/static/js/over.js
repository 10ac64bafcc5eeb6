/* A file shown over the page: one looks at it and is back where one was.

   Needs: a[data-over="pdf|picture"][data-name]; <template id="t-over"> with a dialog that has [data-name], [data-out] (links
   to the file itself), .sheet, [data-wait], [data-away], [data-gone], [data-no-view], and buttons [data-shut], [data-again]. */
const copy = document.getElementById('t-over');
let dialog;

/* Whether it can be had now: from the server, or as this browser keeps it. */
async function reach(href) {
  const answer = await fetch(href, { method: 'HEAD' }).catch(() => fetch(href, { cache: 'only-if-cached', mode: 'same-origin' })).catch(() => null);
  if (!answer || answer.status >= 500) return 'away';
  return answer.ok ? 'there' : 'gone';
}

const part = (name) => dialog.querySelector(`[data-${name}]`);

function say(which) {
  for (const name of ['wait', 'away', 'gone', 'no-view']) part(name).hidden = name !== which;
}

function view(kind, href, name) {
  if (kind === 'pdf' && !navigator.pdfViewerEnabled) return say('no-view');
  const shown = document.createElement(kind === 'pdf' ? 'iframe' : 'img');
  if (kind === 'pdf') shown.title = name;
  else shown.alt = name;
  shown.src = href;
  say('');
  dialog.querySelector('.sheet').replaceChildren(shown);
}

async function load({ href, dataset: { over, name } }) {
  say('wait');
  const mine = dialog, state = await reach(href);
  if (mine !== dialog) return;
  if (state === 'there') view(over, href, name);
  else say(state);
}

function open(link) {
  dialog = copy.content.firstElementChild.cloneNode(true);
  part('name').textContent = link.dataset.name;
  for (const out of dialog.querySelectorAll('[data-out]')) out.href = link.href;
  part('shut').addEventListener('click', () => dialog.close());
  part('again').addEventListener('click', () => load(link));
  dialog.addEventListener('close', shut);
  document.body.append(dialog);
  dialog.showModal();
  history.pushState({ over: true }, '');
  return load(link);
}

/* The phone's own way back closes it too, and leaves no step behind. */
function shut() {
  dialog.remove();
  dialog = null;
  if (history.state?.over) history.back();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-over]');
  if (!copy || !link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link).catch((error) => console.warn('over', error));
});
addEventListener('popstate', () => dialog?.close());
