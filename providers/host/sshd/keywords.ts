/** What an argument of a directive may be. */
export interface Keyword {
  /** The only values, in lower case; sshd stops at others. */
  readonly values?: readonly string[];
  /** A whole number, or a time such as `2m30s`; sshd stops at what is none. */
  readonly form?: 'integer' | 'time';
  /** More than one argument is an error; `now`: in the versions that are known, but one that takes several is thinkable. */
  readonly single: boolean | 'now';
  /** Whether it may stand in a Match block. */
  readonly inMatch: boolean;
  /** Names of algorithms. Which there are depends on how sshd was built. */
  readonly algorithms?: { readonly names: readonly string[]; readonly word: string };
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const yesNo = ['yes', 'no'];
const forwarding = ['yes', 'all', 'no', 'remote', 'local'];
const rootLogin = ['without-password', 'prohibit-password', 'forced-commands-only', 'yes', 'no'];

const ciphers = words(`
  3des-cbc aes128-cbc aes192-cbc aes256-cbc aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com
  chacha20-poly1305@openssh.com`);

/** sshd_config(5) of OpenSSH 8.0 to 10.0, with what Debian, Red Hat and older versions know; tried on 9.2. */
const flagsInMatch = words(`
  allowagentforwarding disableforwarding exposeauthinfo gssapiauthentication hostbasedauthentication
  hostbasedusesnamefrompacketonly kbdinteractiveauthentication challengeresponseauthentication kerberosauthentication
  passwordauthentication permitemptypasswords permittty permituserrc pubkeyauthentication skeyauthentication
  streamlocalbindunlink x11forwarding x11uselocalhost refuseconnection`);
const flagsGlobal = words(`
  debianbanner dsaauthentication gssapicleanupcredentials gssapicleanupcreds gssapikeyexchange
  gssapistorecredentialsonrekey gssapistrictacceptorcheck ignoreuserknownhosts kerberosorlocalpasswd
  kerberosticketcleanup keepalive printlastlog printmotd strictmodes tcpkeepalive usedns usepam`);
const othersInMatch = words(`
  acceptenv allowgroups allowusers authenticationmethods authorizedkeyscommand authorizedkeysfile authorizedkeysfile2
  authorizedprincipalscommand channeltimeout denygroups denyusers forcecommand include ipqos logverbose match
  permitlisten permitopen pubkeyauthoptions rekeylimit rsaminsize rhostsrsaauthentication rsaauthentication setenv
  subsystem unusedconnectiontimeout x11maxdisplays`);
const singlesInMatch = words(`
  authorizedkeyscommanduser authorizedprincipalscommanduser banner chrootdirectory loglevel permittunnel
  streamlocalbindmask`);
const singlesNowInMatch = words(`
  authorizedprincipalsfile casignaturealgorithms hostbasedacceptedalgorithms hostbasedacceptedkeytypes
  pubkeyacceptedalgorithms pubkeyacceptedkeytypes rdomain revokedkeys trustedusercakeys`);
const othersGlobal = words(`
  afstokenpassing checkmail gssapiusesessioncredcache gssusesessionccache gssapienablek5users gssapiindicators
  kerberosgetafstoken kerberosuniqueccache kerberostgtpassing kerberosusekuserok keyregenerationinterval
  pamauthenticationviakbdint permitblacklistedkeys persourcepenalties protocol reversemappingcheck
  rhostsauthentication serverkeybits showpatchlevel uselogin useprivilegeseparation verifyreversemapping
  versionaddendum`);
const singlesGlobal = words(`
  fingerprinthash hostdsakey hostkey hostkeyagent maxstartups pidfile syslogfacility xauthlocation`);
const singlesNowGlobal = words(`
  gssapikexalgorithms hostcertificate hostkeyalgorithms kexalgorithms macs modulifile permituserenvironment
  persourcemaxstartups persourcenetblocksize persourcepenaltyexemptlist securitykeyprovider sshdauthpath
  sshdsessionpath`);

const integers = ['clientalivecountmax', 'maxauthtries', 'maxsessions', 'x11displayoffset', 'requiredrsasize'];

function table(): ReadonlyMap<string, Keyword> {
  const keywords = new Map<string, Keyword>();
  const add = (names: readonly string[], keyword: Keyword) => {
    for (const name of names) keywords.set(name, keyword);
  };
  add(flagsInMatch, { values: yesNo, single: true, inMatch: true });
  add(flagsGlobal, { values: yesNo, single: true, inMatch: false });
  add(singlesInMatch, { single: true, inMatch: true });
  add(singlesGlobal, { single: true, inMatch: false });
  add(singlesNowInMatch, { single: 'now', inMatch: true });
  add(singlesNowGlobal, { single: 'now', inMatch: false });
  add(integers, { form: 'integer', single: true, inMatch: true });
  add(['clientaliveinterval'], { form: 'time', single: true, inMatch: true });
  add(['logingracetime'], { form: 'time', single: true, inMatch: false });
  add(othersInMatch, { single: false, inMatch: true });
  add(othersGlobal, { single: false, inMatch: false });
  add(['allowtcpforwarding', 'allowstreamlocalforwarding'], { values: forwarding, single: true, inMatch: true });
  add(['permitrootlogin'], { values: rootLogin, single: true, inMatch: true });
  add(['gatewayports'], { values: [...yesNo, 'clientspecified'], single: true, inMatch: true });
  add(['ignorerhosts'], { values: [...yesNo, 'shosts-only'], single: true, inMatch: true });
  add(['compression'], { values: [...yesNo, 'delayed'], single: true, inMatch: false });
  add(['addressfamily'], { values: ['inet', 'inet6', 'any'], single: true, inMatch: false });
  add(['port', 'listenaddress'], { single: true, inMatch: false });
  add(['ciphers'], { single: true, inMatch: false, algorithms: { names: ciphers, word: 'cipher' } });
  return keywords;
}

/** By keyword in lower case. A keyword that is not here may be one of a newer version or of a vendor. */
export const keywords = table();
