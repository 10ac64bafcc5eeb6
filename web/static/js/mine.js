/* Fragments are the same for everybody; what is mine is marked here, before it is painted.

   Needs: <body data-me="<member id>">. data-by="<ids>" on a reaction button: aria-pressed and
   its name (whether a press will give or take) follow. data-by on a .fresh word, data-author on .own parts and
   data-member on a .mention: data-my-own when it is me. data-mentions="<ids>" on a post or reply: data-my-mention.
   data-member on a .disc: .here while that member is present (frames of kind presence).
   data-person="<id>" on a name: <body data-you>, if there, is said instead of my own.
   The meta config's morphIgnore holds "data-my" and "aria-pressed". */
const me = document.body.dataset.me;
const { you } = document.body.dataset;
const present = new Set();

const each = (root, selector, work) => root.querySelectorAll(selector).forEach(work);
const among = (ids) => Boolean(me) && ids.split(' ').includes(me);

/** Marks what is mine within `root`. */
export function mark(root) {
  each(root, 'button[data-by]', (button) => {
    const on = among(button.dataset.by);
    button.setAttribute('aria-pressed', on);
    button.name = on ? 'take' : 'give';
  });
  each(root, '.fresh[data-by]', (word) => word.toggleAttribute('data-my-own', among(word.dataset.by)));
  each(root, '.own[data-author]', (part) => part.toggleAttribute('data-my-own', part.dataset.author === me));
  each(root, '.mention[data-member]', (part) => part.toggleAttribute('data-my-own', part.dataset.member === me));
  each(root, '[data-mentions]', (part) => part.toggleAttribute('data-my-mention', among(part.dataset.mentions)));
  if (you) each(root, `[data-person="${me}"]`, (name) => { name.textContent = you; });
  greet(root);
}

const greet = (root) =>
  each(root, '.disc[data-member]', (disc) => disc.classList.toggle('here', present.has(disc.dataset.member)));

mark(document);
document.addEventListener('htmx:after:process', ({ target }) => mark(target.parentElement ?? document));
document.addEventListener('live:frame', ({ detail: { kind, data } }) => {
  if (kind !== 'presence') return;
  present.clear();
  data.here.forEach((id) => present.add(id));
  greet(document);
});
