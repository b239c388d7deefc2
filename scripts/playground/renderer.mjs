// What somebody sees: their Playground in a browser.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE_MS, until } from './process.mjs';

// Drawn by a card's root, and by nothing else of the Playground.
const CARD = 'div[dir="ltr"][tabindex="0"]';
// Drawn by Markdown or HTML alone: our cards use none, so it would come from somebody's words.
const MARKUP = 'a, b, strong, em, del, s, code, pre, blockquote, img, script, at, ul, ol, li';
const LOCAL = ['localhost', '127.0.0.1', '[::1]', '::1'];
const VIEW = { width: 1360, height: 1500 };

export class Renderer {
  static async open(browser, playground, shots) {
    const context = await browser.newContext({ locale: 'en-US', viewport: VIEW });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const renderer = new Renderer(page, playground.person, shots);
    page.on('dialog', async (dialog) => {
      renderer.objections.push(`a script ran at ${renderer.key}: ${dialog.message()}`);
      await dialog.dismiss();
    });
    // Nothing leaves this machine, and nothing of somebody's words is fetched.
    await context.route((url) => !LOCAL.includes(url.hostname), async (route) => {
      const { hostname } = new URL(route.request().url());
      if (hostname.endsWith('.example')) renderer.objections.push(`${renderer.key}’s browser asks ${hostname}`);
      await route.abort();
    });
    await page.goto(playground.url);
    await renderer.box.waitFor();
    return renderer;
  }

  constructor(page, person, shots) {
    Object.assign(this, { page, key: person.key, shots, objections: [] });
  }

  get box() {
    return this.page.getByRole('textbox').first();
  }

  // Writes to Hallpass.
  async says(text) {
    await this.box.fill(text);
    await this.page.keyboard.press('Enter');
  }

  // The newest card in the chat that says this, once there is one.
  async card(pattern) {
    const card = this.page.locator(CARD).filter({ hasText: pattern }).last();
    await this.awaits(card, pattern);
    return card;
  }

  // How many cards say this.
  sees(pattern) {
    return this.page.locator(CARD).filter({ hasText: pattern }).count();
  }

  async awaits(locator, what) {
    await locator.waitFor().catch(() => {
      throw new Error(`${this.key} does not see ${what} within ${PATIENCE_MS / 1000} s`);
    });
    await locator.scrollIntoViewIfNeeded();
  }

  // The texts of a card's buttons, once they are these.
  async buttons(card, wanted) {
    const seen = async () => (await card.getByRole('button').allInnerTexts()).map((text) => text.trim()).join(' | ');
    try {
      await until('', async () => (await seen()) === wanted);
    } catch {
      throw new Error(`${this.key} sees the buttons “${await seen()}”, not “${wanted}”`);
    }
  }

  // Turns to another conversation in the list.
  async turnsTo(name) {
    await this.page.getByRole('treeitem', { name }).click();
  }

  // Opens the message extension by its command, as the compose box does.
  async extension(command) {
    await this.page.getByRole('button', { name: 'Trigger Message Extension App' }).click();
    await this.page.getByText('Action Command').click();
    await this.page.getByPlaceholder('Input command id').fill(command);
    await this.page.keyboard.press('Enter');
  }

  // The open dialog, once it says this.
  async dialog(pattern) {
    const dialog = this.page.getByRole('dialog').last().filter({ hasText: pattern });
    await this.awaits(dialog, `a dialog with ${pattern}`);
    return dialog;
  }

  // Closes the open dialog by the cross in its corner.
  async closes() {
    const dialogs = this.page.getByRole('dialog');
    await dialogs.last().getByRole('button').first().click();
    await until(`the dialog of ${this.key} closes`, async () => (await dialogs.count()) === 0);
  }

  // Holds that somebody's words are drawn as they were written, and that nothing came of them.
  async isLiteral(place, words) {
    const text = bare(await place.textContent());
    const typed = await place.locator('textarea, input').evaluateAll((fields) => fields.map((field) => field.value).join(' '));
    if (!`${text}${bare(typed)}`.includes(bare(words))) this.objections.push(`${this.key} does not see the words as written, but: ${text}`);
    for (const markup of await place.locator(MARKUP).evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 160)))) {
      this.objections.push(`${this.key} sees markup of somebody's words: ${markup}`);
    }
  }

  async shot(name) {
    if (!this.shots) return;
    mkdirSync(this.shots, { recursive: true });
    await this.page.screenshot({ path: path.join(this.shots, `${name}.png`) });
  }
}

// Text as it is read: spaces, and the marks that keep an escape from joining words, are not seen.
function bare(text) {
  return text.replace(/[\s\u2060\p{Cc}]/gu, '');
}
