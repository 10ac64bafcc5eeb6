/* Files for a folder of the drive, many at once: their tray, which pauses, goes on after a cut, and knows after
   a closed page what is only half here. What speaks tus is loaded with the first file.

   Needs: <body data-me>; #tray[data-folder][data-kind][data-most][data-sum="{done} … {all}"] with [data-said], a
   list and <template> of a row: [data-name], progress, [data-share], buttons [data-do="pause|go|end"], [data-why],
   a link [data-open]; a row's data-state is waits, going, paused, cut, kept, failed, large or done, and its parts
   with another's [data-is] are not seen. Files come from a[data-pick] (which else leads to the form), from form[data-bring] with its kind, or are dropped on
   [data-drop]. */
const tray = document.getElementById('tray');
const list = tray.querySelector('ul');
const { me } = document.body.dataset;
const { folder, most } = tray.dataset;
const endpoint = new URL(`/drive/folders/${folder}/uploads`, location.href).href;
const mark = `${me} ${folder} `;
const AT_ONCE = 2, PIECE = 8 << 20, AGAIN = 15_000, WAITS = [0, 1000, 3000, 5000];
const rows = new Map();
let library;

/** The library's script, once. */
const load = () => library ??= new Promise((loaded, failed) => {
  const script = document.createElement('script');
  script.src = tray.dataset.library;
  script.onload = () => loaded(globalThis.tus);
  script.onerror = () => { library = undefined; failed(new Error('tus')); };
  document.head.append(script);
});

const print = ({ name, type, size, lastModified }) => `${mark}${name} ${type} ${size} ${lastModified}`;
const states = (...wanted) => [...rows.values()].filter(({ row }) => wanted.includes(row.dataset.state));

function tell() {
  const all = rows.size, done = states('done').length;
  tray.hidden = !all;
  tray.querySelector('[data-said]').textContent = tray.dataset.sum.replace('{done}', done).replace('{all}', all);
}

function become(one, state, why = '') {
  one.row.dataset.state = state;
  one.row.querySelector('[data-why]').textContent = why;
  tell();
}

function far({ row }, sent, all) {
  const share = all ? sent / all : 1;
  row.querySelector('progress').value = share;
  row.querySelector('[data-share]').textContent = `${Math.floor(share * 100)} %`;
}

function add(key, name, state) {
  rows.get(key)?.row.remove();
  const row = tray.querySelector('template').content.firstElementChild.cloneNode(true), one = { key, row };
  row.querySelector('[data-name]').textContent = name;
  for (const button of row.querySelectorAll('[data-do]')) {
    button.addEventListener('click', () => ways[button.dataset.do](one));
  }
  rows.set(key, one);
  list.append(row);
  become(one, state);
  return one;
}

const ways = {
  pause: (one) => { one.upload?.abort(); become(one, 'paused'); next(); },
  go: (one) => { become(one, 'waits'); next(); },
  async end(one) {
    one.row.remove();
    rows.delete(one.key);
    tell();
    if (one.kept) await fetch(one.kept.uploadUrl, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } });
    if (one.kept) await forget(one.kept);
    await one.upload?.abort(one.upload.url !== null).catch(() => {}); // gone already is gone
    next();
  },
};

const forget = async ({ urlStorageKey }) => (await load()).defaultOptions.urlStorage.removeUpload(urlStorageKey);

/** What the server says is wrong, in the reader's words; undefined where it said nothing. */
function words({ originalResponse: said }) {
  if (!said) return undefined;
  try {
    const { title, errors } = JSON.parse(said.getBody());
    return Object.values(errors ?? {}).join(' ') || title;
  } catch {
    return said.getStatus() < 500 ? String(said.getStatus()) : undefined;
  }
}

function broken(one, error) {
  const why = words(error);
  become(one, why ? 'failed' : 'cut', why);
  if (!why) setTimeout(() => one.row.dataset.state === 'cut' && ways.go(one), AGAIN);
  next();
}

function arrived(one, { lastResponse }) {
  one.row.querySelector('[data-open]').href = lastResponse.getHeader('Content-Location');
  become(one, 'done');
  next();
}

async function made(one) {
  const { Upload } = await load(), { file, kind } = one;
  const upload = new Upload(file, {
    endpoint,
    chunkSize: PIECE,
    retryDelays: WAITS,
    metadata: { filename: file.name, kind },
    headers: { Accept: 'application/json' },
    removeFingerprintOnSuccess: true,
    fingerprint: async () => one.key,
    onProgress: (sent, all) => far(one, sent, all),
    onSuccess: (done) => arrived(one, done),
    onError: (error) => broken(one, error),
  });
  const [before] = await upload.findPreviousUploads();
  if (before) upload.resumeFromPreviousUpload(before);
  return upload;
}

/** As many go at once as a phone's line bears. */
async function next() {
  const [one] = states('waits');
  if (!one || states('going').length >= AT_ONCE) return;
  become(one, 'going');
  try {
    one.upload ??= await made(one);
    if (one.row.dataset.state === 'going') one.upload.start();
  } catch {
    become(one, 'cut');
  }
  next();
}

function bring(files, kind) {
  for (const file of files) {
    const large = file.size > Number(most), one = add(print(file), file.name, large ? 'large' : 'waits');
    Object.assign(one, { file, kind });
  }
  next();
}

/** What was begun here and is not whole: the file itself only its owner can give again. */
async function remember() {
  if (!Object.keys(localStorage).some((key) => key.startsWith(`tus::${mark}`))) return;
  for (const kept of await (await load()).defaultOptions.urlStorage.findAllUploads()) {
    const key = kept.urlStorageKey.slice('tus::'.length).replace(/::\d+$/, '');
    if (!key.startsWith(mark) || rows.has(key)) continue;
    const said = await fetch(kept.uploadUrl, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } });
    if (!said.ok || said.headers.has('Content-Location')) await forget(kept);
    else if (!rows.has(key)) {
      const one = Object.assign(add(key, kept.metadata.filename, 'kept'), { kept });
      far(one, Number(said.headers.get('Upload-Offset')), kept.size);
    }
  }
}

const picker = Object.assign(document.createElement('input'), { type: 'file', multiple: true, hidden: true });
picker.addEventListener('change', () => { bring(picker.files, tray.dataset.kind); picker.value = ''; });
document.body.append(picker);
document.addEventListener('click', (event) => {
  if (!event.target.closest('a[data-pick]')) return;
  event.preventDefault();
  picker.click();
});

document.querySelector('form[data-bring]')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  bring(form.elements.file.files, form.elements.kind.value);
  form.elements.file.value = '';
});

const place = document.querySelector('[data-drop]');
const carries = ({ dataTransfer }) => dataTransfer?.types.includes('Files');
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  place?.addEventListener(kind, (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const out = kind === 'drop' || (kind === 'dragleave' && !place.contains(event.relatedTarget));
    place.classList.toggle('dropping', !out);
    if (kind === 'drop') bring(event.dataTransfer.files, tray.dataset.kind);
  });
}

addEventListener('online', () => states('cut').forEach(ways.go));
addEventListener('beforeunload', (event) => { if (states('waits', 'going').length) event.preventDefault(); });
remember();
