// Hallpass itself: a small company's configuration in a folder of its own, and a target that is read
// by nobody but this check.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALEX, APP, CHANNEL, MEGAN, TENANT } from './people.mjs';
import { Program } from './process.mjs';

const EXAMPLE = fileURLToPath(new URL('../../examples/command-file-access.py', import.meta.url));
const RESOURCE = { id: 'share:payments', name: 'payments', kind: 'share', permissions: ['read', 'write'] };

export class Hallpass {
  static async start(binary, folder, microsoft, connector) {
    const target = path.join(folder, 'access.json');
    writeFileSync(target, JSON.stringify({ resources: [RESOURCE], access: [] }));
    const config = configure(folder, target, microsoft, connector);
    const env = { ...process.env, HALLPASS_LOG: 'info' };
    const run = (...words) => spawnSync(binary, [...words, '--config', config], { env, encoding: 'utf8' });
    const migrated = run('migrate');
    if (migrated.status !== 0) throw new Error(`hallpass migrate: ${migrated.error?.message ?? migrated.stdout + migrated.stderr}`);
    const program = await Program.start('hallpass', path.resolve(binary), ['serve', '--config', config], {
      env, cwd: folder, pattern: /"hallpass is running","address":"([^"]+)"/,
    });
    return new Hallpass(program, target, run);
  }

  constructor(program, target, run) {
    Object.assign(this, { program, target, run });
    this.url = `http://${program.found[1]}`;
  }

  // Who has what, as the target itself says.
  access() {
    return JSON.parse(readFileSync(this.target, 'utf8')).access;
  }

  // What it complained of, what it should not have written down, and what its audit does not bear out.
  objections(secrets) {
    const log = this.program.output;
    const complaints = log.split('\n').filter((line) => line.includes('"level":"ERROR"'));
    const told = secrets.filter((secret) => log.includes(secret)).map((secret) => `the log holds “${secret}”`);
    const verified = this.run('audit', 'verify');
    const broken = verified.status === 0 ? [] : [`hallpass audit verify: ${verified.stdout}${verified.stderr}`];
    return [...complaints, ...told, ...broken];
  }

  async stop() {
    await this.program.stop();
  }
}

function configure(folder, target, microsoft, connector) {
  const file = (name, text, mode = 0o644) => writeFileSync(path.join(folder, name), text, { mode });
  mkdirSync(path.join(folder, 'secrets'), { mode: 0o700 });
  file('secrets/master-key', crypto.randomBytes(32).toString('base64'), 0o600);
  file('secrets/teams', crypto.randomUUID(), 0o600);
  const program = path.join(folder, 'command-file-access.py');
  copyFileSync(EXAMPLE, program);
  const person = ({ key, account }) => `[[person]]\nid = "${key}"\nname = "${account.name}"\nemail = "${account.email}"\n`;
  file('directory.toml', `${person(ALEX)}${person(MEGAN)}admin = true\n`);
  file('bundles.toml', '');
  file('catalogue.toml', `
[[integration]]
id = "files"
name = "File server"
kind = "command"
program = ${JSON.stringify([program, target])}
`);
  file('flows.toml', `
[[flow]]
id = "files"
name = "File shares"
who = "everyone"
durations = ["1h", "8h"]
longest = "1d"
channel = "${CHANNEL}"
[[flow.what]]
integration = "files"
[[flow.stage]]
need = "any"
of = ["person:${MEGAN.key}"]
`);
  file('hallpass.toml', `
master_key_file = "secrets/master-key"
database = "sqlite:hallpass.db"
listen = "127.0.0.1:0"
public_url = "https://hallpass.birchbell.example"
[teams]
app_id = "${APP}"
tenant = "${TENANT}"
client_secret_file = "secrets/teams"
service_url = "${connector.serviceUrl(MEGAN)}"
metadata_url = "${microsoft.metadataUrl}"
token_url = "${microsoft.tokenUrl}"
`);
  return path.join(folder, 'hallpass.toml');
}
