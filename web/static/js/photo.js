/* Photos to go along with words: shown as chips until they are sent, made smaller by whoever sends them.

   Needs: input[type=file][name=photo] in a form with [data-picked], in which a <template> holds a chip: a
   button with a span for the name and one for the size. Who takes the files empties the field
   (input.value = '') and says so with an event "change" that bubbles. */
/** A photo as JPEG of at most 2048 pixels; as it is where that is no smaller, or it cannot be read here. */
export async function shrink(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, 2048 / Math.max(image.width, image.height));
    const width = image.width * scale, height = image.height * scale;
    const canvas = new OffscreenCanvas(width, height), paper = canvas.getContext('2d');
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, width, height);
    paper.drawImage(image, 0, 0, width, height);
    const small = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    return small.size < file.size ? small : file;
  } catch {
    return file;
  }
}

export function weighed(bytes) {
  const [unit, one, digits] = bytes < 1e6 ? ['kilobyte', 1e3, 0] : bytes < 1e9 ? ['megabyte', 1e6, 1] : ['gigabyte', 1e9, 1];
  return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, maximumFractionDigits: digits }).format(bytes / one);
}

function choose(input, files) {
  const all = new DataTransfer(), list = input.form.querySelector('[data-picked]');
  list.querySelectorAll('button').forEach((chip) => chip.remove());
  for (const file of files) {
    all.items.add(file);
    list.append(list.querySelector('template').content.cloneNode(true));
    const chip = list.lastElementChild, [name, weight] = chip.children;
    name.textContent = file.name;
    weight.textContent = weighed(file.size);
    chip.onclick = () => {
      choose(input, files.filter((other) => other !== file));
      input.focus();
    };
  }
  input.files = all.files;
  input.picked = files;
}

/* A second choice adds to the first; an emptied field begins anew. */
document.addEventListener('change', ({ target }) => {
  const { name, files, picked = [] } = target;
  if (name === 'photo') choose(target, files.length ? [...picked, ...files] : []);
});
