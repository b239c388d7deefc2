// What `scripts/check-pages` does: walks side by side, of the pages and of Teams' tab, the samples, and
// the scanner.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Demo } from './demo.mjs';
import { Looker, WINDOWS } from './look.mjs';
import { lookAtSamples } from './samples.mjs';
import { scan } from './scanner.mjs';
import { walkTab } from './tab.mjs';
import { walk } from './walk.mjs';

const OPTIONS = {
  hallpass: { type: 'string' },
  'node-modules': { type: 'string' },
  samples: { type: 'string', multiple: true, default: [] },
  shots: { type: 'string' },
  only: { type: 'string' },
};
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function main(words) {
  const { values } = parseArgs({ args: words, options: OPTIONS });
  const modules = path.resolve(values['node-modules']);
  const require = createRequire(path.join(modules, 'x.js'));
  const { chromium } = require('playwright-core');
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const executablePath = process.env.HALLPASS_CHROMIUM ?? BROWSERS.find(existsSync);
  // Everything that is shown is our own and local; as root, as in containers, there is no sandbox.
  const launch = (more) => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...more] });
  const browser = await launch([]);
  const { light, dark, phone, phoneDark } = WINDOWS;
  const lookers = [];
  // Tab goes the same way in every language.
  const looker = (label, windows) => {
    lookers.push(new Looker({ axe, shots: values.shots, label, windows, hasKeyboard: label === 'en' }));
    return lookers.at(-1);
  };
  const run = (name, work) => (values.only && values.only !== name ? undefined : work());
  try {
    await Promise.all([
      run('en', () => oneLanguage(browser, values.hallpass, looker('en', [light, phoneDark]), 'en')),
      run('de', () => oneLanguage(browser, values.hallpass, looker('de', [dark, phone]), 'de')),
      run('tab', () => walkTab(launch, values.hallpass, looker('tab', [light]))),
      ...values.samples.map((directory) => run('samples', () => lookAtSamples(browser, looker('sample', [phoneDark]), directory))),
    ]);
  } finally {
    await browser.close();
  }
  const problems = [...new Set(lookers.flatMap((one) => one.problems))];
  for (const problem of problems) console.log(problem);
  const sum = (what) => lookers.reduce((all, one) => all + one[what], 0);
  console.log(`${sum('pages')} pages, ${sum('stops')} controls reached by Tab, ${sum('links')} links followed and ` +
    `${sum('forms')} forms sent by the scanner, ${problems.length} objections`);
  return problems.length === 0 ? 0 : 1;
}

async function oneLanguage(browser, hallpass, looker, language) {
  const demo = await Demo.start(hallpass);
  try {
    const people = await walk(browser, demo, looker, language);
    // Scanners read no language.
    if (language === 'en') await scan(browser, demo, looker, people);
  } finally {
    await demo.stop();
  }
}
