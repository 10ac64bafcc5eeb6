/* Show mode. On a document's page: form[data-show] (where it leads) goes out by way of the outbox, so that what is
   shown without signal is noted later, after the check-in it belongs to. In show mode: #dots follow #sheets, the
   screen stays on, Escape and #leave end it where it began. */
import { add, newId, waiting } from './outbox.js';

const { me } = document.body.dataset;
const sheets = document.getElementById('sheets'), dots = document.getElementById('dots'), leave = document.getElementById('leave');

async function noted({ dataset: { document: id, name } }) {
  const checkin = (await waiting(me)).filter(({ kind, failed }) => kind === 'checkin' && !failed).at(-1), made = newId();
  await add({
    kind: 'shown', id: made, member: me, at: Date.now(), queue: checkin?.queue ?? made, method: 'POST',
    url: `/drive/documents/${id}/shown`, body: { id: made, at: new Date().toISOString() }, shown: { name },
  });
}

document.addEventListener('submit', (event) => {
  const form = event.target, { show } = form.dataset;
  if (!show || !me) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  noted(form).then(() => location.assign(show), (error) => {
    console.warn('show', error);
    form.submit();
  });
}, true);

function turned() {
  const at = Math.round(sheets.scrollLeft / sheets.clientWidth), number = dots.querySelector('.num');
  if (number) number.textContent = `${at + 1} / ${sheets.children.length}`;
  for (const [i, dot] of dots.querySelectorAll('i').entries()) dot.classList.toggle('on', i === at);
}

if (leave) {
  if (dots) sheets.addEventListener('scroll', () => requestAnimationFrame(turned), { passive: true });
  const end = (event) => {
    if (!document.referrer.startsWith(`${location.origin}/`) || history.length < 2) return;
    event.preventDefault();
    history.back();
  };
  leave.addEventListener('click', end);
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') leave.click();
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[key];
    if (step && dots) sheets.scrollBy({ left: step * sheets.clientWidth, behavior: 'instant' });
  });
  const awake = () => document.hidden || navigator.wakeLock?.request('screen').catch(() => {});
  document.addEventListener('visibilitychange', awake);
  awake();
}
