/* A customer's file stays as it is in the book: whatever squads say of it brings its page anew.

   Needs: main[data-customer], #file, live:frame (live.js). What is being typed stays as it is. */
const main = document.querySelector('main[data-customer]');
const id = main?.dataset.customer;
let soon = null;

const about = ({ kind, subject, data }) => subject === id || data?.id === id || data?.customer === id
  || (kind === 'deleted' && data?.visit) || (kind === 'photo' && document.getElementById(`mo-${subject}`));

function anew() {
  soon = null;
  if (main.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')) {
    document.activeElement.addEventListener('blur', later, { once: true });
    return;
  }
  htmx.ajax('GET', location.pathname, { target: '#file', select: '#file', swap: 'outerMorph' });
}

function later() {
  soon ??= setTimeout(anew, 200);
}

if (main) document.addEventListener('live:frame', ({ detail }) => about(detail) && later());
