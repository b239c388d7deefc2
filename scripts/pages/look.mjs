// Looks at one page as it stands: what axe says, what is too wide, what Tab reaches.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

export const WINDOWS = {
  light: { name: 'light', colorScheme: 'light', width: 1280 },
  dark: { name: 'dark', colorScheme: 'dark', width: 1280 },
  phone: { name: 'phone', colorScheme: 'light', width: 390 },
  phoneDark: { name: 'phone-dark', colorScheme: 'dark', width: 390 },
};
const HEIGHT = 900;
// How long a key may take to move the focus; within a frame's own page it does not move.
const FOCUS_MS = 1_000;
// Beyond what axe does unasked.
const RULES = { 'target-size': { enabled: true } };
// A letter is a part of the page that a mail program makes, and has no landmarks of its own.
const LETTER_RULES = { ...RULES, 'landmark-one-main': { enabled: false }, region: { enabled: false } };

export class Looker {
  // `windows` are those that pages are looked at in; for screenshots, all are.
  constructor({ axe, shots, label, windows, hasKeyboard }) {
    this.axe = axe;
    this.shots = shots;
    this.label = label;
    this.hasKeyboard = hasKeyboard;
    this.windows = shots ? Object.values(WINDOWS) : windows;
    this.problems = [];
    this.answers = new WeakMap();
    this.pages = 0;
    this.stops = 0;
    this.links = 0;
    this.forms = 0;
  }

  problem(name, what) {
    this.problems.push(`${this.label} ${name}: ${what}`);
  }

  // Listens to what the browser complains of; `page` shows nothing but the demo at `origin`.
  listen(page, origin) {
    page.on('console', (message) => {
      // A page that says that something is wrong is answered with a status that says so too.
      const isStatus = /Failed to load resource.*status of 4/.test(message.text()) && message.location().url === page.url();
      if (['error', 'warning'].includes(message.type()) && !isStatus) {
        this.problem(page.url(), `the browser says: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => this.problem(page.url(), `a script failed: ${error}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) this.problem(page.url(), `asks for ${request.url()}`);
    });
    page.on('response', (response) => {
      const request = response.request();
      const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isPage && ![302, 303, 307].includes(response.status())) this.answers.set(page, response);
      if (response.status() >= 500) this.problem(response.url(), `answers ${response.status()}`);
    });
  }

  async look(page, name, { isLetter = false } = {}) {
    this.pages += 1;
    if (this.hasKeyboard && !isLetter) await this.keyboard(page, name);
    const copy = await this.copyOf(page);
    await copy.evaluate(this.axe);
    for (const window of this.windows) {
      await copy.setViewportSize({ width: window.width, height: HEIGHT });
      // Colours that are still on their way are no colours to measure.
      await copy.emulateMedia({ colorScheme: window.colorScheme, reducedMotion: 'reduce' });
      await this.width(copy, `${name} (${window.name})`);
      await this.rules(copy, `${name} (${window.name})`, isLetter ? LETTER_RULES : RULES);
      await this.shot(copy, `${name}-${window.name}`);
    }
  }

  // axe is a script, and people here have none: the same answer again, in a browser that runs it.
  async copyOf(page) {
    const answer = this.answers.get(page);
    const headers = await answer.allHeaders();
    // A letter runs nothing, not even axe.
    if (/sandbox/.test(headers['content-security-policy'])) delete headers['content-security-policy'];
    this.shown = {
      status: answer.status(),
      headers,
      body: await answer.body(),
    };
    if (!this.copy) {
      const context = await page.context().browser().newContext();
      this.copy = await context.newPage();
      await this.copy.route('**/*', (route) => {
        const request = route.request();
        const isPage = request.isNavigationRequest() && request.frame() === this.copy.mainFrame();
        return isPage ? route.fulfill(this.shown) : route.continue();
      });
      this.listen(this.copy, new URL(page.url()).origin);
    }
    await this.copy.goto(page.url());
    const opened = await page.evaluate(() => [...document.querySelectorAll('details')].map((one) => one.open));
    await this.copy.evaluate((open) => document.querySelectorAll('details').forEach((one, n) => { one.open = open[n]; }), opened);
    return this.copy;
  }

  // What is printed of a page fits on one sheet of A4.
  async print(page, name) {
    await page.emulateMedia({ media: 'print' });
    await this.shot(page, `${name}-print`);
    const pdf = await page.pdf({ format: 'A4' });
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
    if (sheets !== 1) this.problem(name, `is printed on ${sheets} sheets`);
    await page.emulateMedia({ media: null });
  }

  async shot(page, name) {
    if (!this.shots) return;
    mkdirSync(this.shots, { recursive: true });
    const file = `${this.label}-${name}`.replaceAll(/[^\w-]+/g, '_');
    await page.screenshot({ path: path.join(this.shots, `${file}.png`), fullPage: true });
  }

  async rules(page, name, rules) {
    const violations = await page.evaluate(async (rules) => {
      const found = await window.axe.run(document, { resultTypes: ['violations'], rules });
      return found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(' | ')}`);
    }, rules);
    for (const violation of violations) this.problem(name, `axe: ${violation}`);
  }

  async width(page, name) {
    const wide = await page.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return null;
      const over = [...document.querySelectorAll('body *')].find((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
      return `${root.scrollWidth} pixels in ${root.clientWidth}: ${over?.outerHTML.slice(0, 120)}`;
    });
    if (wide) this.problem(name, `scrolls sideways: ${wide}`);
  }

  // Waits for what Tab does; a frame that is a process of its own has the focus some time after the key.
  async focusMoves(page) {
    const until = Date.now() + FOCUS_MS;
    while (Date.now() < until && (await page.evaluate(() => document.activeElement === window.before))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  // Presses Tab until every control was reached once, in the order of the page, each seen to be.
  async keyboard(page, name) {
    // Tab passes over a frame that has nothing in it yet.
    await Promise.all(page.frames().map((one) => one.waitForLoadState('load')));
    const controls = await page.evaluate(() => {
      const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"], iframe';
      const named = new Set();
      const isStop = (one) => {
        if (one.disabled || !one.checkVisibility()) return false;
        if (one.type !== 'radio') return true;
        const isFirst = !named.has(one.name);
        named.add(one.name);
        return isFirst;
      };
      window.before = document.activeElement;
      window.controls = [...document.querySelectorAll(all)].filter(isStop);
      return window.controls.map((one) => one.outerHTML.slice(0, 100));
    });
    const reached = [];
    for (let n = 0; n < controls.length + 3 && reached.length < controls.length; n += 1) {
      await page.keyboard.press('Tab');
      await this.focusMoves(page);
      const at = await page.evaluate(() => {
        const one = document.activeElement;
        window.before = one;
        const style = getComputedStyle(one);
        const box = one.getBoundingClientRect();
        const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        const isMarked = one.tagName === 'IFRAME' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
        const same = (other) => other === one || (one.type === 'radio' && other.type === 'radio' && other.name === one.name);
        return { index: window.controls.findIndex(same), isSeen, isMarked, html: one.outerHTML.slice(0, 100) };
      });
      if (at.index < 0) continue;
      if (!at.isSeen) this.problem(name, `has the focus outside of the window: ${at.html}`);
      if (!at.isMarked) this.problem(name, `does not show its focus: ${at.html}`);
      if (!reached.includes(at.index)) reached.push(at.index);
    }
    this.stops += reached.length;
    const missed = controls.filter((_, n) => !reached.includes(n));
    if (missed.length > 0) this.problem(name, `Tab does not reach ${missed.join(' | ')}`);
    // It may begin in the middle, where somebody pressed something, and goes round once.
    const jumps = reached.filter((index, n) => n > 0 && index < reached[n - 1]).length;
    if (jumps > 1) this.problem(name, 'Tab jumps about');
  }
}
