// What Hallpass does on the way of an acknowledgement, in Bolt for JavaScript, kept to the least that
// does the same: who sent it, a form, a search, a stored request and decision, the messages about
// them, the Home. No connector, no outbox, no retries, no audit chain.
const { App, HTTPReceiver, LogLevel } = require('@slack/bolt');
const Database = require('better-sqlite3');
const fs = require('node:fs');

const resources = JSON.parse(fs.readFileSync('resources.json', 'utf8')).resources;
const names = resources.map((resource) => resource.id.toLowerCase());
const byId = new Map(resources.map((resource) => [resource.id, resource]));

const db = new Database('bolt.db');
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY AUTOINCREMENT, view TEXT NOT NULL UNIQUE, requester TEXT NOT NULL,
    resource TEXT NOT NULL, manager TEXT NOT NULL, owner TEXT NOT NULL, seconds INTEGER NOT NULL,
    justification TEXT NOT NULL, status TEXT NOT NULL, submitted_at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS request_requester ON request (requester, id);
  CREATE INDEX IF NOT EXISTS request_manager ON request (manager, status, id);
  CREATE TABLE IF NOT EXISTS decision (
    request INTEGER NOT NULL REFERENCES request (id), person TEXT NOT NULL, verdict TEXT NOT NULL,
    reason TEXT, decided_at INTEGER NOT NULL, PRIMARY KEY (request, person));
  CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY, happened_at INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
    request INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS message (
    request INTEGER NOT NULL, recipient TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL,
    PRIMARY KEY (request, recipient));
`);
const addRequest = db.prepare(`
  INSERT INTO request (view, requester, resource, manager, owner, seconds, justification, status, submitted_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, 'Pending Approval', ?) ON CONFLICT (view) DO NOTHING`);
const ofView = db.prepare('SELECT id FROM request WHERE view = ?');
const getRequest = db.prepare('SELECT * FROM request WHERE id = ?');
const addDecision = db.prepare('INSERT INTO decision VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
const addAudit = db.prepare('INSERT INTO audit (happened_at, actor, kind, request) VALUES (?, ?, ?, ?)');
const addMessage = db.prepare('INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?)');
const messagesOf = db.prepare('SELECT * FROM message WHERE request = ?');
const mine = db.prepare('SELECT id, resource, status FROM request WHERE requester = ? ORDER BY id DESC LIMIT 10');
const waiting = db.prepare("SELECT id, resource FROM request WHERE manager = ? AND status = 'Pending Approval' ORDER BY id DESC LIMIT 10");

const submit = db.transaction((view, requester, resource, manager, owner, seconds, why) => {
  const added = addRequest.run(view, requester, resource, manager, owner, seconds, why, Date.now());
  if (added.changes === 0) return ofView.get(view).id;
  addAudit.run(Date.now(), requester, 'submitted', added.lastInsertRowid);
  return Number(added.lastInsertRowid);
});
const decide = db.transaction((id, person, verdict, reason) => {
  const request = getRequest.get(id);
  if (!request || request.status !== 'Pending Approval') return null;
  if (person === request.requester || ![request.manager, request.owner].includes(person)) return null;
  if (addDecision.run(id, person, verdict, reason, Date.now()).changes === 0) return null;
  addAudit.run(Date.now(), person, verdict, id);
  return request;
});

const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  endpoints: ['/slack/commands', '/slack/interactions', '/slack/options', '/slack/events'],
  logLevel: LogLevel.ERROR,
});
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  receiver,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

// Slack's word on who somebody is, kept as Hallpass keeps it.
const people = new Map();
async function person(client, user) {
  let known = people.get(user);
  if (!known || Date.now() - known.at > 600000) {
    const { user: facts } = await client.users.info({ user });
    if (facts.deleted || facts.is_bot || facts.is_restricted) throw new Error('nobody');
    known = { at: Date.now(), email: facts.profile.email };
    people.set(user, known);
  }
  return known.email.split('@')[0];
}
const account = (id) => `U${id.slice(1)}`;
const managerOf = (id) => `p${String((Number(id.slice(1)) + 1) % 2000).padStart(5, '0')}`;

const plain = (text) => ({ type: 'plain_text', text });
const form = {
  type: 'modal', callback_id: 'request_finish', title: plain('Request access'), submit: plain('Send request'),
  close: plain('Cancel'),
  blocks: [
    { type: 'input', block_id: 'what', dispatch_action: true, label: plain('What do you need?'),
      element: { type: 'multi_external_select', action_id: 'resources', min_query_length: 0,
        max_selected_items: 100, placeholder: plain('Search all connected systems') } },
    { type: 'input', block_id: 'duration', label: plain('For how long?'),
      element: { type: 'static_select', action_id: 'duration', options: [
        { text: plain('1 hour'), value: '3600' }, { text: plain('4 hours'), value: '14400' }] } },
    { type: 'input', block_id: 'why', label: plain('Why do you need it?'),
      element: { type: 'plain_text_input', action_id: 'justification', multiline: true, max_length: 3000 } },
  ],
};

app.command('/access', async ({ command, ack, client }) => {
  if (command.text === 'help') return ack({ response_type: 'ephemeral', text: '`/access request` asks for access' });
  await ack();
  await person(client, command.user_id);
  await client.views.open({ trigger_id: command.trigger_id, view: form });
});

app.options('resources', async ({ body, options, ack, client }) => {
  await person(client, body.user.id);
  // The typed text as a whole, somewhere in the name: words in another order are not found.
  const text = options.value.toLowerCase();
  const found = [];
  for (let i = 0; i < names.length && found.length < 100; i += 1) {
    if (names[i].includes(text)) found.push(resources[i]);
  }
  await ack({ options: found.map((resource) => ({
    text: plain(resource.id), value: resource.id, description: plain(`${resource.kind} in Production`),
  })) });
});

app.action('resources', async ({ ack }) => { await ack(); });

function blocksOf(request, status, buttons) {
  const field = (name, text) => ({ type: 'mrkdwn', text: `*${name}*\n${text}` });
  const blocks = [
    { type: 'section', text: { type: 'mrkdwn', text: `*AR-${request.id}* ${status}` } },
    { type: 'section', fields: [field('Who', request.requester), field('What', request.resource),
      field('How long', `${request.seconds / 3600} h`)] },
    { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: request.justification }] }] },
  ];
  if (buttons) {
    blocks.push({ type: 'actions', elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), style: 'primary', value: `AR-${request.id}` },
      { type: 'button', action_id: 'reject', text: plain('Reject'), style: 'danger', value: `AR-${request.id}` }] });
  }
  return blocks;
}

async function publishHome(client, user, id) {
  const rows = [...mine.all(id), ...waiting.all(id)];
  const blocks = rows.map((row) => ({ type: 'section', text: plain(`AR-${row.id} ${row.resource} ${row.status || 'waits for you'}`) }));
  await client.views.publish({ user_id: user, view: { type: 'home', blocks } });
}

app.view('request_finish', async ({ ack, body, view, client }) => {
  const values = view.state.values;
  const id = await person(client, body.user.id);
  const resource = byId.get(values.what.resources.selected_options[0].value);
  const request = submit(view.id, id, resource.id, managerOf(id), resource.owner,
    Number(values.duration.duration.selected_option.value), values.why.justification.value);
  await ack({ response_action: 'update', view: { type: 'modal', title: plain('Sent'),
    blocks: [{ type: 'section', text: plain(`AR-${request} is Pending Approval.`) }] } });
  const stored = getRequest.get(request);
  const told = [[id, false], [stored.manager, true], [stored.owner, true]];
  await Promise.all([publishHome(client, body.user.id, id), ...told.map(async ([recipient, buttons]) => {
    const posted = await client.chat.postMessage({ channel: account(recipient),
      text: `AR-${request} is Pending Approval`, blocks: blocksOf(stored, 'Pending Approval', buttons) });
    addMessage.run(request, recipient, posted.channel, posted.ts);
  })]);
});

app.view('decide', async ({ ack, body, view, client }) => {
  const { request: id, approves } = JSON.parse(view.private_metadata);
  const by = await person(client, body.user.id);
  const request = decide(id, by, approves ? 'approved' : 'rejected', view.state.values.reason.reason.value);
  if (!request) {
    return ack({ response_action: 'update', view: { type: 'modal', title: plain('Too late'),
      blocks: [{ type: 'section', text: plain('This cannot be decided by you now.') }] } });
  }
  await ack();
  await Promise.all([publishHome(client, body.user.id, by), ...messagesOf.all(id).map((message) =>
    client.chat.update({ channel: message.channel, ts: message.ts, text: `AR-${id} has one of two approvals`,
      blocks: blocksOf(request, 'Pending Approval, one of two', message.recipient !== by && message.recipient !== request.requester) }))]);
});

app.error(async (error) => { console.error(error.message); });
process.on('SIGTERM', () => { db.close(); process.exit(0); });
app.start({ port: Number(process.env.PORT), host: '127.0.0.1' });
