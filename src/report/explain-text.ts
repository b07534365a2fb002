import { escapeText, layerWords } from '../message/index.js';
import type {
  Alternative,
  Cause,
  Effect,
  Finding,
  Fix,
  HostReport,
  Report,
  Step,
  TargetReport,
  Verdict,
} from '../model/index.js';
import type { Paint } from './paint.js';
import { pathWords, prefixWords, singleWords, symptomWords, targetWords, verdictWords } from './words.js';

const indent = '  ';
const margin = 6;

/** A line with a word in its margin: `  why   a security group drops ...`. */
function marked(mark: string, text: string): string {
  return `${indent}${mark.padEnd(margin)}${text}`;
}

const marks: Readonly<Record<Effect, string>> = { passes: 'ok', stops: 'STOP', depends: '?', partly: 'PART' };

function tint(paint: Paint, effect: Effect): (text: string) => string {
  if (effect === 'passes') return paint.faint;
  return effect === 'depends' ? paint.doubt : paint.bad;
}

function stepLabel({ layer, component, direction }: Step): string {
  const name = component.name === undefined ? '' : ` (${component.name})`;
  return `${layerWords(layer).label} ${component.id}${name}${direction === 'returning' ? ', returning' : ''}`;
}

function stepLines(finding: Finding, paint: Paint): string[] {
  const rows = finding.steps.map((step) => {
    const rule = step.rule === null || step.text.includes(step.rule) ? '' : `${step.rule} `;
    return { step, label: escapeText(stepLabel(step)), text: escapeText(`${rule}${step.text}`) };
  });
  const width = Math.min(60, Math.max(0, ...rows.map(({ label }) => label.length)));
  const left = [...finding.causes];
  return rows.flatMap(({ step, label, text }) => {
    const line = marked(marks[step.effect], `${label.padEnd(width)}  ${text}`);
    const painted = tint(paint, step.effect)(line);
    if (step.effect !== 'stops') return [painted];
    const cause = left.shift();
    const near = [cause?.closest, ...(cause?.hints ?? []).map(({ message }) => message)];
    const shown = near.filter((one) => one !== undefined).map((one) => paint.faint(`closest: ${escapeText(one)}`));
    return [painted, ...shown.map((one) => marked('', one))];
  });
}

function whyLines(causes: readonly Cause[]): string[] {
  const reasons = [
    ...new Set(causes.map(({ message, why, certain }) => `${message}${certain ? '' : ' (likely)'}; ${why}`)),
  ];
  return reasons.map((reason, index) => marked(index === 0 ? 'why' : '', escapeText(reason)));
}

/** What the engine saw when it tried the changes together. */
function proofOf(fixes: readonly Fix[], from: readonly string[]): string {
  if (!fixes.every((fix) => fix.checked)) return 'not proved: the outcome depends on more than these changes';
  const who = prefixWords(from);
  const change = fixes.length === 1 ? 'with this change' : `with all ${fixes.length} changes`;
  const others = [...new Set(fixes.flatMap((fix) => fix.gains))].filter((prefix) => !from.includes(prefix));
  const gains = others.length === 0 ? 'nobody else gains access' : `access is also gained by ${prefixWords(others)}`;
  const lost = [...new Set(fixes.flatMap((fix) => fix.loses))];
  const loses = lost.length === 0 ? '' : `; access is lost by ${prefixWords(lost)}`;
  return `checked: ${change} ${who} ${from.length === 1 ? 'gets' : 'get'} through; ${gains}${loses}`;
}

function fixLines({ fixes, from }: Finding, paint: Paint): string[] {
  if (fixes.length === 0) return [];
  const lines = fixes.flatMap((fix, index) => [
    marked(index === 0 ? 'fix' : '', paint.strong(escapeText(fix.command))),
    ...(fix.note === undefined ? [] : [marked('', paint.faint(`note: ${escapeText(fix.note)}`))]),
  ]);
  return [...lines, marked('', paint.faint(proofOf(fixes, from)))];
}

function missingLines(finding: Finding, paint: Paint): string[] {
  const due = finding.missing.filter((missing) => missing.couldChange);
  return due.map((missing, index) =>
    marked(index === 0 ? 'need' : '', `${paint.doubt(escapeText(missing.what))}: ${escapeText(missing.message)}`),
  );
}

function verdictTint(paint: Paint, verdict: Verdict): (text: string) => string {
  if (verdict === 'reachable') return paint.good;
  return verdict === 'unreachable' ? paint.bad : paint.doubt;
}

function findingHead(finding: Finding, paint: Paint): string {
  const way = pathWords[finding.path] ?? finding.path;
  const port = finding.port === undefined ? '' : ` port ${finding.port}`;
  const where =
    finding.address === null
      ? ''
      : ` to ${finding.address}${port}${finding.interface === null ? '' : ` (${finding.interface})`}`;
  const share =
    finding.verdict === 'partial' && finding.clientPortFraction !== undefined && finding.clientPortFraction < 1
      ? `, ${Math.floor(finding.clientPortFraction * 100)} % of the client's ports`
      : '';
  const verdict =
    finding.verdict === 'partial'
      ? `intermittent: ${symptomWords[finding.symptom]}${share}`
      : verdictWords(finding.verdict, finding.symptom);
  return `${indent}${escapeText(`${prefixWords(finding.from)} ${way}${where}`)}: ${verdictTint(paint, finding.verdict)(verdict)}`;
}

/** Blocks apart from one another by an empty line; an empty block leaves none. */
function blocks(parts: readonly (readonly string[])[]): string[] {
  return parts.filter((part) => part.length > 0).flatMap((part) => ['', ...part]);
}

function findingLines(finding: Finding, paint: Paint): string[] {
  return [
    findingHead(finding, paint),
    ...blocks([
      stepLines(finding, paint),
      [...whyLines(finding.causes), ...missingLines(finding, paint), ...fixLines(finding, paint)],
    ]),
  ];
}

/** What user data makes of the machine stands apart from what is known of it as it is. */
function hostLines({ verdict, symptom, causes, otherPorts = [] }: HostReport): string[] {
  const text = ({ message, certain, why }: Cause) => escapeText(`${message}${certain ? '' : ' (likely)'}; ${why}`);
  const isBoot = ({ component }: Cause) => component.kind === 'user-data';
  const own = verdict === 'ok' ? [] : causes.filter((cause) => !isBoot(cause)).map(text);
  const booted = causes.filter(isBoot);
  const isStopped = booted.length > 0 && verdict !== 'ok' && symptom !== 'cannot-tell';
  const boot = [
    ...booted.map((cause) => `after its first boot, ${text(cause)}`),
    ...(isStopped ? [symptomWords[symptom]] : []),
    ...otherPorts.map(({ port, verdict: there, symptom }) => `tcp/${port} instead: ${verdictWords(there, symptom)}`),
  ];
  const group = (mark: string, lines: readonly string[]) =>
    lines.map((line, index) => marked(index === 0 ? mark : '', line));
  return [...group('boot', boot), ...group('host', own)];
}

const alternativeNames: Readonly<Record<string, string>> = {
  ssm: 'Session Manager',
  'instance-connect-endpoint': 'an Instance Connect Endpoint',
  'instance-connect': 'EC2 Instance Connect in the browser',
  'serial-console': 'the serial console',
  iap: 'Identity-Aware Proxy',
};

function alternativeLines(target: TargetReport): string[] {
  if (target.verdict === 'reachable') return [];
  const ways = target.alternatives.filter((way: Alternative) => way.works === 'yes');
  return ways.map((way, index) =>
    marked(index === 0 ? 'now' : '', `${alternativeNames[way.kind] ?? way.kind} works: ${escapeText(way.command)}`),
  );
}

/** How far the evidence reaches. */
function seenWords({ findings, host }: TargetReport): string {
  if (findings.some(({ steps }) => steps.some(({ layer }) => layer === 'return-route'))) {
    return 'up to what listens on the machine, as its bundle tells';
  }
  const known =
    host.verdict === 'unknown' ? 'nothing is known of the host' : `the host's own status is ${host.verdict}`;
  return `up to the network interface; ${known}`;
}

function targetLines(target: TargetReport, report: Report, paint: Paint): string[] {
  const who = escapeText(targetWords(target.target));
  const { from, port } = report.question;
  const verdict = verdictTint(paint, target.verdict)(verdictWords(target.verdict, target.symptom));
  return [
    `${paint.strong(who)}  tcp/${port} from ${escapeText(from.map(singleWords).join(', '))}   ${verdict}`,
    ...blocks([alternativeLines(target)]),
    ...target.findings.flatMap((finding) => ['', ...findingLines(finding, paint)]),
    ...blocks([[...hostLines(target.host), marked('seen', paint.faint(seenWords(target)))]]),
  ];
}

/** The answer to `explain`, for people: what, where, why, fix. */
export function explainText(report: Report, paint: Paint): string {
  return `${report.targets.flatMap((target) => targetLines(target, report, paint)).join('\n')}\n`;
}
