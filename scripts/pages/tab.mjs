// The tab, walked as Teams shows it: in a frame on another site, entered by Microsoft's own library,
// with a keyboard. Every page stays in the frame, axe finds nothing and the browser complains of
// nothing; and nobody else frames it, nor Teams what is no tab.
import { BOT, EVIL, TEAMS, Teams } from './teams.mjs';

const RULES = { 'target-size': { enabled: true } };
const WHY = 'INC-42: look up the failed payments of 3 May, which support cannot see in its own tools';

export async function walkTab(launch, hallpass, looker) {
  const teams = await Teams.start(hallpass);
  let browser;
  try {
    browser = await launch(teams.words());
    for (const colorScheme of ['light', 'dark']) await insideOfTeams(browser, teams, looker, colorScheme);
    await withoutAWord(browser, teams, looker);
    await outsideOfTeams(browser, teams, looker);
  } catch (error) {
    throw new Error(`${error.stack}\nHallpass said: ${teams.said}`);
  } finally {
    await browser?.close();
    await teams.stop();
  }
}

// A browser of its own, and a frame to look at.
async function opens(browser, looker, options) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const isOurs = (url) => [BOT, TEAMS, EVIL].some((origin) => url.startsWith(`${origin}/`));
  page.on('request', (request) => {
    if (!isOurs(request.url())) looker.problem('tab', `asks for ${request.url()}`);
  });
  page.on('pageerror', (error) => looker.problem('tab', `a script failed: ${error}`));
  return { context, page };
}

function minds(page, looker) {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) looker.problem(message.location().url, `the browser says: ${message.text()}`);
  });
}

class Tab {
  constructor(page, looker, label) {
    Object.assign(this, { page, looker, label, frame: page.frame({ name: 'tab' }) });
  }

  // axe comes from outside, as in a browser's own tools: what a page may load is not its matter.
  async look(name) {
    const url = this.frame.url();
    if (!url.startsWith(`${BOT}/tab/`)) this.looker.problem(name, `is not in the tab: ${url}`);
    await this.frame.evaluate(this.looker.axe);
    const found = await this.frame.evaluate(async (rules) => {
      const { violations } = await globalThis.axe.run(document, { rules });
      return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ').slice(0, 200)}`);
    }, RULES);
    for (const what of found) this.looker.problem(`${name} (${this.label})`, what);
    this.looker.pages += 1;
    await this.looker.shot(this.page, `tab-${name}-${this.label}`);
  }

  async presses(selector) {
    await this.frame.locator(selector).first().focus();
    await Promise.all([this.frame.waitForNavigation(), this.page.keyboard.press('Enter')]);
  }

  async says(pattern) {
    const text = await this.frame.innerText('main');
    if (!pattern.test(text)) throw new Error(`${this.frame.url()} does not say ${pattern}: ${text}`);
  }
}

async function insideOfTeams(browser, teams, looker, colorScheme) {
  const { context, page } = await opens(browser, looker, { colorScheme });
  minds(page, looker);
  await page.goto(TEAMS);
  const tab = new Tab(page, looker, colorScheme);
  await tab.frame.waitForURL(`${BOT}/tab/`);
  await tab.says(/Good to see you/);
  const asked = await page.evaluate(() => globalThis.asked);
  for (const what of ['initialize', 'authentication.getAuthToken']) {
    if (!asked.includes(what)) looker.problem('tab', `Microsoft's library never asked for ${what}`);
  }
  await tab.look('home');
  await asks(tab);
  for (const list of ['waiting', 'requests', 'access', 'favourites', 'delegated']) {
    await tab.presses(`nav a[href$="/${list}"]`);
    await tab.look(list);
  }
  await tab.presses('nav a[href$="/requests"]');
  await tab.says(/AR-\d+/);
  await tab.presses('main a[href*="/requests/AR-"]');
  await tab.look('request');
  await keepsCookiesApart(context, teams, looker);
  await framesNothingElse(page, looker);
  await context.close();
}

async function asks(tab) {
  await tab.presses('main a[href$="/new"]');
  await tab.look('form');
  await tab.frame.fill('#words', 'payments');
  await tab.presses('[role=search] button');
  await tab.look('found');
  await tab.frame.locator('input[name=item]').first().focus();
  await tab.page.keyboard.press('Space');
  await tab.presses('form[action$="/add"] button.first');
  await tab.presses('a[href$="/finish"]');
  await tab.frame.fill('#why', WHY);
  await tab.look('finish');
  await tab.presses('button[value=send]');
  await tab.says(/AR-\d+/);
  await tab.look('sent');
}

// The browser keeps the tab's cookies for frames inside of Teams and for nothing else.
async function keepsCookiesApart(context, teams, looker) {
  for (const cookie of teams.cookies) {
    const isTabs = /^__Host-hallpass-tab(-browser)?=.*; HttpOnly; SameSite=None; Secure; Partitioned/.test(cookie);
    if (!isTabs) looker.problem('tab', `sets a cookie that is not the tab's: ${cookie.split('=')[0]}`);
  }
  const session = await context.newCDPSession(await context.newPage());
  const { cookies } = await session.send('Network.getAllCookies');
  const kept = cookies.filter((one) => one.name.startsWith('__Host-hallpass'));
  if (kept.length !== 2) looker.problem('tab', `the browser keeps ${kept.length} cookies and not two`);
  for (const one of kept) {
    const site = one.partitionKey?.topLevelSite ?? one.partitionKey;
    if (site !== 'https://microsoft.com') looker.problem('tab', `${one.name} is kept for ${JSON.stringify(one.partitionKey)}`);
  }
  const page = await context.newPage();
  await page.goto(`${BOT}/tab/requests`);
  if (/Ana Torres/.test(await page.innerText('body'))) looker.problem('tab', 'is open outside of Teams as well');
  await page.close();
}

// Not even Teams frames a page that stands alone.
async function framesNothingElse(page, looker) {
  page.removeAllListeners('console');
  const refusal = page.waitForEvent('console', (message) => /frame-ancestors|X-Frame-Options/.test(message.text()));
  await page.evaluate((url) => { document.querySelector('[name=alone]').src = url; }, `${BOT}/sign-in`);
  await refusal.catch(() => looker.problem('tab', 'Teams frames a page that stands alone'));
}

// Teams says no: a sentence, and the way to a browser.
async function withoutAWord(browser, teams, looker) {
  teams.vouches = false;
  const { context, page } = await opens(browser, looker);
  await page.goto(TEAMS);
  const tab = new Tab(page, looker, 'no-word');
  await tab.frame.waitForSelector('#failed:not([hidden])');
  await tab.says(/did not say who you are/);
  await tab.says(/Open in the browser/);
  await tab.look('failed');
  await context.close();
  teams.vouches = true;
}

async function outsideOfTeams(browser, teams, looker) {
  const alone = await opens(browser, looker);
  await alone.page.goto(`${BOT}/tab/sign-in`);
  await alone.page.waitForSelector('#failed:not([hidden])');
  await alone.context.close();

  const plain = await opens(browser, looker, { javaScriptEnabled: false });
  await plain.page.goto(`${BOT}/tab/requests`);
  if ((await plain.page.locator(`a[href="${BOT}/requests"]`).count()) !== 1) looker.problem('tab', 'leads nowhere without a script');
  await plain.context.close();

  const evil = await opens(browser, looker);
  const refusal = evil.page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await evil.page.goto(EVIL);
  await refusal.catch(() => looker.problem('tab', 'another site frames the tab'));
  await evil.context.close();
}
