// Signs in whoever looks at the tab: Teams says who that is, and the page's form brings its word to us.
'use strict';

// Longest wait for each of Teams' answers; it may have to ask Entra first.
const PATIENCE_MS = 20_000;

// Microsoft's library asks another host which hosts are Microsoft's. It knows them without, and this
// page reaches no other host.
window.fetch = () => Promise.reject(new Error('nothing is fetched here'));

function inTime(answer) {
  const late = (_, reject) => setTimeout(reject, PATIENCE_MS, new Error('Teams does not answer'));
  return Promise.race([answer, new Promise(late)]);
}

async function enter() {
  const [waiting, failed, form] = ['waiting', 'failed', 'enter'].map((id) => document.getElementById(id));
  waiting.hidden = false;
  try {
    // In Teams' apps there is no frame around the page but an interface in it.
    if (window.parent === window && !window.nativeInterface) throw new Error('this is not Teams');
    const { app, authentication } = window.microsoftTeams;
    await inTime(app.initialize());
    form.elements.namedItem('token').value = await inTime(authentication.getAuthToken());
    form.submit();
  } catch (error) {
    console.warn(error);
    waiting.hidden = true;
    failed.hidden = false;
  }
}

// After both scripts were loaded.
document.addEventListener('DOMContentLoaded', enter);
