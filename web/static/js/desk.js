/* The desk's page: its filters at once, its keys, and the case's ways to answer as they are now.

   Needs: #desk[data-case]; #queue[data-kind][data-customer][data-squads] and #over with .call-row that say these too; #none; .case > .list, above which stands #late;
   .filters; [data-key="claim|answer"]; #kit, which a change replaces but for its #f-answer that is being written. */
import './looked.js';
import './ring.js';
import './timer.js';

const desk = document.getElementById('desk');
const queue = document.getElementById('queue');
const rows = () => [...queue.querySelectorAll('.call-row:not([hidden])')];

function sift() {
  const { kind, customer, squads } = queue.dataset;
  for (const row of document.querySelectorAll('.call-row')) {
    row.hidden = Boolean((kind && row.dataset.kind !== kind) || (customer && row.dataset.customer !== customer) || (squads !== undefined && !squads.split(' ').includes(row.dataset.squad)));
    row.toggleAttribute('aria-current', row.id === `q-${desk.dataset.case}`);
    if (row.hasAttribute('aria-current')) row.setAttribute('aria-current', 'true');
  }
  document.getElementById('none').hidden = rows().length > 0;
}

const written = (form) => form?.contains(document.activeElement) || [...form?.querySelectorAll('textarea, input:not([type=hidden])') ?? []].some(({ value, defaultValue }) => value !== defaultValue);

/* What is being written stays where it is, and what one may do with the call changes around it. */
function put(page) {
  const kit = document.getElementById('kit'), fresh = page.getElementById('kit');
  if (!kit || !fresh) return;
  const [mine, theirs] = [kit, fresh].map((one) => one.querySelector('#f-answer'));
  if (!written(mine)) kit.replaceWith(document.adoptNode(fresh));
  else {
    for (const part of [...kit.children]) if (part !== mine) part.remove();
    const parts = [...fresh.children], at = theirs ? parts.indexOf(theirs) : parts.length;
    mine.before(...parts.slice(0, at));
    mine.after(...parts.slice(at + 1));
  }
}

const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html');

async function renew() {
  const answer = await fetch(location.href, { cache: 'no-store' });
  if (answer.ok) put(await parsed(answer));
}

/* Without leaving the page: whoever takes it goes on to write at once, and who was late reads who has it. A change may
   have taken the form from the page meanwhile: it could not be sent again. */
async function claim(event) {
  const { target: form } = event;
  if (!form.querySelector('[data-key="claim"]')) return;
  event.preventDefault();
  const answer = await fetch(form.action, { method: 'POST' }).catch(() => null);
  if (answer?.ok || answer?.status === 409) {
    const page = await parsed(answer), late = page.getElementById('late');
    put(page);
    document.getElementById('late')?.remove();
    if (late) {
      document.querySelector('.case > .list').prepend(document.adoptNode(late));
      late.scrollIntoView({ block: 'center' });
    }
  } else if (form.isConnected) form.submit();
  else location.reload();
}

function key({ key: name, target, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey || target.closest('input, textarea, select')) return;
  const all = rows(), at = all.indexOf(document.activeElement);
  if (name === 'j') all[Math.min(at + 1, all.length - 1)]?.focus();
  else if (name === 'k') all[Math.max(at - 1, 0)]?.focus();
  else if (name === 'c') desk.querySelector('[data-key="claim"]')?.click();
  else if (name === 'a') {
    document.getElementById('answer')?.focus();
    return true;
  }
}

/* A file dropped anywhere on the case goes along with the answer. */
for (const kind of ['dragover', 'drop']) desk.addEventListener(kind, (event) => {
  const zone = document.getElementById('drop');
  if (!zone || !event.dataTransfer.types.includes('Files')) return;
  event.preventDefault();
  zone.classList.toggle('over', kind === 'dragover');
  if (kind === 'drop') zone.querySelector('input').files = event.dataTransfer.files;
});
document.querySelector('.filters').addEventListener('change', ({ currentTarget }) => currentTarget.requestSubmit());
document.querySelectorAll('[data-unless-script]').forEach((part) => { part.hidden = true; });
document.addEventListener('submit', claim);
document.addEventListener('keydown', (event) => key(event) && event.preventDefault());
document.addEventListener('live:frame', ({ detail: { kind, data, actor } }) => {
  sift();
  if (kind === 'call' && data.id === desk.dataset.case && data.did !== 'said' && actor !== document.body.dataset.me) renew().catch((error) => console.warn('desk', error));
});
sift();
