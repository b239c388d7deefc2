// A Microsoft Teams for one tab: Entra, which signs; Teams' own page, which frames the tab and speaks
// to Microsoft's library in it; and, with TLS, the hosts that a browser believes to reach.
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';

const APP = 'a0000000-0000-4000-8000-00000000000a';
const TENANT = 'b0000000-0000-4000-8000-00000000000b';
const ANA = 'c0000000-0000-4000-8000-00000000000c';
export const BOT = 'https://access.example.com';
export const TEAMS = 'https://teams.microsoft.com';
const EVIL = 'https://evil.example';
const PATIENCE_MS = 30_000;

// What Teams' own page does: it answers what Microsoft's library in the frame asks.
const HOST = `
const runtime = JSON.stringify({ apiVersion: 4, isLegacyTeams: false, hostVersionsInfo: {}, supports: {} });
window.asked = [];
addEventListener('message', async ({ data, source, origin }) => {
  if (origin !== '${BOT}' || !data.func) return;
  window.asked.push(data.func);
  const answer = (args) => source.postMessage({ id: data.id, uuidAsString: data.uuidAsString, args }, origin);
  if (data.func === 'initialize') answer(['content', 'web', runtime, '2.58.0']);
  if (data.func === 'authentication.getAuthToken') {
    const token = await (await fetch('/token')).text();
    answer(token ? [true, token] : [false, 'resourceDisabled']);
  }
});`;
const framing = (script) => `<!doctype html><title>Teams</title><style>iframe { width: 100%; height: 860px; border: 0 }</style>
<iframe name="tab" src="${BOT}/tab/sign-in"></iframe><iframe name="alone" hidden></iframe><script>${script}</script>`;

export class Teams {
  static async start(hallpass) {
    const teams = new Teams(mkdtempSync(path.join(tmpdir(), 'hallpass-tab-')));
    await teams.serveEntra();
    await teams.serveHallpass(hallpass);
    await teams.serveHosts();
    return teams;
  }

  constructor(directory) {
    this.directory = directory;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    this.vouches = true;
    this.cookies = [];
  }

  async serveEntra() {
    this.entra = http.createServer((request, response) => {
      const keys = { keys: [{ ...createPublicKey(this.key).export({ format: 'jwk' }), use: 'sig', kid: 'k1' }] };
      const metadata = { issuer: this.issuer(), jwks_uri: `${this.authority}/keys` };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/keys' ? keys : metadata));
    });
    this.authority = `http://127.0.0.1:${await listens(this.entra)}`;
  }

  issuer() {
    return `${this.authority}/${TENANT}/v2.0`;
  }

  // What Entra says of Ana towards Hallpass.
  token() {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer(), aud: APP, ver: '2.0', tid: TENANT, oid: ANA, scp: 'access_as_user',
      azp: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346', nbf: now, exp: now + 3600,
    };
    const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
    const message = `${part({ alg: 'RS256', typ: 'JWT', kid: 'k1' })}.${part(claims)}`;
    return `${message}.${sign('sha256', Buffer.from(message), this.key).toString('base64url')}`;
  }

  async serveHallpass(hallpass) {
    const free = http.createServer();
    this.port = await listens(free);
    await new Promise((resolve) => free.close(resolve));
    const at = (name) => path.join(this.directory, name);
    const put = (name, text) => writeFileSync(at(name), text);
    const program = new URL('../../examples/command-file-access.py', import.meta.url);
    copyFileSync(program, at('give.py'));
    chmodSync(at('give.py'), 0o755);
    const database = '{"id": "db:payments", "name": "payments", "kind": "database", "permissions": ["read"]}';
    put('access.json', `{"resources": [${database}], "access": []}`);
    put('hallpass.toml', `database = "sqlite:hallpass.db"
listen = "127.0.0.1:${this.port}"
public_url = "${BOT}"
[files]
directory = "directory.toml"
catalogue = "catalogue.toml"
flows = "flows.toml"
bundles = "bundles.toml"
[email]
server = "127.0.0.1:9"
tls = "none"
from = "access@example.com"
[teams]
app_id = "${APP}"
tenant = "${TENANT}"
tab = true
authority_url = "${this.authority}"
metadata_url = "${this.authority}/metadata"
token_url = "${this.authority}/token"
`);
    put('directory.toml', `[[person]]
id = "ana"
name = "Ana Torres"
email = "ana@example.com"
teams = "${ANA}"
[[person]]
id = "ben"
name = "Ben Okafor"
email = "ben@example.com"
admin = true
[[person]]
id = "eva"
name = "Eva Lindgren"
email = "eva@example.com"
`);
    put('catalogue.toml', `[[integration]]
id = "prod"
name = "Production"
kind = "command"
program = ["./give.py", "${at('access.json')}"]
[[integration.resource]]
id = "db:payments"
name = "payments"
kind = "database"
permissions = ["read"]
`);
    put('flows.toml', `[[flow]]
id = "payments"
name = "Payments"
who = "everyone"
durations = ["15m", "1h"]
longest = "1d"
[[flow.what]]
kind = "database"
[[flow.stage]]
need = "any"
of = ["person:ben", "person:eva"]
`);
    put('bundles.toml', '');
    const env = {
      ...process.env,
      HALLPASS_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      HALLPASS_TEAMS_CLIENT_SECRET: 'none',
      HALLPASS_LOG: 'warn',
    };
    this.child = spawn(hallpass, ['serve', '--config', at('hallpass.toml')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.said = '';
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (data) => { this.said += data; });
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > until || this.child.exitCode !== null) throw new Error(`hallpass does not come up: ${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  // One server for every host: a browser is told that all of them are here.
  async serveHosts() {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(this.directory, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=local', '-keyout', key, '-out', cert], { stdio: 'ignore' });
    this.hosts = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      const host = `https://${request.headers.host}`;
      if (host === BOT) return this.passOn(request, response);
      if (host === TEAMS && request.url === '/token') return response.end(this.vouches ? this.token() : '');
      response.setHeader('content-type', 'text/html; charset=utf-8');
      return response.end(request.url === '/favicon.ico' ? '' : framing(host === TEAMS ? HOST : ''));
    });
    this.address = `127.0.0.1:${await listens(this.hosts)}`;
  }

  // As the proxy that speaks TLS in front of Hallpass does.
  passOn(request, response) {
    const { method, url, headers } = request;
    const asked = http.request({ host: '127.0.0.1', port: this.port, method, path: url, headers }, (answer) => {
      if (url.startsWith('/tab')) this.cookies.push(...(answer.headers['set-cookie'] ?? []));
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(asked);
  }

  // How a browser is told.
  words() {
    return [`--host-resolver-rules=MAP * ${this.address}`, '--ignore-certificate-errors'];
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    for (const server of [this.entra, this.hosts]) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export { EVIL };

async function listens(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}
