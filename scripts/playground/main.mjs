// What `scripts/check-playground` does: set the stage, walk, and tell what did not hold.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ALEX } from './people.mjs';
import { objections } from './shapes.mjs';
import { Stage } from './stage.mjs';
import { HOSTILE, walk } from './walk.mjs';

const OPTIONS = {
  hallpass: { type: 'string' },
  playground: { type: 'string' },
  browser: { type: 'string' },
  shots: { type: 'string' },
};
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// A signal is handled here, so that everything ends.
const UNHANDLED = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
const CLI = '@microsoft/m365agentsplayground/cli.js';

export async function main(words) {
  const { values } = parseArgs({ args: words, options: OPTIONS });
  if (!values.hallpass || !values.playground || !values.browser) {
    console.error('usage: check-playground --hallpass PROGRAM --playground DIRECTORY --browser DIRECTORY [--shots DIRECTORY]');
    return 2;
  }
  const load = (modules) => createRequire(path.join(path.resolve(modules), 'x.js'));
  const { chromium } = load(values.browser)('playwright-core');
  const executablePath = process.env.HALLPASS_CHROMIUM ?? BROWSERS.find(existsSync);
  const stage = new Stage();
  let problems;
  try {
    await stage.start(values.hallpass, path.join(path.resolve(values.playground), CLI));
    // Everything that is shown is local; as root, as in containers, there is no sandbox.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'], ...UNHANDLED });
    try {
      problems = await walk(browser, stage, values.shots);
    } finally {
      await browser.close();
    }
    problems.push(...stage.connector.objections, ...objections(stage.inbound, stage.connector));
    problems.push(...stage.hallpass.objections([stage.microsoft.issued, HOSTILE, ALEX.account.email]));
  } finally {
    await stage.clear();
  }
  for (const problem of new Set(problems)) console.log(problem);
  const { inbound, connector } = stage;
  console.log(`${inbound.passed.length} activities in, ${connector.calls} calls out, ${connector.messages.length} messages, ` +
    `${problems.length} objections`);
  return problems.length === 0 ? 0 : 1;
}
