/* This browser as a device one is told on: asked for, given, taken back.

   Needs: #push[data-key][data-lang] with parts [data-push="no|denied|off|on|failed"], one of which is
   shown; a [data-push-on] button that begins; rows [data-hash] of the devices that are known, each with a
   hidden [data-here] for the one this is. */
import { note } from './outbox.js';

const part = document.getElementById('push');
const show = (state) => part.querySelectorAll('[data-push]').forEach((one) => { one.hidden = one.dataset.push !== state; });
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const hex = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, '0')).join('');
const same = (key) => key && hex(key) === hex(bytes(part.dataset.key));

/* Where a browser keeps no worker this would wait for ever. */
const worker = () => Promise.race([
  navigator.serviceWorker.ready,
  new Promise((_, no) => setTimeout(no, 6000, Error('no service worker'))),
]);

async function row(subscription) {
  const hash = hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(subscription.endpoint)));
  return document.querySelector(`[data-hash="${hash}"]`);
}

async function look() {
  if (!navigator.serviceWorker || !globalThis.PushManager || !globalThis.Notification) return show('no');
  if (Notification.permission === 'denied') return show('denied');
  const phone = await worker();
  const subscription = await phone.pushManager.getSubscription();
  const known = subscription && same(subscription.options.applicationServerKey) && (await row(subscription));
  if (!known) return show('off');
  known.querySelector('[data-here]').hidden = false;
  show('on');
}

async function begin() {
  if ((await Notification.requestPermission()) !== 'granted') return show('denied');
  const phone = await worker();
  const before = await phone.pushManager.getSubscription();
  if (before && !same(before.options.applicationServerKey)) await before.unsubscribe();
  const subscription = await phone.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: part.dataset.key });
  await note('lang', part.dataset.lang);
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch('/api/v1/me/notices/devices', { method: 'PUT', headers, body: JSON.stringify(subscription) });
  if (!answer.ok) throw Error(answer.status);
  location.replace('/me/notices?saved=yes');
}

const failed = (error) => {
  console.warn('push', error);
  show('failed');
};
part.querySelectorAll('[data-push-on]').forEach((button) => button.addEventListener('click', () => begin().catch(failed)));
look().catch(failed);
