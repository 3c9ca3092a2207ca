import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Mail {
  to: string[];
  /** The text part, decoded. */
  text: string;
}

/** A real mail server on loopback, and what it received. */
export class Mailbox {
  readonly mails: Mail[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        this.mails.push({ to: session.envelope.rcptTo.map((to) => to.address), text: textOf(raw) });
        done();
      });
    },
  });

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** The newest mail to an address that says a word; waits for it. */
  async mail(to: string, word: string): Promise<Mail> {
    for (let tries = 0; tries < 600; tries += 1) {
      const found = this.mails.findLast((mail) => mail.to.includes(to) && mail.text.includes(word));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no mail to ${to} says "${word}"`);
  }

  /** The address that a pattern finds in the newest mail to somebody that has one; waits for it. */
  async link(to: string, pattern: RegExp): Promise<string> {
    for (let tries = 0; tries < 600; tries += 1) {
      const found = this.mails.findLast((mail) => mail.to.includes(to) && pattern.test(mail.text));
      const link = found && pattern.exec(found.text)?.[0];
      if (link) return link;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const had = this.mails.filter((mail) => mail.to.includes(to)).map((mail) => mail.text);
    throw new Error(`no mail to ${to} has ${pattern}; there were:\n${had.join("\n=====\n")}`);
  }
}

/** The text part of a message (RFC 2045), quoted-printable or base64. */
function textOf(raw: string): string {
  const boundary = /boundary="?([^"\s;]+)"?/i.exec(raw)?.[1];
  const parts = boundary ? raw.split(`--${boundary}`) : [raw];
  const part = parts.find((one) => /content-type:\s*text\/plain/i.test(one)) ?? raw;
  const [head = "", ...rest] = part.split(/\r?\n\r?\n/);
  const body = rest.join("\n\n");
  if (/content-transfer-encoding:\s*base64/i.test(head)) return Buffer.from(body, "base64").toString("utf8");
  if (!/content-transfer-encoding:\s*quoted-printable/i.test(head)) return body;
  const bytes = body
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
