// Somebody with a keyboard and no script: a browser of their own.
import { codeIn, linkIn } from './demo.mjs';

export class Person {
  static async sits(browser, demo, looker, id, locale) {
    const context = await browser.newContext({ locale, javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    looker.listen(page, demo.url);
    return new Person(context, page, demo, looker, id);
  }

  constructor(context, page, demo, looker, id) {
    Object.assign(this, { context, page, demo, looker, id });
  }

  async opens(path) {
    await this.page.goto(path.startsWith('http') ? path : this.demo.url + path);
  }

  async look(name, how) {
    await this.looker.look(this.page, name, how);
  }

  // Opens a page and looks at it.
  async sees(path, name, how) {
    await this.opens(path);
    await this.look(name, how);
  }

  // Presses a control as a keyboard does, and waits for the page that comes.
  async presses(selector) {
    await this.page.locator(selector).first().focus();
    await Promise.all([this.page.waitForNavigation(), this.page.keyboard.press('Enter')]);
  }

  async ticks(selector) {
    await this.page.locator(selector).first().focus();
    await this.page.keyboard.press('Space');
  }

  async opensUp(selector) {
    await this.page.locator(selector).first().focus();
    await this.page.keyboard.press('Enter');
  }

  async types(selector, text) {
    await this.page.fill(selector, text);
  }

  async says(pattern) {
    const text = await this.page.innerText('main');
    if (!pattern.test(text)) throw new Error(`${this.page.url()} does not say ${pattern}: ${text}`);
  }

  // From the page that asks who they are to the one they wanted.
  async signsIn({ isLooked = false } = {}) {
    const before = (await this.demo.letters()).length;
    if (await this.page.locator('#address').count()) await this.types('#address', `${this.id}@birchbell.example`);
    await this.presses('main form button.first');
    if (isLooked) {
      await this.look('code');
      await this.types('#code', '000 000');
      await this.presses('main form button.first');
      await this.look('code-wrong');
    }
    const letter = await this.demo.letter(this.id, codeIn, before);
    await this.types('#code', codeIn(letter));
    await this.presses('main form button.first');
  }

  async follows(letter) {
    await this.opens(linkIn(letter));
  }
}
