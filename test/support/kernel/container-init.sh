# Inside fresh namespaces: makes a root of the tree $1 with a layer of its own over it, in memory, mounted on $2, and becomes $3.
# Nothing of it is seen outside, and all of it is gone when the last process of the namespaces is.
set -eu
tree=$1 mount=$2
shift 2
mount -t tmpfs -o mode=0755,size=1g port22 "$mount"
mkdir "$mount/upper" "$mount/work" "$mount/root"
mount -t overlay -o "lowerdir=$tree,upperdir=$mount/upper,workdir=$mount/work" port22 "$mount/root"
cd "$mount/root"
mount -t proc proc proc
# Only the network's settings are the namespace's own; the others are the machine's.
for part in proc/sys/* proc/sysrq-trigger; do
  if [ "$part" = proc/sys/net ] || [ ! -e "$part" ]; then continue; fi
  mount --bind "$part" "$part"
  mount -o remount,bind,ro "$part"
done
mount -t sysfs sysfs sys
if grep -qw cgroup2 /proc/filesystems; then mount -t cgroup2 cgroup2 sys/fs/cgroup || :; fi
mount -t tmpfs -o mode=0755 dev dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for device in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0'; do
  # shellcheck disable=SC2086
  mknod -m 0666 dev/${device%% *} c ${device#* }
done
mount -t tmpfs -o mode=0755,nosuid,nodev run run
mount -t tmpfs -o mode=1777,nosuid,nodev tmp tmp
mkdir -p run/lock .outside
printf '127.0.0.1 localhost\n::1 localhost\n' >etc/hosts
: >etc/resolv.conf
pivot_root . .outside
cd /
umount -l /.outside
exec "$@"
