/* The swap style "put": a row already here is morphed, a new one goes where its number says.

   Needs: htmx with meta config "extensions": "put". Rows have an id and data-n (their offset);
   no data-n = not numbered yet = newest. #feed descends, every other list ascends.
   What has waited #elsewhere on the page for want of a place gives way to the real one.
   A reader who scrolled away (data-away on the feed's parent) is not disturbed: a new row is
   held (data-held), a row that would move stays and is marked late (data-late); feed.js
   releases both. */
const number = (row) => (row.dataset.n ? Number(row.dataset.n) : Infinity);

/** Where `row` belongs in `list`: the row it goes before, or null for the end. */
function place(list, row) {
  const n = number(row);
  const after = list.id === 'feed' ? (other) => number(other) < n : (other) => number(other) > n;
  return [...list.children].find((other) => other !== row && after(other)) ?? null;
}

/** Put `row`, which is in `list` already, where its number says; focus and typed text survive. */
export function settle(list, row) {
  const before = place(list, row);
  if (row.nextElementSibling === before) return;
  if (list.moveBefore) list.moveBefore(row, before);
  else list.insertBefore(row, before);
}

let api;

function put(list, element) {
  const away = list.id === 'feed' && 'away' in list.parentElement.dataset;
  let known = document.getElementById(element.id);
  if (known?.parentNode.id === 'elsewhere') {
    known.remove();
    known = null;
  }
  if (!known) {
    if (away) element.dataset.held = '';
    list.insertBefore(element, place(list, element));
    return element;
  }
  const fragment = document.createDocumentFragment();
  fragment.append(element);
  api.morph(known, fragment, false);
  if (known.parentNode !== list) return known;
  if (away && !('held' in known.dataset)) {
    if (known.nextElementSibling !== place(list, known)) known.dataset.late = '';
  } else settle(list, known);
  return known;
}

globalThis.htmx?.registerExtension('put', {
  init: (internal) => { api = internal; },
  handle_swap: (style, list, fragment) =>
    style === 'put' && [...fragment.children].map((element) => put(list, element)),
});
