/* The list of pages beside a document: the page that is read is marked in it, and in sight.

   Needs: #turn with a[href="#page-<n>"], #leaves with #page-<n>, in a .list that scrolls. Without script
   the list leads to its pages as well. */
const line = new IntersectionObserver((seen) => {
  const at = seen.findLast(({ isIntersecting }) => isIntersecting)?.target;
  if (at) mark(at.id);
}, { root: document.querySelector('.list'), rootMargin: '-35% 0px -65% 0px' });

function mark(id) {
  const turn = document.getElementById('turn');
  for (const link of turn?.querySelectorAll('a') ?? []) {
    if (link.hash !== `#${id}`) link.removeAttribute('aria-current');
    else if (link.getAttribute('aria-current') === null) {
      link.setAttribute('aria-current', 'true');
      const { top, bottom } = link.getBoundingClientRect(), box = turn.getBoundingClientRect();
      turn.scrollTop += Math.min(0, top - box.top) || Math.max(0, bottom - box.bottom);
    }
  }
}

function watch() {
  line.disconnect();
  if (document.getElementById('turn')) for (const leaf of document.querySelectorAll('#leaves > li')) line.observe(leaf);
}

watch();
document.addEventListener('live:frame', ({ detail }) => detail.kind === 'reset' && watch());
