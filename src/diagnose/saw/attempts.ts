import type { Symptom } from '../../model/index.js';
import { type Attempt, fits, isBefore, isFailed, latest, type Source, settle } from './attempt.js';
import type { Telling } from './telling.js';
import type { Role, Told, Wording } from './wording.js';

/** What one start of a client did. */
export interface Run {
  told: Told;
  attempts: Attempt[];
  /** The line of the command is there, and so is all that the client printed. */
  readonly isFromCommand: boolean;
  /** The client has said its last word. */
  isOver: boolean;
  /** Milliseconds of the run as a whole. */
  times: readonly number[];
  /** The same in the words of a sentence before it. */
  lead: readonly number[];
}

/** How many lines the end of a hop stands before the line of the client that went through it (measured: 1 or 2). */
const nearHop = 3;
/** How many attempts one start of a client makes at most; what more costs nothing then. */
const mostAddresses = 64;

/** Puts the lines of a paste together to attempts. Each line costs the same, however many came before it in other runs. */
export class Attempts {
  readonly runs: Run[] = [];

  private get run(): Run {
    return this.runs.at(-1) ?? this.begin({});
  }

  private get last(): Attempt | undefined {
    return this.runs.at(-1)?.attempts.at(-1);
  }

  get isEmpty(): boolean {
    return this.runs.every(({ attempts }) => attempts.length === 0);
  }

  /** A client is started. */
  begin(told: Told, isFromCommand = false): Run {
    const run: Run = { told, isFromCommand, attempts: [], isOver: false, times: [], lead: [] };
    this.runs.push(run);
    return run;
  }

  /** How long the run, or the attempt of the line before, took. */
  took(times: readonly number[], isMeasured: boolean): boolean {
    const run = this.runs.at(-1);
    if (run === undefined || run.attempts.length === 0 || run.times.length > 0) return false;
    run.times = times;
    if (isMeasured) run.isOver = true;
    return true;
  }

  /** How long the run took that begins now, as it was said before. Whether it begins. */
  announced(times: readonly number[]): boolean {
    const run = this.runs.at(-1);
    if (run === undefined || run.attempts.length !== 1) return false;
    run.lead = times;
    return true;
  }

  /** A line of a client, and the times in it. */
  read(wording: Wording, { told }: Telling, source: Source, times: readonly number[]): void {
    this.act(wording.role, wording, told, source);
    const run = this.runs.at(-1);
    const attempt = run?.attempts.at(-1);
    if (run === undefined || attempt === undefined || !attempt.isSettled || times.length === 0) return;
    // What is said of several attempts is not the time of one.
    if (run.attempts.length > 1 && attempt.line !== source.text) run.times = times;
    else if (attempt.times.length === 0) attempt.times = times;
  }

  private act(role: Role, wording: Wording, told: Told, source: Source): void {
    switch (role) {
      case 'run':
        this.ofRun(told);
        break;
      case 'opens':
        this.opens(told, source);
        break;
      case 'reaches':
        this.reaches(told, source);
        break;
      case 'greets':
        this.greets(wording, told, source);
        break;
      case 'part':
      case 'whole':
        this.ends(wording, told, source);
        break;
      case 'sum':
        this.sums(wording, told, source);
        break;
      case 'echo':
        this.echoes(wording, told, source);
        break;
      case 'adds':
        if (this.last !== undefined) this.last.told = { ...told, ...this.last.told };
        break;
      case 'proxied':
        this.proxied(wording, told, source);
        break;
    }
  }

  private ofRun(told: Told): void {
    const { host, address } = this.run.told;
    const isOther =
      (told.host !== undefined && host !== undefined && host !== told.host) ||
      (told.address !== undefined && address !== undefined && address !== told.address);
    const run = this.run.isOver || (isOther && this.run.attempts.length > 0) ? this.begin({}) : this.run;
    run.told = { ...run.told, ...told };
  }

  private opens(told: Told, source: Source): void {
    const run = this.current();
    // Two streams in one log: the end of an attempt may stand before its beginning.
    const early = run.attempts.find(
      (one) =>
        one.isSettled && one.told.address === undefined && one.told.tool === told.tool && one.start === undefined,
    );
    if (early !== undefined && told.address !== undefined && run.attempts.every(({ isSettled }) => isSettled)) {
      early.told = { ...told, ...early.told };
      return;
    }
    this.push(told, source);
  }

  private reaches(told: Told, source: Source): void {
    const run = this.run;
    const attempt = this.openAttempt(told) ?? this.push(told, source, run.isOver ? this.begin({}) : run);
    const reached = told.stage ?? 'connecting';
    if (attempt.reached === undefined || !isBefore(reached, attempt.reached)) {
      attempt.reached = reached;
      attempt.line = source.text;
    }
    attempt.told = { ...attempt.told, ...told, ...(attempt.told.host !== undefined && { host: attempt.told.host }) };
  }

  private greets(wording: Wording, told: Told, source: Source): void {
    const last = this.last;
    const isOpen = last !== undefined && (!last.isSettled || last.told.stage === 'connected') && !this.run.times.length;
    if (isOpen && last.told.tool !== 'putty') {
      if (last.told.greeting !== undefined) return;
      last.told = { ...last.told, greeting: told.greeting ?? '' };
      last.reached = 'greeted';
      last.line = source.text;
      return;
    }
    const attempt = this.push({ showsGreeting: true, ...told }, source, this.current());
    attempt.reached = 'greeted';
    attempt.isSettled = told.tool === undefined;
    attempt.by = wording;
  }

  private ends(wording: Wording, told: Told, source: Source): void {
    const run = this.current();
    const provisional = run.attempts.at(-1);
    if (provisional?.isProvisional && provisional.isSettled) run.attempts.pop();
    // The end of the way from a hop is not that of the hop.
    const open = told.through === undefined ? this.openAttempt(told) : undefined;
    const attempt = open ?? this.push(told, source, run);
    settle(attempt, wording, told, source);
    attempt.isPart = wording.role === 'part';
  }

  private sums(wording: Wording, told: Told, source: Source): void {
    const run = this.current();
    const open = run.attempts.filter((one) => !one.isSettled && fits(one, told));
    for (const attempt of open) settle(attempt, wording, told, source);
    const last = run.attempts.at(-1);
    if (last?.isPart && open.length === 0) this.merge(last, told);
    else if (open.length === 0) settle(this.push(told, source, run), wording, told, source);
    for (const attempt of run.attempts) attempt.isPart = false;
    run.isOver = true;
  }

  private echoes(wording: Wording, told: Told, source: Source): void {
    const run = this.run;
    const last = run.attempts.at(-1);
    if (last !== undefined && this.isSaidAgain(run, last, wording, told)) {
      this.merge(last, told);
    } else {
      const open = run.attempts.filter((one) => !one.isSettled && fits(one, told));
      if (open.length === 0) this.ends(wording, told, source);
      // A wrapper says that the client failed, and not how.
      else if (told.symptoms?.[0] !== 'cannot-tell') for (const attempt of open) settle(attempt, wording, told, source);
    }
    if (!wording.provisional) return;
    run.told = { ...run.told, raced: true };
    const made = this.last;
    if (made?.by === wording) made.isProvisional = true;
  }

  /** Whether the line speaks of the end that was told last. */
  private isSaidAgain(run: Run, last: Attempt, wording: Wording, told: Told): boolean {
    if (!last.isSettled || run.times.length > 0 || !fits(last, told)) return false;
    if (last.isProvisional) return told.address === undefined && told.host === undefined;
    return last.by !== wording || (told.elapsed === undefined && last.times.length === 0);
  }

  /** Takes over what `told` knows more of the same end. A time is that of all attempts of the run. */
  private merge(attempt: Attempt, { elapsed, isLastLine: _isLastLine, ...told }: Told): void {
    const { symptoms } = attempt.told;
    const both = symptoms?.filter((symptom) => told.symptoms?.includes(symptom)) ?? [];
    const narrower: readonly Symptom[] | undefined = both.length > 0 ? both : symptoms;
    const isOnly = this.run.attempts.length === 1;
    const { tool = 'unknown' } = attempt.told;
    attempt.told = {
      ...(isOnly && elapsed !== undefined && { elapsed }),
      ...told,
      ...attempt.told,
      ...(narrower && { symptoms: narrower }),
      tool: tool === 'unknown' ? (told.tool ?? tool) : tool,
    };
    // The name of which the addresses were tried.
    if (!isOnly && told.host !== undefined && this.run.told.host === undefined) {
      this.run.told = { ...this.run.told, host: told.host };
    }
  }

  /** The end before this one is that of the hop, and the one between them is what the client made of it. */
  private proxied(wording: Wording, told: Told, source: Source): void {
    const run = this.run;
    const outer = latest(run.attempts);
    if (outer === undefined) {
      this.ends(wording, told, source);
      return;
    }
    const others = run.attempts.filter((one) => one !== outer);
    const previous = this.runs.at(-2)?.attempts.at(-1);
    const isNear = previous !== undefined && source.number - previous.lineNumber <= nearHop;
    const before =
      latest(others.filter(isFailed)) ?? (others.length === 0 && isNear && isFailed(previous) ? previous : undefined);
    const isOuter = outer.told.tool === 'openssh' && outer.told.symptoms?.includes('closed') === true;
    const inner = isOuter ? (before ?? outer) : outer;
    if (inner !== outer) run.attempts = others;
    if (run.attempts.length === 0) this.runs.pop();
    const isSsh = inner !== outer && inner.told.tool === 'openssh';
    const through = run.told.through ?? (isSsh ? 'jump-host' : (told.through ?? 'proxy-command'));
    if (inner.told.dialled === undefined) inner.told = { ...inner.told, through: inner.told.through ?? through };
    this.run.isOver = true;
  }

  /** The run that a line belongs to: a new one after the last word of the one before. */
  private current(): Run {
    const run = this.run;
    return run.isOver || run.times.length > 0 ? this.begin({ ...(run.told.tool && { tool: run.told.tool }) }) : run;
  }

  private push(told: Told, source: Source, run: Run = this.current()): Attempt {
    const attempt: Attempt = {
      told,
      line: source.text,
      lineNumber: source.number,
      isSettled: false,
      isPart: false,
      isProvisional: false,
      times: [],
      ...(source.stamp && { start: source.stamp }),
    };
    // More addresses than a name has: these are starts of a client, told without their commands.
    const home = run.attempts.length < mostAddresses ? run : this.begin(run.told);
    home.attempts.push(attempt);
    return attempt;
  }

  /** The attempt without an end that a line is about: that at its address, else the latest. */
  private openAttempt(told: Told): Attempt | undefined {
    const attempts = this.runs.at(-1)?.attempts ?? [];
    for (let i = attempts.length - 1; i >= 0 && !attempts[i]?.isSettled; i--) {
      const attempt = attempts[i];
      if (attempt !== undefined && fits(attempt, told)) return attempt;
    }
    // An address that was tried beside another one, whose end came first.
    return attempts.find((one) => !one.isSettled && fits(one, told));
  }
}
