// Everything that runs during the walk, started together and ended together.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Connector, Inbound } from './between.mjs';
import { Hallpass } from './hallpass.mjs';
import { Microsoft } from './microsoft.mjs';
import { ALEX, ISAIAH, MEGAN } from './people.mjs';
import { Playground } from './playground.mjs';

export class Stage {
  constructor() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'hallpass-playground-'));
    this.running = [];
    // However this ends, nothing stays behind.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => this.clear().finally(() => process.exit(1)));
  }

  async start(binary, cli) {
    const keep = (starting) => {
      this.running.push(starting);
      return starting;
    };
    this.microsoft = await keep(Microsoft.start());
    this.inbound = await keep(Inbound.start(this.microsoft));
    this.connector = await keep(Connector.start(this.microsoft));
    const play = (person) => keep(Playground.start(cli, this.folder, person, this.inbound.endpoint, this.connector));
    const started = await Promise.allSettled([
      keep(Hallpass.start(binary, this.folder, this.microsoft, this.connector)), ...[ALEX, MEGAN, ISAIAH].map(play),
    ]);
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const [hallpass, alex, megan, isaiah] = started.map((one) => one.value);
    this.hallpass = hallpass;
    this.inbound.hallpass = hallpass.url;
    this.playgrounds = { alex, megan, isaiah };
  }

  async clear() {
    for (const one of (await Promise.allSettled(this.running)).reverse()) await one.value?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
