/* Whoever asked sees that somebody who could help has seen it: the first to have it before their eyes says so.

   Needs: <body data-me>; what nobody has seen so far is [data-unseen="<id of the call>"][data-asker="<who asked>"]. */
const { me } = document.body.dataset;
const told = new Set();

function say(id) {
  if (told.has(id)) return;
  told.add(id);
  fetch(`/api/v1/calls/${id}/looked`, { method: 'PUT', headers: { 'Muster-Member': me } }).catch(() => told.delete(id));
}

/* Not while one is with a customer oneself: nobody expects help from there. */
const away = () => document.hidden || document.body.classList.contains('in-visit');
const eyes = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    const { unseen, asker } = target.dataset;
    if (isIntersecting && unseen && asker !== me && !away()) say(unseen);
  }
});

function look() {
  eyes.disconnect();
  for (const call of document.querySelectorAll('[data-unseen]')) eyes.observe(call);
}

look();
document.addEventListener('live:frame', look);
document.addEventListener('visibilitychange', look);
