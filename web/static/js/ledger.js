/* One's ledger follows what is done: what names its member, or a customer's file, brings the account anew.

   Needs: #account, body[data-me], live:frame (live.js). What is being chosen stays as it is. */
const WAIT = 1500;  // milliseconds: of a busy squad's frames one brings all
const me = document.body.dataset.me;
const account = document.querySelector('#account');
let soon = null;

function anew() {
  soon = null;
  if (account.contains(document.activeElement) && document.activeElement.matches('select, summary')) return later();
  return htmx.ajax('GET', location.href, { target: '#account', select: '#account', swap: 'outerMorph' });
}

function later() {
  soon ??= setTimeout(anew, WAIT);
}

document.addEventListener('live:frame', ({ detail: { kind, actor, data } }) => {
  if (kind === 'file' || actor === me || JSON.stringify(data ?? {}).includes(me)) later();
});
