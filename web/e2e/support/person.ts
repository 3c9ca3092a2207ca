import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";

const STEP = 30;

/** Somebody with a password and an authenticator. */
export class Person {
  readonly upn: string;
  readonly password: string;
  private secret = "";
  private last = 0;

  constructor(
    readonly name: string,
    known?: { upn: string; password: string; secret: string },
  ) {
    this.upn = known?.upn ?? `${name}@fabrikam.example`;
    this.password = known?.password ?? randomBytes(15).toString("base64url");
    this.secret = known?.secret ?? "";
  }

  enrolled(secret: string): void {
    this.secret = secret.replace(/\s/g, "");
  }

  /** A code that was not shown yet: each counts once. The server takes those of the neighbouring half minutes too. */
  async code(): Promise<string> {
    for (;;) {
      const now = Math.floor(Date.now() / 1000 / STEP);
      const step = Math.max(now, this.last + 1);
      if (step <= now + 1) {
        this.last = step;
        const totp = new TOTP({ secret: Secret.fromBase32(this.secret), period: STEP });
        return totp.generate({ timestamp: step * STEP * 1000 });
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
