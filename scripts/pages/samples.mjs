// Samples of pages and mails, as tests wrote them, with texts that nobody types in a walk: of each
// template in each language the largest one.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const KINDS = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml' };
export async function lookAtSamples(browser, looker, directory) {
  const server = createServer((request, response) => {
    // A page is looked at as it is sent; what its scripts make of it is seen in the tab's own walk.
    if (path.extname(request.url) === '.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end();
      return;
    }
    const file = path.join(directory, path.normalize(decodeURIComponent(request.url)));
    try {
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': KINDS[path.extname(file)] ?? 'text/plain' }).end(body);
    } catch {
      // Browsers ask for an icon, which letters have none of.
      response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  looker.listen(page, origin);
  const files = largest(directory);
  if (files.length === 0) looker.problem(directory, 'holds no samples');
  for (const file of files) {
    await page.goto(`${origin}/${encodeURIComponent(file)}`);
    await looker.look(page, file, { isLetter: directory.endsWith('mail') });
  }
  await context.close();
  server.close();
}

function largest(directory) {
  const size = (name) => statSync(path.join(directory, name)).size;
  const groups = new Map();
  for (const name of readdirSync(directory).filter((one) => one.endsWith('.html'))) {
    const group = name.split(/[-.]/).slice(0, 2).join('-');
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups.values()].map((names) => names.sort((a, b) => size(b) - size(a))[0]);
}
