#!/bin/sh
# port22 collect: what this machine says about SSH, as text on stdout. sh collect.sh [--client ADDRESS] [--port N] > FILE
# It reads only. To answer, nft and the nft variant of iptables-save may load kernel modules.
# iptables -L and -S are never run: the legacy ones create tables. ufw runs -L: it is asked only where enabled.
# No keys and no environment; arguments only of SSH servers and of the port's owner. Control characters become ?, but a tab
# stays, and a carriage return becomes U+240D.
client=''
port='22'

main() ( # whole or not at all: a paste that was cut runs nothing
usage() {
  echo 'usage: sh collect.sh [--client ADDRESS] [--port N]' >&2
  exit 2
}
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --client) client=$2 ;;
    --port) port=$2 ;;
    *) usage ;;
  esac
  shift 2
done
case $client in *[!0-9a-fA-F:.]*) usage ;; esac
case $port in '' | 0* | *[!0-9]* | ??????*) usage ;; esac
[ "$port" -le 65535 ] || usage

exec 4>&1 5>/dev/null 2>/dev/null
export LC_ALL=C
unset COLUMNS GREP_OPTIONS
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
nl='
'
ifs=$IFS
mark="@end-$$"
cr=$(printf '\r')
small=262144 large=4194304 left=16777216
most=$small pick='' keep=99999999 stuck=' '

have() { command -v "$1" >/dev/null; }
setsid=''
if have setsid; then setsid=setsid; fi
groups=false # busybox's timeout leaves what a command started
if timeout --foreground 1 sleep 0; then groups=true; fi

# Stderr goes to 5. What a command leaves behind holds our pipes, so it ends too.
limit() {
  watch=''
  if $groups; then
    timeout -s KILL 10 "$@" 2>&5 4>&- 5>&- &
    job=$!
  else
    $setsid "$@" 2>&5 4>&- 5>&- &
    job=$!
    (
      for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; done
      kill -9 -$job || kill -9 $job
    ) >/dev/null 4>&- 5>&- &
    watch=$!
  fi
  wait $job
  set -- $?
  kill -9 -$job
  [ -z "$watch" ] || kill "$watch"
  return "$1"
}
clean() {
  tr '\000-\010\013\014\016-\037\177' '?' | sed -e "s/$cr/$(printf '\342\220\215')/g" \
    -e '/-----BEGI[N].*PRIVATE KEY/,/-----EN[D]/s/.*/(a private key, left out)/' -e "s/^/$1/"
}
open() { printf '\n> %s\n$ %s' "$(printf %s "$1" | tr '\000-\037\177' '?')" "$(printf %s "$2" | tr '\000-\037\177' '?')"; }

# run KEY COMMAND...: one record. Answers in st: a status, absent, denied, timed-out or cut.
run() {
  open "$1" "$(shift && printf %s "$*")"
  shift
  err='' max=$most
  [ "$max" -le "$left" ] || max=$left
  if ! have "$1"; then
    st=absent
  elif case $stuck in *" $1 "*) ;; *) false ;; esac then
    st=timed-out err="$nl"'!'"not run: $1 was stopped before"
  elif [ "$max" -le 0 ]; then
    st='cut'
  else
    # Stdout goes to 4 when the command has ended; stderr and the end come back on 5.
    err=$(
      {
        out=$({
          limit "$@"
          printf '\n%s %s\n' "$mark" $?
        } | head -c "$max" | clean '|' | grep -E -e "$pick" -e "^.$mark" | tail -n "$keep")
        out=$nl$out st=cut
        case $out in
          *"$nl|$mark "*)
            st=${out##*"$nl|$mark "} out=${out%"$nl|$mark "*} out=${out%"$nl|"}
            ;;
        esac
        printf %s "$out" >&4
        printf '\n%s %s %s\n' "$mark" "$st" ${#out}
      } 5>&1 | head -c 65536 | clean '!'
    )
    err=$nl$err st=cut size=$max
    case $err in
      *"$nl"'!'"$mark "*)
        st=${err##*"$mark "} err=${err%"$nl"'!'"$mark "*} err=${err%"$nl"'!'}
        size=${st#* } st=${st%% *}
        ;;
    esac
    left=$((left - size))
    case $1 in
      cat | tail | sed | grep)
        if [ "$size" -eq 0 ]; then
          case $err in
            *' denied'* | *' not permitted'*) st=denied err='' ;;
            *'No such file'*) st=absent err='' ;;
          esac
        fi
        ;;
      sh) ;;
      *) [ "$st" != 137 ] || stuck="$stuck$1 " ;;
    esac
  fi
  how=$st
  case $st in
    137) st=timed-out how=timed-out ;;
    [0-9]*) how="ran $st" ;;
  esac
  printf '%s\n< %s\n' "$err" "$how"
}
big() {
  most=$large
  run "$@"
  most=$small
}
# Only lines that fit (behind their |), and of those the last.
only() {
  pick=$1 keep=$(($2 + 1))
  shift 2
  big "$@"
  pick='' keep=99999999
}
failed() { case $st in 0 | [!0-9]*) false ;; esac }
file() { run "file $1" cat "$1"; }
tell() {
  open "$1" "$2"
  echo
  [ -z "$3" ] || printf '%s\n' "$3" | clean '|'
  echo "< $4"
}

echo 'port22 host bundle 1'
echo "taken $(date +%s)"
echo "zone $(date +%z)"
echo "uid $(id -u)"
echo "port $port"
[ -z "$client" ] || echo "client $client"

run uname uname -a
file /etc/os-release
file /proc/1/comm

run sockets ss -H -tlnpe
listen='/^ *[0-9]*: [^ ]* [^ ]* 0A /p'
big proc-tcp sed -n -e 1p -e "$listen" /proc/net/tcp
big proc-tcp6 sed -n -e 1p -e "$listen" /proc/net/tcp6
rows=$(limit sed -n "$listen" /proc/net/tcp /proc/net/tcp6)
inodes() {
  printf '%s\n' "$rows" | while read -r _ at _ _ _ _ _ _ _ inode _; do
    case $at in *:$1) printf ' %s ' "$inode" ;; esac
  done
}
any=$(inodes '*') mine=$(inodes "$(printf %04X "$port")")
fds=$({
  limit ls -l /proc/[0-9]*/fd
  [ $? -ne 137 ] || echo denied
} 5>&1 | sed -n -e '/denied$/s/.*/denied/p' -e '/^\/proc\/[0-9]*\/fd:$/h' \
  -e '/^[^>]*-> socket:\[/{G;s/.*\[\([0-9]*\)]\n\/proc\/\([0-9]*\)\/fd:$/\1 \2/p;}')
owners=$(printf '%s\n' "$fds" | while read -r inode pid; do
  case $any in
    *" $inode "*)
      comm='?'
      read -r comm <"/proc/$pid/comm"
      printf '%s %s %s\n' "$inode" "$pid" "$comm"
      ;;
  esac
done)
case $fds in *denied*) st=denied ;; *) st='ran 0' ;; esac
tell socket-owners 'ls -l /proc/[0-9]*/fd' "$owners" "$st"
pids=$(printf '%s\n' "$owners" | while read -r inode pid _; do
  case $mine in *" $inode "*) printf '|%s' "$pid" ;; esac
done)
servers="^. *PID|^. *[0-9]+ +[0-9]+ +[^ ]+ +[^ ]+ +([^ ]*/)?(sshd|dropbear|systemd-socket)|^. *(none$pids) "
only "$servers" 5000 processes ps -eo pid,ppid,stat,etimes,args
! failed || only "$servers" 5000 processes ps -o pid,ppid,stat,etime,args

sshd=$(command -v sshd)
sshd=${sshd:-sshd}
if have "$sshd"; then run sshd-version "$sshd" -V; else run sshd-version ssh -V; fi
dump=-G
run sshd-effective "$sshd" -G
if [ "$st" = 1 ]; then # before 9.3 there is no -G
  dump=-T
  run sshd-effective "$sshd" -T
fi
if [ -n "$client" ]; then
  run "route-get $client" ip route get "$client"
  self=$(limit ip route get "$client" | sed -n 's/.* src \([^ ]*\).*/\1/p')
  run sshd-effective-client "$sshd" "$dump" -C "addr=$client,user=root,host=$client,laddr=${self:-$client},lport=$port"
fi
run sshd-test "$sshd" -t

# sshd_config and what it includes, 16 deep, in lexical order.
todo=/etc/ssh/sshd_config seen=$nl depth=0 count=0
while [ -n "$todo" ] && [ $depth -le 16 ]; do
  more=''
  IFS=$nl
  for f in $todo; do
    IFS=$ifs
    case $seen in *"$nl$f$nl"*) continue ;; esac
    seen=$seen$f$nl count=$((count + 1))
    if [ -d "${f%/*}" ] && [ ! -r "${f%/*}" ]; then
      case $f in *[*?[]*)
        tell "file $f" '' '' denied
        continue
        ;;
      esac
    fi
    if [ $count -gt 200 ]; then
      tell "file $f" '' '' cut
      continue
    fi
    file "$f"
    [ "$st" = 0 ] || continue
    more=$more$nl$(limit head -c $small "$f" | tr -d "\"'$cr" | sed -n \
      -e '/^[[:blank:]]*[Ii][Nn][Cc][Ll][Uu][Dd][Ee][[:blank:]=]/{s///;s/[[:blank:]]#.*//;p;}' |
      tr ' \t=' '[\n*]' | sed -e '/^$/d' -e 's,^[^/],/etc/ssh/&,')
  done
  IFS=$ifs
  todo=$more depth=$((depth + 1))
done
for f in /etc/default/ssh /etc/sysconfig/sshd /etc/conf.d/sshd /etc/default/dropbear /etc/conf.d/dropbear \
  /etc/hosts.allow /etc/hosts.deny /etc/ufw/ufw.conf /etc/default/ufw /proc/sys/crypto/fips_enabled /proc/sys/kernel/random/boot_id; do
  file "$f"
done
run 'end /etc/hosts.deny' tail -c 1 /etc/hosts.deny
# shellcheck disable=SC2046
run libwrap ldd "$sshd" $(ls -d /usr/lib*/*ssh/sshd-session /usr/libexec/*ssh/sshd-session)
run files ls -ld "$sshd" /usr/lib*/*ssh/sshd-* /usr/libexec/*ssh/sshd-* /run/sshd /var/empty/sshd /usr/share/empty.sshd \
  /etc/nologin /run/nologin /etc/ssh/sshd_not_to_be_run /etc/ssh/ssh_host_*

for unit in ssh.service sshd.service ssh.socket sshd.socket dropbear.service; do
  run "unit $unit" systemctl show --no-pager $unit -p LoadState,ActiveState,SubState,Result,UnitFileState,ExecMainStatus,ExecMainCode,NRestarts,ConditionResult,Listen,Accept,MaxConnections,NConnections,Triggers,TriggeredBy,FragmentPath,DropInPaths,IPAddressDeny,IPAddressAllow,PrivateNetwork,RestrictAddressFamilies,EnvironmentFiles,ExecStart,SocketBindDeny,SocketBindAllow
done
run openrc rc-service sshd status
run openrc-default rc-update show default

big iptables-save iptables-save -c
big ip6tables-save ip6tables-save -c
for v in ip ip6; do
  file /proc/net/${v}_tables_names
  # Legacy tables stand in no other answer.
  if read -r _ </proc/net/${v}_tables_names; then big ${v}tables-legacy-save ${v}tables-legacy-save -c; fi
done
big nft-json nft -j list ruleset
! failed || big nft-text nft -a list ruleset
run nft-chains nft list chains
big ipset ipset save
if limit grep -q '^ENABLED=yes' /etc/ufw/ufw.conf; then
  run ufw-status ufw status verbose
  run ufw-numbered ufw status numbered
fi
run firewalld-state firewall-cmd --state
if [ "$st" = 0 ]; then
  run firewalld firewall-cmd --list-all-zones
  run firewalld-policies firewall-cmd --list-all-policies
  run firewalld-panic firewall-cmd --query-panic
  run firewalld-default firewall-cmd --get-default-zone
  run firewalld-permanent firewall-cmd --permanent --list-all-zones
fi
run fail2ban fail2ban-client status
if [ "$st" = 0 ]; then
  for jail in $(limit fail2ban-client status | sed -n 's/.*Jail list:[[:blank:]]*//p' | tr ',' ' '); do
    case $jail in -* | *[!A-Za-z0-9_.-]*) continue ;; esac
    run "fail2ban-jail $jail" fail2ban-client status "$jail"
    run "fail2ban-bans $jail" fail2ban-client get "$jail" banip --with-time
    run "fail2ban-actions $jail" fail2ban-client get "$jail" actions
  done
fi

# As JSON, else as text.
ip_show() {
  of=$1
  shift
  big "$of" ip -j "$@"
  ! failed || big "$of-text" ip "$@"
}
ip_show addresses addr
ip_show links -d link
ip_show rules rule
ip_show rules6 -6 rule
ip_show routes route show table all
ip_show routes6 -6 route show table all
ip_show neighbours neigh
most=20000
run connections ss -H -tan "sport = :$port"
most=$small
# shellcheck disable=SC2016
if have tc; then
  run tc sh -c 'for i in /sys/class/net/*; do i=${i##*/}; printf "dev %s\n" "$i"; tc filter show dev "$i" ingress; done'
else
  tell tc 'tc filter show' '' absent
fi
run sysctl sh -c 'cd /proc/sys/net && grep -H "" ipv4/conf/*/rp_filter ipv4/ip_forward ipv4/tcp_abort_on_overflow ipv6/bindv6only ipv4/ip_local_port_range ipv4/icmp_ratelimit ipv4/ip_nonlocal_bind ipv6/conf/all/disable_ipv6 ipv4/tcp_syncookies ipv4/tcp_max_syn_backlog core/somaxconn | sed -e "s/:/ = /" -e "y,/.,./," -e "s/^/net./"'
run netstat cat /proc/net/netstat
run snmp cat /proc/net/snmp
run conntrack-count cat /proc/sys/net/netfilter/nf_conntrack_count
run conntrack-max cat /proc/sys/net/netfilter/nf_conntrack_max
for f in /proc/net/xt_recent/*; do
  [ ! -e "$f" ] || run "xrecent ${f##*/}" cat "$f"
done

run disk df -P
run inodes df -iP
run file-nr cat /proc/sys/fs/file-nr
pid=$(printf '%s\n' "$owners" | sed -n '/^[0-9]* [0-9]* sshd$/{s/^[0-9]* //;s/ .*//;p;q;}')
pid=${pid:-none}
run sshd-limits cat "/proc/$pid/limits"
run sshd-files find "/proc/$pid/fd"
group=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
[ -e "$group/pids.max" ] || group=/sys/fs/cgroup/pids$(sed -n 's/^[0-9]*:[^:]*pids[^:]*://p' "/proc/$pid/cgroup")
run cgroup-pids grep -H '' "$group/pids.max" "$group/pids.current" "$group/pids.events"

run selinux getenforce
only ssh_port_t 100 selinux-ports semanage port -l
only 'avc.*sshd' 20 audit-denials tail -c 4000000 /var/log/audit/audit.log
only 'nf_conntrack|[Oo]ut of memory|oom|sshd|UFW |SYN flooding' 300 kernel-log dmesg
# The servers' log, and systemd's of their units: -t and -u together find what fits both.
run journal journalctl --no-pager -b -n 300 -o short-iso SYSLOG_IDENTIFIER=sshd + SYSLOG_IDENTIFIER=sshd-session + SYSLOG_IDENTIFIER=sshd-auth + SYSLOG_IDENTIFIER=dropbear + _SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service + UNIT=ssh.service + UNIT=sshd.service + UNIT=ssh.socket + UNIT=sshd.socket
for f in /var/log/auth.log /var/log/secure /var/log/messages; do
  only 'sshd|dropbear|ssh\.(service|socket)' 300 "log $f" tail -n 300 "$f"
done
run cloud-init cloud-init status --long
run cloud-init-result cat /run/cloud-init/result.json

echo
echo 'port22 end of bundle'
)
main "$@" </dev/null
