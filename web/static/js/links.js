/* A link's sheet: copies it, or hands it to the phone's own sheet. Without script it is there to be marked.

   Needs: #address (the link), [data-copy] with [data-done] (what it says once it is done), [data-send]
   with data-title. Both are hidden until it is known that they work. */
const address = document.getElementById('address');
const copy = document.querySelector('[data-copy]'), send = document.querySelector('[data-send]');

async function copied() {
  try {
    await navigator.clipboard.writeText(address.value);
  } catch {
    address.select();
    document.execCommand('copy');
  }
  const words = copy.querySelector('[data-done]');
  words.textContent = words.dataset.done;
}

if (address) {
  copy.hidden = false;
  copy.addEventListener('click', copied);
  send.hidden = !navigator.share;
  send.addEventListener('click', () => {
    navigator.share({ title: send.dataset.title, url: address.value }).catch(() => {});
  });
}
