/* A link's sheet: hands it to the phone's own sheet. Without script it is there to be marked.

   Needs: #address (the link); [data-with-script], shown; [data-send] with data-title, hidden until it is known
   that it works. */
const address = document.getElementById('address');
const send = document.querySelector('[data-send]');

if (address) {
  document.querySelector('[data-with-script]').hidden = false;
  send.hidden = !navigator.share;
  send.addEventListener('click', () => {
    navigator.share({ title: send.dataset.title, url: address.value }).catch(() => {});
  });
}
