/**
 * A stand-in for the older product's web page: it makes the calls that the contract says that page makes, in the same
 * order and with the same reading of the answers, from an origin of its own.
 */
export const olderWebPage = (apiBase: string): string => `<!doctype html>
<title>Notes</title>
<input id="key"><button id="login">Log in</button><p id="login-error"></p>
<textarea id="text"></textarea><button id="generate">Generate</button>
<ul id="notes"></ul><audio id="audio"></audio><button id="logout">Log out</button>
<script>
const base = ${JSON.stringify(apiBase)};
const $ = (id) => document.getElementById(id);
const headers = () => ({ 'Content-Type': 'application/json', Authorization: 'Bearer ' + localStorage.getItem('session_token') });
let notes = [];
function show() {
  $('notes').replaceChildren(...notes.map((note) => {
    const item = document.createElement('li');
    const title = document.createElement('b');
    title.textContent = note.title;
    const badge = document.createElement('i');
    badge.textContent = note.status;
    const play = document.createElement('button');
    play.textContent = 'Play';
    play.onclick = async () => {
      const answer = await fetch(base + '/files/' + note.file_id, { headers: headers() });
      const blob = await answer.blob();
      window.downloaded = { size: blob.size, type: blob.type };
      $('audio').src = URL.createObjectURL(blob);
      await $('audio').play();
    };
    const remove = document.createElement('button');
    remove.textContent = 'Delete';
    remove.onclick = async () => {
      await fetch(base + '/tts/delete/' + note.file_id, { method: 'DELETE', headers: headers() });
      notes = notes.filter((other) => other !== note);
      show();
    };
    item.append(title, badge, play, remove);
    return item;
  }));
}
function poll(note) {
  const timer = setInterval(async () => {
    const answer = await (await fetch(base + '/tts/status/' + note.content_hash, { headers: headers() })).json();
    note.status = answer.status;
    if (answer.file_id) note.file_id = answer.file_id;
    if (answer.status !== 'generating') clearInterval(timer);
    show();
  }, 500);
}
async function list() {
  const files = await (await fetch(base + '/tts/files', { headers: headers() })).json();
  notes = files.map((file) => ({
    title: file.text_content.slice(0, 50) + (file.text_content.length > 50 ? '...' : ''),
    content_hash: file.content_hash, file_id: file.id, status: file.status,
  }));
  notes.filter((note) => note.status === 'generating').forEach(poll);
  show();
}
$('login').onclick = async () => {
  const answer = await fetch(base + '/auth/verify', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ openai_token: $('key').value }),
  });
  if (!answer.ok) { $('login-error').textContent = 'Invalid API key'; return; }
  const body = await answer.json();
  localStorage.setItem('session_token', body.session_token);
  localStorage.setItem('openai_token', $('key').value);
  await list();
};
$('generate').onclick = async () => {
  const text = $('text').value;
  const answer = await fetch(base + '/tts/generate', {
    method: 'POST', headers: headers(),
    body: JSON.stringify({ text, voice: 'nova', model: 'tts-1', speed: 1.0, openai_token: localStorage.getItem('openai_token') }),
  });
  const body = await answer.json();
  const note = { title: text.slice(0, 50), content_hash: body.content_hash, file_id: body.file_id, status: body.status };
  notes.unshift(note);
  show();
  if (note.status === 'generating') poll(note);
};
$('logout').onclick = () => { localStorage.clear(); notes = []; show(); };
if (localStorage.getItem('session_token')) list();
</script>`;
