// The walk: Isaiah is nobody, Alex asks, Megan decides, Alex has the access and ends it.
import crypto from 'node:crypto';
import { cardOf } from './between.mjs';
import { button, buttons, dialogCard, submitted, words } from './cards.mjs';
import { forge } from './forged.mjs';
import { ALEX, CHANNEL, ISAIAH, MEGAN } from './people.mjs';
import { until } from './process.mjs';
import { Renderer } from './renderer.mjs';

export const HOSTILE = 'INC-42: look at *failed* **payments** [here](https://evil.example) ![x](https://evil.example/x.png) <at>Megan Bowen</at> ' +
  '<img src=x onerror=alert(1)> <b>bold</b> `code` ~~gone~~ # 1. to read why support cannot see them';
const REASON = 'Until the *audit* is [done](https://evil.example)';
const EARLY = 'Done with **it** <b>today</b>';

// What did not hold, without what holds everything up: that is an error.
export async function walk(browser, stage, shots) {
  const open = (person) => Renderer.open(browser, stage.playgrounds[person.key], shots);
  const [isaiah, alex, megan] = await Promise.all([ISAIAH, ALEX, MEGAN].map(open));
  const objections = [];
  const holds = (isSo, what) => isSo || objections.push(what);
  const walker = { stage, isaiah, alex, megan, objections, holds };
  const steps = [isNobody, findsTheWay, asks, looksAtQuestion, looksAtChannel, decides, hasAccess, endsIt];
  try {
    for (const step of steps) await step(walker);
  } catch (error) {
    for (const one of [isaiah, alex, megan]) await one.shot(`stuck-${one.key}`);
    objections.push(error.message);
  }
  return [...objections, ...[isaiah, alex, megan].flatMap((one) => one.objections)];
}

async function isNobody({ stage, isaiah, holds }) {
  await isaiah.says('request payments read for 1h because INC-1: I am curious');
  const told = await isaiah.card(/does not know you yet; ask an admin/);
  await isaiah.shot('1-nobody');
  await isaiah.buttons(told, '');
  holds(stage.hallpass.access().length === 0, 'somebody unknown reached the target');
}

async function findsTheWay({ stage, alex, megan, holds }) {
  await alex.card(/Good to see you, Alex Wilber/);
  await alex.says('help');
  await alex.card(/show AR-1042/);
  await alex.shot('2-help');
  await alex.says('requests');
  await alex.card(/You have not asked for anything yet/);
  await alex.says('mine');
  await alex.card(/You have no access through Hallpass right now/);
  await alex.shot('2-lists');
  await megan.says('approvals');
  await megan.card(/Nothing waits for your decision/);
  // Teams tells of an installation twice, at once.
  for (const { chat, account } of [ALEX, MEGAN]) {
    const greetings = stage.connector.messages.filter((one) => one.conversation === chat && /Good to see you/.test(words(cardOf(one))));
    holds(greetings.length === 1, `${account.name} was greeted ${greetings.length} times`);
  }
}

async function asks({ stage, alex, holds }) {
  await alex.extension('request');
  const form = await alex.dialog(/What do you need/);
  await alex.shot('3-form');
  await form.locator('input[type=text], input:not([type])').first().fill('paymnts');
  await form.getByRole('button', { name: 'Search' }).click();
  await alex.dialog(/What do you need/);
  await form.getByText(/payments: read/).first().click();
  await form.getByRole('button', { name: 'Continue' }).click();
  const finish = await alex.dialog(/Why do you need it/);
  await finish.locator('textarea').fill(HOSTILE);
  await finish.getByRole('button', { name: 'Check what I wrote' }).click();
  const checked = await alex.dialog(/🟢/);
  await alex.isLiteral(checked, HOSTILE);
  await alex.shot('3-checked');
  await checked.getByRole('button', { name: 'Send request' }).click();
  // The Playground empties an open dialog when a message comes in, so this one is read on its way.
  const sent = () => stage.inbound.newest(ALEX, (one) => one.value?.data?.do === 'send')?.answer;
  await until('the form is sent', () => /AR-1001 is Pending Approval\. It waits for Megan Bowen/.test(words(sent())));
  await alex.closes();
  const status = await alex.card(/AR-1001 · Pending Approval/);
  await alex.isLiteral(status, HOSTILE);
  await alex.buttons(status, 'Cancel request | Details');
  await alex.shot('4-pending');
  // A button that is answered in its card's place.
  const home = await alex.card(/Good to see you, Alex Wilber/);
  await home.getByRole('button', { name: 'Pending Approval' }).click();
  await alex.card(/My requests.*AR-1001/s);
  await alex.shot('4-list');
  holds(stage.hallpass.access().length === 0, 'what nobody approved is in the target');
}

async function looksAtQuestion({ stage, alex, megan, holds }) {
  const question = await megan.card(/AR-1001/);
  await megan.isLiteral(question, HOSTILE);
  await megan.buttons(question, 'Approve | Reject | Details');
  await megan.shot('5-question');
  // The button carries no right: Alex, who asked, presses what Megan was sent.
  const answered = await presses(stage, ALEX, button(questionOf(stage), 'Approve').data);
  holds(!answered.task?.value?.card || buttons(dialogCard(answered)).every((one) => one.data?.do !== 'decide'),
    'the requester may decide on what they asked for');
  await alex.buttons(await alex.card(/AR-1001 · Pending Approval/), 'Cancel request | Details');
}

// What a channel shows everybody has no right in it either: who presses Review sees what is theirs.
async function looksAtChannel({ stage, megan, holds }) {
  await megan.turnsTo('Approvals');
  const question = await megan.card(/AR-1001/);
  await megan.isLiteral(question, HOSTILE);
  await megan.buttons(question, 'Review');
  await megan.shot('5-channel');
  const card = cardOf(stage.connector.newest(CHANNEL, (one) => /AR-1001/.test(words(one))));
  holds(JSON.stringify(card.refresh?.userIds) === JSON.stringify([MEGAN.account.id]), 'the channel’s card is not refreshed for who may decide');
  const { data } = button(card, 'Review');
  for (const [person, isDecider] of [[MEGAN, true], [ALEX, false], [ISAIAH, false]]) {
    const answered = await presses(stage, MEGAN, data, { as: person, conversation: CHANNEL });
    const mayDecide = buttons(answered).some((one) => one.data?.do === 'approve');
    holds(mayDecide === isDecider, `Review ${mayDecide ? 'lets' : 'does not let'} ${person.key} decide`);
    holds(person !== ISAIAH || !words(answered).includes('INC-42'), 'Review shows somebody unknown what was asked for');
  }
  await megan.turnsTo('Personal Chat');
}

async function decides({ stage, megan, holds, objections }) {
  const opened = await presses(stage, MEGAN, button(questionOf(stage), 'Approve').data);
  const data = submitted(dialogCard(opened), 'Approve', { reason: REASON });
  const { activity } = stage.inbound.newest(MEGAN, (one) => one.name === 'composeExtension/submitAction');
  const decision = { ...activity, id: crypto.randomUUID(), value: { ...activity.value, data } };
  objections.push(...await forge(stage, decision));
  await megan.buttons(await megan.card(/AR-1001/), 'Approve | Reject | Details');
  await presses(stage, MEGAN, data);
  await until('the target gives what was approved', () => stage.hallpass.access().length === 1);
  const [access] = stage.hallpass.access();
  holds(access.grantee.includes(ALEX.key) && access.resource === 'share:payments' && access.permission === 'read',
    `the target gives something else: ${JSON.stringify(access)}`);
  const late = await presses(stage, MEGAN, data);
  holds(/[Aa]lready/.test(words(late)), `a decision that comes late is answered ${JSON.stringify(late)}`);
}

async function hasAccess({ stage, alex, megan, holds }) {
  const before = statusOf(stage);
  const status = await alex.card(/AR-1001 · Active/);
  await alex.isLiteral(status, HOSTILE);
  await alex.buttons(status, 'End access now | Details');
  holds(before.edits > 0, 'the requester’s card was not edited in place');
  holds(await alex.sees(/AR-1001 · Pending Approval.*Justification/s) === 0, 'a card still says Pending Approval');
  await alex.shot('6-active');
  const question = await megan.card(/AR-1001/);
  await megan.buttons(question, 'Details');
  await megan.isLiteral(question, REASON);
  await megan.shot('6-decided');
  await megan.turnsTo('Approvals');
  const inChannel = await megan.card(/AR-1001/);
  await megan.buttons(inChannel, 'Details');
  await megan.isLiteral(inChannel, REASON);
  await megan.shot('6-channel');
}

// As Teams does it: a button with a dialog of its own, which the Playground cannot press.
async function endsIt({ stage, alex, holds }) {
  const opened = await asTeams(stage, ALEX, 'task/fetch', button(cardOf(statusOf(stage)), 'End access now').data);
  const data = submitted(dialogCard(opened), 'End access', { reason: EARLY });
  holds(stage.hallpass.access().length === 1, 'opening a dialog ended the access');
  await asTeams(stage, ALEX, 'task/submit', data);
  await until('the target takes the access away', () => stage.hallpass.access().length === 0);
  const status = await alex.card(/AR-1001 · Revoked.*Justification/s);
  await alex.isLiteral(status, EARLY);
  await alex.buttons(status, 'Details');
  await alex.card(/This access has ended/);
  const notice = await alex.card(/AR-1001 · Revoked(?!.*Justification)/s);
  await alex.buttons(notice, 'Request again | Details');
  await alex.shot('7-revoked');
  holds(statusOf(stage).edits > 1, 'the requester’s card was not edited in place');
  await alex.says('mine');
  await alex.card(/You have no access through Hallpass right now/);
}

// What Megan was asked with.
function questionOf(stage) {
  return cardOf(stage.connector.newest(MEGAN.chat, (card) => /AR-1001/.test(words(card))));
}

// The requester's living card.
function statusOf(stage) {
  return stage.connector.newest(ALEX.chat, (card) => /AR-1001 · .*Justification/s.test(words(card)));
}

// Sends what a button or a dialog carries over the Playground, which knows dialogs of message
// extensions alone.
function presses(stage, person, data, how) {
  const value = { commandId: 'request', commandContext: 'message', data };
  return stage.playgrounds[person.key].invoke('composeExtension/submitAction', value, how);
}

async function asTeams(stage, person, name, data) {
  const { activity } = stage.inbound.newest(person);
  const { text, entities, attachments, ...base } = activity;
  const invoke = { ...base, type: 'invoke', name, id: crypto.randomUUID(), value: { data, context: { theme: 'default' } } };
  const answered = await stage.inbound.pass(JSON.stringify(invoke));
  if (answered.status !== 200) throw new Error(`${name} was answered ${answered.status}`);
  return answered.body === '' ? {} : JSON.parse(answered.body);
}
