import { randomBytes } from 'node:crypto';
import type { Container } from './container.js';

export interface ShellAnswer {
  readonly status: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

/** A bash that stays: a command costs what it does, and no start of namespaces. One command at a time. */
export interface Shell {
  /** `input` is what the command reads. A command that never ends holds the shell. */
  run(command: string, input?: string): Promise<ShellAnswer>;
}

/** Starts one in a container; it ends with it. */
export function openShell(container: Container): Shell {
  const mark = randomBytes(8).toString('hex');
  const child = container.spawn(['bash', '--norc']);
  let received = '';
  let heard: (() => void) | undefined;
  let ended = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    received += text;
    heard?.();
  });
  child.on('close', () => {
    ended = true;
    heard?.();
  });

  async function answer(): Promise<ShellAnswer> {
    const end = new RegExp(`${mark} (\\d+)\\n`);
    for (;;) {
      const found = end.exec(received);
      if (found) {
        const output = received.slice(0, found.index);
        received = received.slice(found.index + found[0].length);
        return { status: Number(found[1]), output };
      }
      if (ended) throw new Error('the shell ended');
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  }

  let turn: Promise<unknown> = Promise.resolve();
  return {
    run(command, input = '') {
      const result = turn.then(() => {
        const text = input === '' || input.endsWith('\n') ? input : `${input}\n`;
        child.stdin?.write(`{ ${command}\n} <<'${mark}' 2>&1\n${text}${mark}\nprintf '%s %s\\n' ${mark} $?\n`);
        return answer();
      });
      turn = result.catch(() => {});
      return result;
    },
  };
}
