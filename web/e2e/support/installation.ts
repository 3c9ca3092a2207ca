import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { Mailbox } from "./mailbox";
import { Person } from "./person";

const program = resolve(process.env.COUNTERSIGN_BIN ?? "../target/debug/countersign");
const root = process.getuid?.() === 0;
/** Who the server is when the tests run as root. */
const SERVER = "nobody";

/** The runner trusts no file below a directory that others may write to, so not under the temporary directory. */
function home(): string {
  if (root) return "/var/lib/countersign-e2e";
  return join(process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state"), "countersign-e2e");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address ? address.port : 0;
}

/** Runs the program to its end. */
export async function run(args: string[], env: Record<string, string> = {}, stdin = ""): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: "pipe" });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin.end(stdin);
  const status = await new Promise((done) => child.on("close", done));
  if (status !== 0) throw new Error(`countersign ${args.join(" ")} ended with ${status}:\n${out}${err}`);
  return out;
}

/** A real server with an empty organization, and its mail server. */
export class Installation {
  readonly mailbox = new Mailbox();
  readonly directory = join(home(), `${process.pid}-${Date.now()}`);
  readonly ada = new Person("ada");
  url = "";
  /** The first administrator's single-use link. */
  firstLink = "";
  private server: ChildProcess | null = null;

  async open(): Promise<void> {
    if (!existsSync(program))
      throw new Error(`${program} is not there: cargo build --package countersign-cli`);
    mkdirSync(this.directory, { recursive: true, mode: 0o711 });
    const smtp = await this.mailbox.open();
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const config = join(this.directory, "countersign.toml");
    const printed = await run([
      ...["init", "--config", config, "--data-dir", this.data],
      ...["--organization", "Fabrikam", "--zone", "Europe/Berlin"],
      ...["--listen", `127.0.0.1:${port}`, "--public-url", this.url],
      ...["--administrator", this.ada.upn, "--administrator-name", "Ada", "--second", "bob@fabrikam.example"],
      ...["--smtp-host", "127.0.0.1", "--smtp-port", String(smtp), "--smtp-security", "none"],
      ...["--smtp-from", "countersign@fabrikam.example"],
      ...[
        "--allow-run-as",
        userInfo().username,
        "--allow-programs",
        "/usr/bin",
        "--allow-programs",
        "/usr/sbin",
      ],
      ...(root ? ["--user", SERVER] : []),
    ]);
    const link = /#(csi_\w+)/.exec(printed)?.[1];
    if (!link) throw new Error(`init printed no link:\n${printed}`);
    this.firstLink = `${this.url}/invitation#${link}`;
    await this.start();
  }

  /** Where its ledger lies. */
  get data(): string {
    return join(this.directory, "data");
  }

  /** Starts its server, and waits until it answers. */
  async start(): Promise<void> {
    const config = join(this.directory, "countersign.toml");
    const log = join(this.directory, "server.log");
    this.server = spawn(program, ["serve", "--config", config, ...(root ? ["--user", SERVER] : [])], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.server.stdout, this.server.stderr])
      stream?.on("data", (chunk: Buffer) => appendFileSync(log, chunk));
    await answers(Number(new URL(this.url).port));
  }

  /** Ends its server; what it holds stays. */
  async stop(): Promise<void> {
    const server = this.server;
    if (server && server.exitCode === null) {
      server.kill("SIGTERM");
      await new Promise((done) => server.on("close", done));
    }
  }

  /** A line of the command line, as a person. */
  cli(who: Person, args: string[], stdin = ""): Promise<string> {
    return run(
      args,
      { COUNTERSIGN_URL: this.url, XDG_STATE_HOME: join(this.directory, "people", who.name) },
      stdin,
    );
  }

  async close(): Promise<void> {
    await this.stop();
    await this.mailbox.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The demonstration's organization, full of life, with everybody's password and secret. */
export class Demonstration {
  readonly directory = join(home(), `demo-${process.pid}-${Date.now()}`);
  readonly people: Record<string, Person> = {};
  url = "";
  private server: ChildProcess | null = null;

  async open(): Promise<void> {
    mkdirSync(home(), { recursive: true, mode: 0o711 });
    const child = spawn(program, ["demo", "--directory", this.directory], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.server = child;
    let printed = "";
    await new Promise<void>((done, failed) => {
      child.stdout.on("data", (chunk) => {
        printed += chunk;
        if (printed.includes("Ctrl-C")) done();
      });
      child.stderr.on("data", (chunk) => {
        printed += chunk;
      });
      child.on("close", (status) => failed(new Error(`the demonstration ended with ${status}:\n${printed}`)));
    });
    this.url = /stays up at (\S+)/.exec(printed)?.[1] ?? "";
    for (const [, name = "", upn = "", password = "", secret = ""] of printed.matchAll(
      /^\s+(\w+)\s+(\S+@\S+)\s+password (\S+)\s+TOTP secret (\S+)/gm,
    )) {
      this.people[name] = new Person(name, { upn, password, secret });
    }
  }

  person(name: string): Person {
    const found = this.people[name];
    if (!found) throw new Error(`the demonstration has no ${name}`);
    return found;
  }

  cli(who: Person, args: string[], stdin = ""): Promise<string> {
    return run(
      args,
      { COUNTERSIGN_URL: this.url, XDG_STATE_HOME: join(this.directory, "people", who.name) },
      stdin,
    );
  }

  async close(): Promise<void> {
    const server = this.server;
    if (server?.pid && server.exitCode === null) {
      server.removeAllListeners("close");
      // The demonstration leads a group of its own, in which its server and its runner are.
      const group = -server.pid;
      process.kill(group, "SIGTERM");
      for (let tries = 0; there(group); tries += 1) {
        if (tries === 100) process.kill(group, "SIGKILL");
        await new Promise((done) => setTimeout(done, 100));
      }
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Whether a process, or anything in a group, is still there. */
function there(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const there = await new Promise((done) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        done(true);
      });
      socket.on("error", () => done(false));
    });
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server does not answer");
}
