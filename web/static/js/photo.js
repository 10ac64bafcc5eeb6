/* Photos to go along with words: shown as chips until they are sent, made smaller by whoever sends them.

   Needs: input[type=file][name=photo] in a form with [data-picked], in which a <template> holds a chip: a
   button with a span for the name and one for the size. Who takes the files empties the field
   (input.value = '') and says so with an event "change" that bubbles. */
const LONG = 2048;
const picked = new WeakMap();

/** A photo as JPEG of at most 2048 pixels; as it is where that is no smaller, or it cannot be read here. */
export async function shrink(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONG / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    const paper = canvas.getContext('2d');
    paper.imageSmoothingQuality = 'high';
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const small = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    return small.size < file.size ? small : file;
  } catch {
    return file;
  }
}

const size = (bytes) => new Intl.NumberFormat(document.documentElement.lang, {
  style: 'unit', unit: bytes < 1e6 ? 'kilobyte' : 'megabyte', maximumFractionDigits: bytes < 1e6 ? 0 : 1,
}).format(bytes / (bytes < 1e6 ? 1e3 : 1e6));

/* A second choice adds to the first. */
function choose(input, files) {
  const all = new DataTransfer();
  files.forEach((file) => all.items.add(file));
  input.files = all.files;
  picked.set(input, files);
  const list = input.form.querySelector('[data-picked]'), { content } = list.querySelector('template');
  list.querySelectorAll('button').forEach((chip) => chip.remove());
  list.append(...files.map((file) => {
    const chip = content.firstElementChild.cloneNode(true);
    const [name, weight] = chip.querySelectorAll('span');
    name.textContent = file.name;
    weight.textContent = size(file.size);
    chip.onclick = () => {
      choose(input, files.filter((other) => other !== file));
      input.focus();
    };
    return chip;
  }));
}

document.addEventListener('change', ({ target, isTrusted }) => {
  if (target.name !== 'photo') return;
  choose(target, [...(isTrusted ? picked.get(target) ?? [] : []), ...target.files]);
});
