/* The visit's page: ten seconds to take the check-in back, the phone's time of the outcome, and the
   pin that can be put right by hand.

   Needs: #undo[data-left="<seconds left when the page was made>"], with a [data-seconds] if the
   number is to be seen; #f-outcome with a hidden closed_at; #map as in paper.js, with data-lat and
   data-lon of the check-in, data-home="lat,lon" of the customer, #t-me, #t-shop, a hidden #aim;
   #f-pin (hidden until there is a map) with lat and lon and its [data-pin] parts. */
import './kept.js';

const offer = document.getElementById('undo');
const outcome = document.getElementById('f-outcome');
const section = document.getElementById('map');
const form = document.getElementById('f-pin');

if (offer) {
  const end = Date.now() + Number(offer.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const text = offer.querySelector('[data-seconds]');
    if (text) text.textContent = left;
    offer.hidden = left === 0;
    if (offer.hidden) clearInterval(timer);
  };
  const timer = setInterval(tick, 250);
  tick();
}
outcome.addEventListener('change', ({ target }) => {
  if (target.name === 'result') outcome.lastElementChild.scrollIntoView({ block: 'nearest' });
});
outcome.addEventListener('submit', () => {
  outcome.elements.namedItem('closed_at').value = new Date().toISOString();
});

const part = (name) => form.querySelector(`[data-pin="${name}"]`);
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

async function draw() {
  const tools = await import('./paper.js');
  const { lat, lon, home } = section.dataset;
  const shop = home?.split(',').map(Number).reverse();
  const here = lat === undefined ? null : [Number(lon), Number(lat)];
  const map = await tools.paper(section, here || shop ? { center: here ?? shop, zoom: 15 } : {});
  if (shop) tools.stand(map, copy('t-shop'), shop);
  const pin = here && tools.stand(map, copy('t-me'), here);
  const places = [here, shop].filter(Boolean);
  if (places.length) map.fitBounds(tools.around(places), { padding: 64, maxZoom: 15.5, animate: false });
  const aim = (on) => {
    document.getElementById('aim').hidden = !on;
    part('moving').hidden = !on;
    part('move').hidden = on;
    if (pin) pin.getElement().hidden = on;
    if (on) map.jumpTo({ center: here || shop ? tools.drawn(here ?? shop) : map.getCenter(), zoom: Math.max(map.getZoom(), 15.5) });
    (on ? map.getCanvas() : part('move')).focus({ preventScroll: true });
  };
  part('move').addEventListener('click', () => aim(true));
  part('leave').addEventListener('click', () => aim(false));
  const follow = () => {
    const [x, y] = tools.meant(map.getCenter());
    form.elements.namedItem('lat').value = y.toFixed(6);
    form.elements.namedItem('lon').value = x.toFixed(6);
  };
  map.on('move', follow);
  follow();
  form.hidden = false;
  section.dataset.ready = '';
}

draw().catch((error) => {
  console.warn('map', error);
  section.dataset.noMap = '';
});
