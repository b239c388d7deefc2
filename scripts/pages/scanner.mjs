// A link scanner as mail gateways have them, and worse: it follows every link of every mail, runs
// scripts, fills every form that it finds with anything, and presses every button. Nothing may come
// of it but codes in their owners' mailboxes.

// Pages deep from a link.
const DEEPEST = 3;

export async function scan(browser, demo, looker, { ben }) {
  const before = await standing(demo, ben);
  const letters = await demo.letters();
  const links = new Set(letters.flatMap((letter) => [
    ...letter.html.matchAll(/href="([^"]+)"/g), ...letter.text.matchAll(/(http:\/\/\S+)/g),
  ].map((found) => found[1].replaceAll('&amp;', '&'))));
  const seen = new Set();
  for (const link of links) {
    for (const method of ['HEAD', 'GET', 'GET', 'OPTIONS', 'POST']) await fetch(link, { method }).catch(() => {});
    await oneLink(browser, looker, link, seen);
  }
  looker.links += links.size;
  const after = await standing(demo, ben);
  if (links.size < 3) looker.problem('scanner', `found only ${links.size} links`);
  if (before !== after) looker.problem('scanner', `changed something:\n${before}\n->\n${after}`);
}

// Follows one link in a fresh browser and presses everything, one press a visit; what other links led
// to as well is not pressed again.
async function oneLink(browser, looker, link, seen) {
  const context = await browser.newContext({ javaScriptEnabled: true });
  const page = await context.newPage();
  const todo = [{ url: link, depth: 0 }];
  while (todo.length > 0) {
    const { url, depth } = todo.shift();
    const where = depth === 0 ? url : new URL(url).pathname;
    if (seen.has(where) || depth > DEEPEST) continue;
    seen.add(where);
    await page.goto(url);
    const found = await page.evaluate(() => ({
      links: [...document.links].map((one) => one.href),
      buttons: document.querySelectorAll('form button').length,
    }));
    todo.push(...found.links.map((next) => ({ url: next, depth: depth + 1 })));
    for (let n = 0; n < found.buttons; n += 1) {
      await page.goto(url);
      const [answer] = await Promise.all([
        page.waitForNavigation({ timeout: 5_000 }).catch(() => null),
        page.evaluate((at) => {
          const button = document.querySelectorAll('form button')[at];
          for (const field of button.form.querySelectorAll('input:not([type=hidden]), textarea')) {
            if (field.type === 'email') field.value = 'ben@birchbell.example';
            else if (/checkbox|radio/.test(field.type)) field.checked = true;
            else field.value = '123456';
          }
          button.form.noValidate = true;
          button.form.requestSubmit(button);
        }, n),
      ]);
      looker.forms += 1;
      if (answer) todo.push({ url: page.url(), depth: depth + 1 });
    }
  }
  await context.close();
}

// Where every request stands, as Ben reads it, who decides on two and has the third; and what the
// target says.
async function standing(demo, ben) {
  const pages = [];
  for (const path of ['/waiting', '/requests', '/requests/AR-1001', '/requests/AR-1002', '/requests/AR-1003']) {
    await ben.opens(path);
    await ben.says(/AR-100/);
    // Its time left runs.
    pages.push((await ben.page.innerText('main')).replaceAll(/\d+ (h|min|s)\b/g, ''));
  }
  return JSON.stringify({ pages, target: await demo.target() }, null, 1);
}
