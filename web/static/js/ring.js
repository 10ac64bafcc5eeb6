/* A sound for a new call, where one has asked for it: [data-sound] switches it, on this device alone.
   Never while a visit is open, never for one's own call. */
const KEY = 'muster-call-sound';
const heard = new Set();
let context;

export const on = () => localStorage.getItem(KEY) === 'on';

function ring() {
  context ??= new AudioContext();
  for (const [start, pitch] of [[0, 660], [0.18, 880]]) {
    const tone = context.createOscillator(), volume = context.createGain(), at = context.currentTime + start;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.2);
  }
}

document.addEventListener('live:frame', ({ detail: { kind, data, actor } }) => {
  if (kind !== 'call' || !['called', 'raised'].includes(data.did) || actor === document.body.dataset.me) return;
  const key = `${data.id} ${data.level}`;
  if (heard.has(key) || !on() || document.body.classList.contains('in-visit')) return;
  heard.add(key);
  ring();
});

const button = document.querySelector('[data-sound]');
const show = () => button.setAttribute('aria-pressed', on());
if (button) {
  button.hidden = false;
  show();
  button.addEventListener('click', () => {
    localStorage.setItem(KEY, on() ? 'off' : 'on');
    show();
    if (on()) ring();
  });
}
