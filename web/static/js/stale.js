/* Says what the page shows when nothing new can reach it.

   Needs: <p id="stale" class="stale" hidden role="status">…<time></time>…</p>. */
import { clock } from './times.js';

const notice = document.getElementById('stale');
let seen = new Date(document.getElementById('wire')?.dataset.made ?? Date.now()), due;

function show() {
  clearTimeout(due);
  const time = notice.querySelector('time');
  time.dateTime = seen.toISOString();
  time.textContent = clock(seen);
  notice.hidden = false;
}

function hide() {
  clearTimeout(due);
  notice.hidden = true;
}

if (notice) {
  let state = 'wait';
  document.addEventListener('live:state', ({ detail }) => {
    if (state === 'on') seen = new Date();
    state = detail;
    clearTimeout(due);
    if (state === 'off') due = setTimeout(show, 2000);
    else hide();
  });
  addEventListener('offline', () => {
    if (state === 'on') seen = new Date();
    if (state !== 'gone') show();
  });
}
