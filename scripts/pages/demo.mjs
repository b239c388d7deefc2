// A company without chat, running: `hallpass demo --email` on a free port.
import { spawn } from 'node:child_process';

const PATIENCE_MS = 30_000;

export class Demo {
  static async start(hallpass) {
    // What is refused on the way is refused on purpose.
    const env = { ...process.env, HALLPASS_LOG: 'error' };
    const child = spawn(hallpass, ['demo', '--email', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (data) => {
        said += data;
        const found = /Open\s+(http:\/\/\S+)\/demo/.exec(said);
        if (found) resolve(found[1]);
      });
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${said}`)));
    });
    return new Demo(child, url);
  }

  constructor(child, url) {
    this.child = child;
    this.url = url;
  }

  // Letters so far, oldest first: {to, subject, text, html}.
  async letters() {
    return (await fetch(`${this.url}/demo/letters`)).json();
  }

  // What the target itself says.
  async target() {
    return (await (await fetch(`${this.url}/demo/state`)).json()).target;
  }

  async pass(minutes) {
    await fetch(`${this.url}/demo/skip`, { method: 'POST', body: new URLSearchParams({ minutes }) });
  }

  // The newest letter to somebody of which this is true, with its number, at least `from`; waits for it.
  async letter(person, isMeant, from = 0) {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const letters = await this.letters();
      const number = letters.findLastIndex((one) => one.to === `${person}@birchbell.example` && isMeant(one));
      if (number >= from) return { ...letters[number], number };
      if (Date.now() > until) {
        const subjects = letters.map((one) => `${one.to}: ${one.subject}`);
        throw new Error(`a letter to ${person} did not come, only ${subjects.join(', ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}

// The six digits in a letter, where it holds a code.
export function codeIn(letter) {
  return /^\s+(\d{6})\s*$/m.exec(letter.text)?.[1];
}

// The address that a letter leads to.
export function linkIn(letter) {
  return /^http:\S+$/m.exec(letter.text)[0];
}
