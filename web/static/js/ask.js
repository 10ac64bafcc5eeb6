/* The form for a call that can wait: about whom its address says, also where it is the one this phone has kept.

   Needs: #f-ask with customer and kind; .bar-top a, the way back. */
import './kept.js';

const form = document.getElementById('f-ask');
const asked = new URLSearchParams(location.search);

if (location.pathname.endsWith('/new')) {
  form.elements.namedItem('customer').value = asked.get('customer') ?? '';
  for (const one of form.querySelectorAll('[name="kind"]')) one.checked = one.value === asked.get('kind');
  document.querySelector('.bar-top a').href = asked.has('visit') ? `/visits/${asked.get('visit')}` : '/desk';
}
