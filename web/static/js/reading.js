/* How far one has read: said to the server while one looks at the newest of the feed; counted while one does not.

   Needs: #feed[data-reads="<squad>"] where the newest posts are shown; data-away on its parent while
   the reader has scrolled away. #u-<squad> and #u-all hold the unread in .n; #u-all goes into the title. */
import { cursor } from './live.js';

const feed = document.querySelector('#feed[data-reads]');
const me = document.body.dataset.me;
const title = document.title;
const all = () => document.getElementById('u-all');
const fresh = new Set();
let sent = 0, back = true, due;

function more(id) {
  const count = document.getElementById(id);
  if (!count) return;
  const n = count.querySelector('.n');
  n.textContent = Number(n.textContent) + 1;
  count.hidden = false;
}

function show() {
  const n = Number(all()?.querySelector('.n').textContent);
  document.title = n && !document.body.classList.contains('hushed') ? `(${n}) ${title}` : title;
}

const looks = () => feed && !document.hidden && !('away' in feed.parentElement.dataset);

async function tell() {
  due = null;
  const offset = cursor();
  if (!looks() || (!back && offset <= sent)) return;
  const body = JSON.stringify({ offset, back });
  const headers = { 'Content-Type': 'application/json' };
  const path = `/api/v1/squads/${feed.dataset.reads}/read-mark`;
  const { ok } = await fetch(path, { method: 'PUT', body, headers, keepalive: true }).catch(() => ({}));
  if (!ok) return;
  [sent, back] = [offset, false];
  fresh.clear();
}

const soon = () => { if (looks()) due ??= setTimeout(tell, 2500); };

if (all()) {
  show();
  document.addEventListener('htmx:after:swap', show);
}
if (feed) {
  document.addEventListener('live:frame', ({ detail: { kind, actor, stream, subject } }) => {
    if (looks()) return soon();
    if (stream !== feed.dataset.reads || actor === me || fresh.has(subject)) return;
    if (!/^(checkin|message|reply|outcome)$/.test(kind)) return;
    fresh.add(subject);
    more(`u-${stream}`);
    if (!document.getElementById(`u-${stream}`)?.matches('.quiet')) more('u-all');
    show();
  });
  document.addEventListener('visibilitychange', () => { back ||= document.hidden; soon(); });
  document.addEventListener('scroll', soon, { capture: true, passive: true });
  soon();
}
