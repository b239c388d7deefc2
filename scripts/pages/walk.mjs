// The walk: Ana asks, Ben decides, and both look at every page on their way.
import { linkIn } from './demo.mjs';
import { Person } from './person.mjs';

const WHY = 'INC-42: look up the failed payments of 3 May, which support cannot see in its own tools';
const LONG = `INC-42: ${'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(6)} <b>bold</b> & "quoted" ${'very long words '.repeat(40)}`;

// What the pages say, by the reader's language.
const SAYS = {
  en: { who: /Who are you/, waits: /AR-\d+ is/, ready: /Your access is ready/, asks: /Review and decide/ },
  de: { who: /Wer sind Sie|Wer bist du/, waits: /AR-\d+/, ready: /Your access is ready/, asks: /Review and decide/ },
};

export async function walk(browser, demo, looker, language) {
  const says = SAYS[language];
  const locale = language === 'de' ? 'de-CH' : 'en-GB';
  const sits = (id) => Person.sits(browser, demo, looker, id, locale);
  const ana = await sits('ana');
  await comesIn(ana, says);
  await looksAtEmptyLists(ana);
  const first = await asks(ana, says, { why: WHY, isLooked: true });
  const ben = await sits('ben');
  await decides(ben, says, first);
  await usesAndExtends(ana, demo, first);
  await endsAndAsksAgain(ana, demo, first);
  await asksForAnother(ben);
  await seesWhatIsWrong(ana, demo);
  await looksAtMail(browser, demo, looker);
  await leaves(ana);
  // Something is to be decided, and something to be lost, when the scanner comes.
  await asks(ben, says, { why: WHY, words: 'reporting', item: 'reporting: member', duration: '3600' });
  await demo.letter('ben', (one) => says.ready.test(one.text));
  return { ben };
}

async function comesIn(ana, says) {
  await ana.sees('/', 'sign-in');
  await ana.says(says.who);
  await ana.signsIn({ isLooked: true });
  await ana.look('home-empty');
}

async function looksAtEmptyLists(ana) {
  for (const list of ['waiting', 'requests', 'access', 'favourites', 'delegated']) {
    await ana.sees(`/${list}`, `${list}-empty`);
  }
}

// Fills the form in each of its ways and sends it; the request's number.
async function asks(person, says, { why, words = 'paymnts', item = 'payments: read', duration = '900', isLooked = false }) {
  const look = (name) => (isLooked ? person.look(name) : undefined);
  await person.opens('/');
  await person.presses('a[href$="/new"]');
  await look('form');
  const form = person.page.url().split('?')[0];
  await person.types('#words', words);
  await person.presses('[role=search] button');
  await look('form-found');
  await person.ticks(`xpath=//label[.//bdi[starts-with(., "${item}")]]/input`);
  await person.presses('form[action$="/add"] button.first');
  await look('form-added');
  if (isLooked) {
    await person.sees(`${form}?way=bundle`, 'form-bundles');
    await person.sees(`${form}?way=app`, 'form-apps');
    for (let step = 1; (await person.page.locator('section.card .tabs').count()) === step; step += 1) {
      await person.presses(`section.card .tabs >> nth=${step - 1} >> a`);
      await look(`form-apps-${step}`);
      if (step === 4) break;
    }
    await person.sees(`${form}?words=qqqqqqqq`, 'form-nothing-found');
    await person.sees(`${form}/chosen`, 'form-chosen');
  }
  await person.opens(`${form}/finish`);
  await look('form-finish');
  await person.types('#why', why);
  if (isLooked) {
    await person.presses('button[value=look]');
    await look('form-lights');
    await person.types('#other', 'soon');
    await person.presses('button[value=send]');
    await look('form-wrong');
    await person.types('#other', '');
  }
  await person.page.selectOption('#duration', duration);
  await person.presses('button[value=send]');
  await look('form-sent');
  await person.says(says.waits);
  return /AR-\d+/.exec(await person.page.innerText('main'))[0];
}

async function decides(ben, says, id) {
  const letter = await ben.demo.letter('ben', (one) => says.asks.test(one.text) && one.subject.includes(id));
  await ben.follows(letter);
  await ben.look('sign-in-by-link');
  await ben.signsIn();
  await ben.look('decide');
  await ben.presses('button[value=reject]').catch(() => {});
  await ben.look('decide-without-reason');
  await ben.sees('/waiting', 'waiting');
  await ben.opens(`/requests/${id}`);
  await ben.types('#reason', 'Go ahead, and tell me what you find');
  await ben.presses('button[value=approve]');
  await ben.look('approved');
  await ben.demo.letter('ana', (one) => says.ready.test(one.text));
}

async function usesAndExtends(ana, demo, id) {
  await ana.sees(`/requests/${id}`, 'active');
  await ana.looker.print(ana.page, 'active');
  await ana.presses('form[action$="/connect"] button');
  await ana.look('connect');
  await ana.sees('/access', 'access');
  await demo.pass(5);
  await ana.opens(`/requests/${id}`);
  await ana.look('ends-soon');
  await ana.presses('form[action$="/extend"] button');
  await ana.look('extended');
  await ana.presses('form[action$="/star"] button');
  await ana.sees('/favourites', 'favourites');
  await ana.opens(`/requests/${id}`);
  await ana.presses('form[action$="/unstar"] button');
  await ana.presses('form[action$="/star"] button');
  await ana.sees('/', 'home');
}

async function endsAndAsksAgain(ana, demo, id) {
  const held = await demo.target();
  await ana.opens(`/requests/${id}`);
  await ana.opensUp('summary');
  await ana.look('end-asked');
  await ana.presses('form[action$="/revoke"] button');
  await ana.look('ending');
  await demo.letter('ana', (one) => one.subject.includes(id) && /Revoked/.test(one.text)).catch(() => {});
  for (const until = Date.now() + 10_000; (await demo.target()).length >= held.length && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if ((await demo.target()).length >= held.length) throw new Error(`${id} was ended, and the target still gives it`);
  await ana.sees(`/requests/${id}`, 'revoked');
  await ana.presses('form[action$="/again"] button');
  await ana.look('again');
  await ana.types('#why', LONG);
  await ana.page.selectOption('#duration', '3600').catch(() => {});
  await ana.presses('button[value=send]');
  await ana.look('again-sent');
  await ana.sees('/requests', 'requests');
  await ana.ticks('input[name=status] >> nth=0');
  await ana.presses('.filter button');
  await ana.look('requests-filtered');
  await ana.opens('/requests');
  await ana.presses('a.what');
  await ana.look('pending-long');
  await ana.opensUp('summary');
  await ana.look('cancel-asked');
}

async function asksForAnother(ben) {
  await ben.opens('/new');
  await ben.presses('a[href$="/for"]');
  await ben.look('form-for');
  await ben.types('#words', 'finn');
  await ben.presses('[role=search] button');
  await ben.ticks('input[name=person] >> nth=-1');
  await ben.presses('form[method=post][action$="/for"] button.first');
  await ben.look('form-for-finn');
  await ben.sees('/', 'home-approver');
}

async function seesWhatIsWrong(ana, demo) {
  await ana.sees('/requests/AR-9999', 'not-found');
  await ana.sees('/requests/nonsense', 'not-found-nonsense');
  await ana.sees('/forms/00000000-0000-7000-8000-000000000000', 'form-unknown');
  const bens = await demo.letter('ben', (one) => /^http:\S+$/m.test(one.text));
  await ana.sees(linkIn(bens), 'anothers-link');
  await ana.opens('/');
  await ana.page.locator('form[action$="/sign-out"] input[name=form]').evaluate((one) => {
    one.value = 'from elsewhere';
  });
  await ana.presses('form[action$="/sign-out"] button');
  await ana.look('form-from-elsewhere');
}

// The demo's own pages, and one letter of each kind as mail programs show it.
async function looksAtMail(browser, demo, looker) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  looker.listen(page, demo.url);
  await page.goto(`${demo.url}/demo`);
  await looker.look(page, 'demo');
  await page.goto(`${demo.url}/demo/people/finn/mail`);
  await looker.look(page, 'demo-mailbox-empty');
  const letters = await demo.letters();
  const kind = (letter) => letter.to + letter.text.split('\n')[0].replaceAll(/\d+|AR-\d+/g, '');
  const numbers = [...new Map(letters.map((letter, number) => [kind(letter), number])).values()];
  const bens = letters.findIndex((letter) => letter.to.startsWith('ben@'));
  await page.goto(`${demo.url}/demo/people/ben/mail`);
  await looker.look(page, 'demo-mailbox');
  await page.goto(`${demo.url}/demo/people/ben/mail/${bens}`);
  await looker.look(page, 'demo-letter');
  for (const number of numbers) {
    await page.goto(`${demo.url}/demo/letters/${number}/html`);
    await looker.look(page, `mail-${number}`, { isLetter: true });
  }
  await context.close();
}

async function leaves(ana) {
  await ana.opens('/');
  await ana.presses('form[action$="/sign-out"] button');
  await ana.look('signed-out');
}
