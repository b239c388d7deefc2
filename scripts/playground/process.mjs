// A program that is started, waited for and ended; and waiting in general: for a fact, never for a time.
import { spawn } from 'node:child_process';

// Longest wait for anything; each takes a fraction of it on an idle machine.
export const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 40;

// What `look` answers once it answers something; after too long, an error that says what was awaited.
export async function until(what, look, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`this did not happen within ${patience / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export class Program {
  // Starts a program and waits until its output matches; `found` is the match.
  static async start(name, command, words, { pattern, ...options }) {
    const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const program = new Program(child);
    child.on('error', (error) => (program.output += error.message));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (program.output += data));
    const look = () => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`${name} ended: ${program.output.slice(-2000)}`);
      return pattern.exec(program.output);
    };
    try {
      program.found = await until(`${name} says that it runs`, look);
    } catch (error) {
      await program.stop();
      throw error;
    }
    return program;
  }

  constructor(child) {
    this.child = child;
    this.output = '';
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  async stop() {
    if (this.child.pid === undefined) return;
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    await this.ended;
    clearTimeout(late);
  }
}
