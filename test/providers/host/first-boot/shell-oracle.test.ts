import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { stockMachine } from '../../../../providers/host/first-boot/machine.js';
import { sed } from '../../../../providers/host/first-boot/sed.js';
import { newShell, runShell } from '../../../../providers/host/first-boot/shell-effects.js';

const printedBy = (command: string, args: readonly string[], input = '') =>
  spawnSync(command, args, { input, encoding: 'utf8', env: { LC_ALL: 'C', PATH: process.env.PATH ?? '' } }).stdout;

/** What port22 knows of a script's output must be what the shell prints; `?` where it knows nothing, which is never wrong. */
describe('a script prints what bash prints', () => {
  test.each([
    `echo a  b   c`,
    `echo "a  b" 'c  $d' e\\ f`,
    `echo "a\\"b\\$c\\\\d\\e"`,
    `A=1; B="$A 2"; echo $B "$B" '$B' \${A}x "\${B}y"`,
    `A=" x  y "; echo $A; echo "$A"`,
    `echo a; echo b && echo c\necho d`,
    `echo a | cat`,
    `printf '%s-%s\\n' 1 2 3 4`,
    `printf 'a\\tb\\n%s%%\\n' x`,
    `echo -n a; echo -e 'x\\ny'`,
    `cat <<EOF\n$HOME_X plain \\$x \\\\ "quoted" 'single'\nEOF`.replace('$HOME_X', ''),
    `cat <<'EOF'\n$x \\$y \`z\`\nEOF`,
    `X=5; cat <<EOF\na $X \${X}b $(echo c)\nEOF`,
    `cat <<-EOF\n\t\ta\n\tb\n\tEOF`,
    `cat <<A; cat <<B\n1\nA\n2\nB`,
    `for i in 1 2 "3 4"; do echo "<$i>"; done`,
    `f() { echo "$1+$2"; }; f a "b c"`,
    `{ echo a; echo b; } | cat`,
    `(echo a; exit 1; echo b); echo c`,
    `echo $(echo a; echo b) "$(echo c)"`,
    `echo \`echo x\``,
    `# a comment\necho a # another\necho b#c`,
    `echo a \\\n  b`,
    `if true; then echo a; fi > /dev/null; echo b`,
    `exit 0; echo a`,
    `cat <<< "a b"`,
    `bash -c 'echo a; echo b'`,
    `eval 'X=3'; echo $X`,
    `echo 'a;b|c&d(e)f>g<h'`,
    `echo a 2>/dev/null; echo b >/dev/null; echo c 2>&1`,
    `X=a; X+=b; echo done`,
    `echo "it's"; echo 'say "hi"'`,
    `echo a|cat&&echo b`,
    `echo \${`,
    `echo "unclosed`,
    `set -e; echo a; export A=7; echo $A`,
    `echo a >&2; echo b`,
    `case x in x) echo a;; esac; echo b`,
    `echo x | sed 's/x/y/'`,
    `echo '{}' } {`,
    `echo "#not a comment" '#nor this'`,
  ])('%j', (script) => {
    const ours = runShell(newShell(stockMachine('debian'), 'script', true), script);
    expect([undefined, printedBy('bash', ['-c', script])]).toContain(ours);
  });

  test.each([
    'echo a "b c"',
    'A=1; echo $A',
    'cat <<EOF\na\nEOF',
    'printf "%s\\n" a b',
    'for i in 1 2; do echo $i; done',
  ])('and it is known: %j', (script) => {
    expect(runShell(newShell(stockMachine('debian'), 'script', true), script)).toBe(printedBy('bash', ['-c', script]));
  });
});

const text = [
  'Include /etc/ssh/sshd_config.d/*.conf',
  '',
  '#Port 22',
  '#ListenAddress ::',
  '  Port 2022 # there',
  'PermitRootLogin no',
  'a*b+c?d{2}e|f(g)h[i]j^k$l',
  '',
].join('\n');

describe('an edit is what sed makes of it', () => {
  const programs: readonly [program: string, known?: false][] = [
    ['s/^#Port 22/Port 2222/'],
    ['s/^Port 22/Port 2222/'],
    ['s/^#*Port .*/Port 2222/'],
    ['s/*b/X/'],
    ['s/a*b/X/g'],
    ['s/^#\\?Port [0-9]\\+$/Port 2222/'],
    ['s/\\(#\\)Port \\([0-9]*\\)/Port \\2\\1&/'],
    ['s/o/0/g; s/#//'],
    ['s/port/X/I'],
    ['s/port/X/gi'],
    ['/^#Port/d'],
    ['/Port/c\\Port 7'],
    ['/^#Port/a Port 2222'],
    ['/^#Port/i\\\nPort 2222'],
    ['/Port/s/2/3/g'],
    ['s|/etc/ssh|/x|'],
    ['s#Port#X#'],
    ['s/\\/etc/X/'],
    ['s/[#]*Port[[:space:]]*[0-9]*/P/'],
    ['s/[^a-z]//g'],
    ['s/c?d{2}/X/'],
    ['s/e|f(g)/X/'],
    ['s/\\bPort\\b/X/'],
    ['s/Port/a\\nb/'],
    ['s/j^k$l/X/'],
    ['s/Port.*/P \\/ \\& &/'],
    ['s/^/> /'],
    ['s/$/ </'],
    ['s/x*/-/'],
    ['2,3d', false],
    ['$d', false],
    ['s/a/b/2', false],
    ['s/a/b/w out', false],
    ['y/abc/xyz/', false],
    ['/a/,/b/d', false],
    ['s/a\\{2\\}/b/'],
    ['s/\\U/x/', false],
    ['s/a/\\U&/', false],
    ['/Port/!d', false],
  ];

  test.each(
    programs.flatMap(([program, known = true]) => [false, true].map((extended) => ({ program, extended, known }))),
  )('$program, extended: $extended', ({ program, extended, known }) => {
    const ours = sed(program, extended, text);
    if (!known) expect(ours).toBeUndefined();
    else expect([undefined, printedBy('sed', [...(extended ? ['-E'] : []), program], text)]).toContain(ours);
    if (known && !extended) expect(ours).toBeDefined();
  });
});
