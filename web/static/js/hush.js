/* Quiet while one's visit is open, on every device that shows a page of one's squads: the customer may be looking.
   What others do waits here and is shown once the visit is over; the answer to one's own call comes at once.

   Needs: <body data-me data-hush="<seconds a visit stays open>">; without data-hush (the desk, or one has chosen
   otherwise) frames come at once, without sound or motion. #inside[data-visit][data-since] says where one is;
   #hushed, shown while it is quiet, has a button that ends it in this tab. Says: hush:over. */
const { body } = document;
const { me, hush } = body.dataset;
const inside = document.getElementById('inside');
const MOST = 500;
const held = [];
const line = document.getElementById('hushed');
let here = null, presence = null, spilt = false, end;

const loud = () => here === sessionStorage.getItem('muster-loud');
const quiet = () => hush !== undefined && here !== null && !loud();

function show() {
  body.classList.toggle('in-visit', here !== null);
  body.classList.toggle('hushed', quiet());
  if (line) line.hidden = !quiet();
  if (!quiet()) document.dispatchEvent(new Event('hush:over'));
}

const mine = ({ kind, actor, data }) => actor === me || (kind === 'call' && data.asker === me);

/** Whether a frame waits for the end of the visit; it is kept here then. */
export function waits(frame) {
  if (!quiet() || mine(frame)) return false;
  if (frame.kind === 'presence') presence = frame;
  else if (frame.offset === undefined) return true;
  else if (held.length < MOST) held.push(frame);
  else spilt = true;
  return true;
}

/** Whether a fresh page waits too, as it says where one is; all that is kept here is in it. */
export function defers(page) {
  if (hush === undefined) return false;
  const { visit, since } = page.getElementById('inside')?.dataset ?? {};
  if (visit) enter(visit, since);
  else leave(here);
  if (!quiet()) return false;
  held.length = 0;
  return spilt = true;
}

/** What does not wait in it: the rows of one's own calls. */
export const own = (page) => page.querySelectorAll(`#feed > [data-kind="call"][data-member="${me}"]`);

/** All that waited, in order, and whether there was more than fits: then a fresh page has it. */
export function release() {
  const frames = [...held.splice(0), ...(presence ? [presence] : [])], more = spilt;
  [presence, spilt] = [null, false];
  return { frames, more };
}

function enter(visit, since) {
  const left = hush === undefined ? Infinity : Date.parse(since) + hush * 1000 - Date.now();
  if (left <= 0) return;
  here = visit;
  show();
  clearTimeout(end);
  if (left < 2 ** 31) end = setTimeout(() => leave(visit), left);
}

function leave(visit) {
  if (here === null || here !== visit) return;
  here = null;
  clearTimeout(end);
  document.getElementById('inside')?.remove();
  show();
}

line?.querySelector('button').addEventListener('click', () => {
  sessionStorage.setItem('muster-loud', here);
  show();
});

if (inside) enter(inside.dataset.visit, inside.dataset.since);
document.addEventListener('live:frame', ({ detail: { kind, actor, data } }) => {
  if (kind === 'checkin' && actor === me) enter(data.id, data.captured_at);
  if (kind === 'outcome' || kind === 'deleted') leave(data.id);
  if (kind === 'inside' && data.visit) enter(data.visit, data.since);
  else if (kind === 'inside') leave(here);
});
