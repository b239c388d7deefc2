// Loads the page again once it is no longer true: a letter came, or the target changed.
const shown = document.body.dataset.state;
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/demo/state");
    if ((await answer.json()).state !== shown) location.reload();
  } catch {
    // The demo ended; the page stays as it is.
  }
}, 2000);
