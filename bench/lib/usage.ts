/** Loaded into every measured server before its own code: tells its processor time and memory, and ends with its parent. */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send!({ cpu: user + system, rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit());
// The channel alone must not keep a server alive that wants to end.
process.channel?.unref();
