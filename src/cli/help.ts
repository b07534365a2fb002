import { version } from '../version.js';

const accounts = `  --aws                ask the AWS account of the default credentials
  --profile NAME       ... of this profile (repeatable)
  --region NAME|all    ... in this region (repeatable)
  --gcp                ask Google Cloud, with the default credentials
  --project ID         ... in this project (repeatable)
  --azure              ask Azure, with the default credentials
  --subscription ID|all
                       ... in this subscription (repeatable)
  --user-data          ask for what machines run when they boot, too: it tells on
                       which port sshd will listen, and can hold secrets`;

const inputs = `Input (give at least one; several are read together)
  --in PATH            a recorded file, or a folder read recursively: what
                       \`aws ec2 describe-...\`, \`gcloud ... list --format=json\` and
                       \`az ... list -o json\` print, or what port22 fetch wrote
  --complete           what was not recorded does not exist
${accounts}`;

const live = `Cloud (give at least one; several are asked together)
${accounts}`;

const output = `Output
  --format text|json   text for people (default), json for programs
  --output FILE        write the result to a file
  --color auto|always|never
  --quiet              no warnings and no progress`;

const exitCodes = `Exit codes
  0  reachable, or the expectation is met
  1  unreachable, or the expectation is not met
  2  no answer: usage, unreadable input, no such target
  3  neither plain yes nor plain no: partial or unknown`;

/** The help pages: examples first. */
export const helpPages = {
  overview: `port22 ${version}: can this source open port 22 on this instance, and if not, what stops it?

Examples
  port22 explain web-1 --from 203.0.113.7 --aws
  port22 explain i-0abc --from internet --in recorded/
  port22 audit --aws --region all
  port22 fetch --aws --out recorded/

Commands
  explain   one source, one target: the verdict, what stops it, the smallest fix
  audit     every instance: who can reach it
  diff      two recordings: who gains and who loses access
  diagnose  from the error on the screen back to its causes
  probe     one careful connection to each address of a host: what an SSH client would see
  fetch     record the cloud's answers, for replay without credentials
  schema    the JSON schema of a file that port22 writes or reads
  collect   a shell script that records what a machine itself says about SSH

port22 COMMAND --help tells more. port22 reads, and never changes anything.
`,
  explain: `port22 explain TARGET --from SOURCE [--port N] [INPUT...]

Examples
  port22 explain web-1 --from 203.0.113.7 --aws
  port22 explain i-0abc --from 198.51.100.0/24,2001:db8::/32 --in recorded/
  port22 explain 10.0.1.10 --from i-0def --port 2222 --in recorded/
  port22 explain db-1 --from internet --expect unreachable --in recorded/

TARGET is an instance: its id, name, ARN, DNS name, or one of its addresses.
SOURCE is an address, a prefix, several with commas, "internet", or an instance.

Question
  --from SOURCE        who connects; there is no default
  --port N             the port to open (default 22)
  --via PATH           only this way: internet, same-subnet, same-vpc, peering,
                       transit-gateway, vpn, direct-connect, load-balancer, hairpin
  --client-os NAME     linux, macos or windows: from which ports the client sends
  --host BUNDLE        what the script of port22 collect gathered on the target:
                       its firewall, its listener and its routes are judged too
  --host-before BUNDLE the same from before the attempt that --saw tells of; --host
                       is then the bundle from after it
  --saw TEXT           what the client printed: the causes that remain of it
  --expect reachable|unreachable
                       turn the exit code into an assertion

${inputs}

${output}

${exitCodes}
`,
  audit: `port22 audit [INPUT...] [--port N] [--policy FILE]

Examples
  port22 audit --aws --region all
  port22 audit --in recorded/ --format json --output report.json
  port22 audit --in recorded/ --policy policy.json

Question
  --port N             the port to judge (default 22)
  --policy FILE        who must and who must not get in: {"schema": "port22/policy/v1",
                       "rules": [{"policy": "ssh-open-to-internet", "severity": "critical",
                       "forbid": ["internet"], "except": ["198.51.100.0/24"]}]}

${inputs}

${output}

Exit codes
  0  every target was answered, or the policy holds
  1  the policy is violated
  2  no answer: usage, unreadable input
  3  something stayed unknown that could matter
`,
  diff: `port22 diff BEFORE AFTER [--port N]

Examples
  port22 diff monday/ tuesday/
  port22 diff before.json after.json --port 443 --format json

Tells of every instance who gains and who loses access between two recordings, why, and whether
connections that are open go on. BEFORE and AFTER are recorded files or folders, as --in takes
them elsewhere.

Question
  --port N             the port to judge (default 22)
  --complete           what was not recorded does not exist

${output}

Exit codes
  0  nobody gains or loses access
  1  somebody gains or loses access
  2  no answer: usage, unreadable input
  3  somebody may gain or lose access: something is not known
`,
  diagnose: `port22 diagnose --saw TEXT [--host BUNDLE [--host-before BUNDLE]] [INPUT... TARGET]

Examples
  port22 diagnose --saw "ssh: connect to host web port 22: Connection refused"
  ssh -v web 2>&1 | port22 diagnose --saw -
  port22 diagnose --saw "No route to host" --host web.bundle --from 203.0.113.7
  port22 diagnose --saw "Connection timed out" --from 203.0.113.7 --aws web-1
  port22 diagnose --saw "Connection timed out" --host-before 1.bundle --host 2.bundle

Names the causes that remain, ranked; those that are excluded, and why; and for
each that remains the one check that settles it. What records or a bundle prove
stands first. Where they and what was seen cannot both be so, it says that.

Question
  --saw TEXT           what the client printed (ssh on any system, PuTTY, nc,
                       curl, Node, ...), what port22 probe --format json
                       printed, or - for either on stdin
  --host BUNDLE        what the script of port22 collect gathered on the machine
  --host-before BUNDLE the same from before one attempt, --host being from after it:
                       what the kernel and its packet filters counted in between
                       tells what became of the attempt, or that it never came
  --from SOURCE        who tried: an address; the bundle's client when left out
  --port N             the port, where the text does not tell it
  --client-os NAME     linux, macos or windows, where the text does not tell it

Input (none is needed; several are read together)
  --in PATH            a recorded file or folder
  --complete           what was not recorded does not exist
${accounts}

${output}

Exit codes
  0  a cause is proved for every attempt
  2  no answer: usage, unreadable input, a text of no client
  3  several causes remain, or the evidence contradicts what was seen
`,
  probe: `port22 probe HOST [--port N]

Examples
  port22 probe 198.51.100.7
  port22 probe bastion.example.com --port 2222
  port22 probe 2001:db8::7 --format json --output seen.json

Connects from this machine to each address of HOST, one after the other, and reads what the
server says first. HOST is a name, an IPv4 or an IPv6 address. Opens at most three connections,
a second apart. After a refusal it tries again at once, up to ten times, as nothing reaches the
server: that can tell an ICMP message from a TCP reset. No other command connects to a target.

Question
  --port N             the port to open (default 22)
  --timeout SECONDS    for the connection, for the greeting, for the key exchange (default 12);
                       below 6, TCP wrappers look like a server that hangs

${output}

Exit codes
  0  an SSH server greeted, on one address or more
  1  none did
  2  no answer: usage, or the name does not resolve
  3  none did, and something stayed unknown: an error without a known cause, an address not tried
`,
  fetch: `port22 fetch --out DIR CLOUD...

Examples
  port22 fetch --aws --out recorded/
  port22 fetch --aws --profile prod --profile stage --region all --out recorded/
  port22 fetch --gcp --project shop --project shop-network --out recorded/
  port22 fetch --azure --out recorded/
  port22 explain web-1 --from 203.0.113.7 --in recorded/

Records every answer that can decide a connection, one JSON file a call. What was denied is
recorded as denied. Credentials come from each SDK's default chain; the permissions that
port22 uses are listed in docs/aws-permissions.md, docs/gcp-permissions.md and
docs/azure-permissions.md.

${live}

Output
  --out DIR            a folder that is empty or does not exist yet
  --quiet              no progress

Exit codes
  0  every call was answered
  2  nothing could be asked
  3  some calls were denied or failed; they are recorded so
`,
  schema: `port22 schema report|policy|diff|probe|diagnosis|snapshot

Examples
  port22 schema report > report.schema.json

Prints the JSON schema of the report (--format json), of a policy (audit --policy), of the
answer to diff, of what probe saw, or of a recorded answer (fetch --out).
`,
  collect: `port22 collect [--client ADDRESS] [--port N]

Examples
  port22 collect | ssh admin@web-1 sudo sh > web-1.txt
  port22 collect --client 203.0.113.7 --output collect.sh

Prints a shell script. On the machine that cannot be reached, through another entrance such as a
serial console, it prints what decides: listeners, sshd's configuration, packet filters, bans,
routes, logs. It needs sh and nothing else, takes half a minute at most as a rule, changes
nothing, and reads no keys. Run it as root: without, much is not told, and stays unknown.

  --client ADDRESS     who cannot connect: how the machine would answer it
  --port N             the port that is asked about (default 22)

Output
  --output FILE        write the script to a file
`,
} as const;
