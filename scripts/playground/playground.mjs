// Somebody's Teams: Microsoft's Agents Playground, in which they are the one who is there.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { BOT, CHANNEL, EVERYBODY, TENANT } from './people.mjs';
import { Program } from './process.mjs';

export class Playground {
  static async start(cli, folder, person, endpoint, connector) {
    const config = path.join(folder, `playground-${person.key}.yml`);
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(settings(person)));
    const words = ['start', '-c', 'msteams', '-p', '0', '-e', endpoint, '--service-url', connector.serviceUrl(person), '--disable-telemetry'];
    const env = {
      ...process.env,
      M365_AGENTS_PLAYGROUND_CONFIG_PATH: config,
      M365_AGENTS_PLAYGROUND_LOGFILE: path.join(folder, `playground-${person.key}.log`),
      TEAMSAPPTESTER_BROWSER: 'none',
    };
    const program = await Program.start(`the Playground of ${person.key}`, process.execPath, [cli, ...words], {
      env, cwd: folder, pattern: /Listening on (\d+)/,
    });
    const playground = new Playground(program, person);
    connector.playgrounds.set(person.key, playground.url);
    return playground;
  }

  constructor(program, person) {
    this.program = program;
    this.person = person;
    this.url = `http://localhost:${program.found[1]}`;
  }

  // Does in somebody's name what no button of the Playground does; the answer is Hallpass'.
  async invoke(name, value, { as = this.person, conversation = this.person.chat } = {}) {
    const body = { name, from: { id: as.account.id }, conversation: { id: conversation }, value };
    const answer = await fetch(`${this.url}/_conversation/v1/invoke`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the Playground answered ${answer.status} to ${name}: ${text}`);
    return JSON.parse(text);
  }

  async stop() {
    await this.program.stop();
  }
}

function settings(person) {
  return {
    version: '0.1.1',
    tenantId: TENANT,
    bot: BOT,
    currentUser: person.account,
    users: EVERYBODY.filter((one) => one !== person).map((one) => one.account),
    personalChat: { id: person.chat },
    groupChat: { id: '19:group@thread.v2', name: 'Group' },
    team: { id: '19:team@thread.tacv2', name: 'Birch & Bell', aadGroupId: 'd0000000-0000-4000-8000-00000000000d', channels: [{ id: CHANNEL, name: 'Approvals' }] },
  };
}
