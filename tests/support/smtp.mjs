// A real SMTP server for tests. Prints its port on the first line of stdout, then one line of JSON for each message.
// Recipients decide how it behaves: refuse@ is refused for good, later@ is put off, vanish@ is taken without an answer.
import { SMTPServer } from "smtp-server";

const reply = (code, words) => Object.assign(new Error(words), { responseCode: code });

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["AUTH", "STARTTLS"],
  logger: false,
  onRcptTo(address, _session, done) {
    if (address.address.startsWith("refuse@")) return done(reply(550, "No such mailbox"));
    if (address.address.startsWith("later@")) return done(reply(450, "Try again later"));
    return done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map((one) => one.address);
      process.stdout.write(JSON.stringify({ to, message: Buffer.concat(parts).toString("utf8") }) + "\n");
      if (to.some((one) => one.startsWith("vanish@"))) {
        for (const connection of server.connections) connection._socket.destroy();
        return;
      }
      done();
    });
  },
});

server.on("error", () => {});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.server.address().port}\n`));
