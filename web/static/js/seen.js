/* Counts how many seconds each page of a shared document was on the screen, and says so: for one visit of
   the page, under an id made for it alone. Nothing is kept in the browser.

   Needs: [data-seen] (the address it is told to) with data-n (the version that is shown) and [data-page]
   inside; #newer, shown once there is a newer version. The first word goes out after a second on the screen,
   then more and more seldom, and when the page is left. */
const board = document.querySelector('[data-seen]');
const view = crypto.randomUUID?.() ?? '10000000-1000-4000-8000-100000000000'.replace(/[018]/g,
  (sign) => (sign ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> sign / 4).toString(16));
const shown = new Map(), seconds = new Map();
let total = 0, told = 0, next = 1;

const watch = new IntersectionObserver((entries) => {
  for (const { target, intersectionRect } of entries) shown.set(target, intersectionRect.height);
}, { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });

function tell() {
  if (told === total) return;
  told = total;
  const pages = [...seconds].map(([page, count]) => `${page}:${count}`).join(',');
  fetch(board.dataset.seen, {
    method: 'POST', keepalive: true, body: new URLSearchParams({ view, pages, n: board.dataset.n }),
  }).then(({ status }) => { document.getElementById('newer').hidden &&= status !== 205; }).catch(() => {});
}

function count() {
  if (document.hidden) return;
  const [page, height] = [...shown].sort((one, other) => other[1] - one[1])[0] ?? [];
  if (!height) return;
  seconds.set(page.dataset.page, (seconds.get(page.dataset.page) ?? 0) + 1);
  total += 1;
  if (total < next) return;
  next = total + Math.min(60, Math.max(4, total));
  tell();
}

if (board) {
  for (const page of board.querySelectorAll('[data-page]')) watch.observe(page);
  setInterval(count, 1000);
  document.addEventListener('visibilitychange', () => document.hidden && tell());
  addEventListener('pagehide', tell);
}
