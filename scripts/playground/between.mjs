// What stands between the Playgrounds and Hallpass, as Microsoft's servers do: one way, activities get
// a signed token; the other way, only the bot's token is taken. Both ways keep what passed.
import { Server } from './server.mjs';

const TIMEOUT_MS = 15_000;

async function send(url, method, headers, text) {
  const body = method === 'GET' || method === 'DELETE' ? undefined : text;
  const answer = await fetch(url, {
    method, body, headers: { 'content-type': 'application/json', ...headers }, signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: answer.status, body: await answer.text() };
}

// What people do, on its way to Hallpass.
export class Inbound {
  static async start(microsoft) {
    const inbound = new Inbound(microsoft);
    inbound.server = await Server.start(({ text }) => inbound.pass(text));
    return inbound;
  }

  constructor(microsoft) {
    this.microsoft = microsoft;
    this.hallpass = undefined;
    // Oldest first: {activity, status, answer}.
    this.passed = [];
  }

  get endpoint() {
    return `${this.server.url}/api/messages`;
  }

  async pass(text) {
    const activity = JSON.parse(text);
    const answered = await this.deliver(text, this.microsoft.authorization(activity.serviceUrl));
    this.passed.push({ activity, status: answered.status, answer: parsed(answered.body) });
    return answered;
  }

  // Hands a body over with this header, or with none.
  deliver(text, authorization) {
    const headers = authorization === undefined ? {} : { authorization };
    return send(`${this.hallpass}/api/messages`, 'POST', headers, text);
  }

  // The newest activity of a person that is like this.
  newest(person, isMeant = () => true) {
    return this.passed.findLast(({ activity }) => activity.from?.id === person.account.id && isMeant(activity));
  }

  async stop() {
    await this.server.stop();
  }
}

// What Hallpass does, on its way to somebody's Playground: a path for each.
export class Connector {
  static async start(microsoft) {
    const connector = new Connector(microsoft);
    connector.server = await Server.start((request) => connector.pass(request));
    return connector;
  }

  constructor(microsoft) {
    this.microsoft = microsoft;
    // Where the Playground of each is.
    this.playgrounds = new Map();
    // Messages as they are now: {id, conversation, activity, edits}; oldest first.
    this.messages = [];
    this.calls = 0;
    this.objections = [];
  }

  serviceUrl(person) {
    return `${this.server.url}/${person.key}`;
  }

  async pass({ method, path, headers, text }) {
    this.calls += 1;
    if (!this.microsoft.isBots(headers.authorization)) {
      this.objections.push(`Hallpass called the Connector without its token: ${method} ${path}`);
      return { status: 401, body: { error: { code: 'Unauthorized', message: 'no token of the bot' } } };
    }
    const [, key, rest] = /^\/([a-z]+)(\/.*)$/.exec(path) ?? [];
    const playground = this.playgrounds.get(key);
    // As Teams answers where the app is not installed.
    if (!playground) return { status: 404, body: { error: { code: 'ConversationNotFound', message: 'not here' } } };
    const answered = await send(`${playground}/_connector${rest}`, method, {}, text);
    if (answered.status < 300) this.keep(method, rest, text, parsed(answered.body));
    else this.objections.push(`the Playground answered ${answered.status} to ${method} ${path}: ${answered.body.slice(0, 200)}`);
    return answered;
  }

  keep(method, path, text, answer) {
    const at = /^\/v3\/conversations\/([^/]+)\/activities(?:\/([^/?]+))?/.exec(path);
    if (!at || !['POST', 'PUT'].includes(method)) return;
    const activity = parsed(text);
    const [conversation, id] = at.slice(1).map((part) => part && decodeURIComponent(part));
    const known = method === 'PUT' && this.messages.find((one) => one.conversation === conversation && one.id === id);
    if (known) {
      known.activity = activity;
      known.edits += 1;
    } else {
      this.messages.push({ id: answer?.id, conversation, activity, edits: 0 });
    }
  }

  // The newest message of a conversation whose card is like this.
  newest(conversation, isMeant) {
    return this.messages.findLast((one) => one.conversation === conversation && isMeant(cardOf(one)));
  }

  async stop() {
    await this.server.stop();
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The card of a message, if it is one.
export function cardOf(message) {
  return message.activity.attachments?.[0]?.content;
}
