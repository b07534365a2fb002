/** What to know before sshd is touched. */
export const cautions = {
  session: 'keep the session that you have open until a new one works',
  wayBack: 'schedule a way back before you begin: systemd-run --on-active=5min COMMAND, or at',
  portFirst: "open the port in the machine's firewall and in the cloud's before sshd moves to it",
  console: 'where no session is left: the serial console, or the way in that the cloud offers',
  untilReboot: 'on Container-Optimized OS this is lost at the next boot: put it into the user-data',
} as const;
