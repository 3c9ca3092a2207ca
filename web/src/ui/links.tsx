import { Button, type ButtonProps, Link as FluentLink } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useHref, useLinkClickHandler } from "react-router";

/** A link to another screen. */
export function Link({ to, state, children }: { to: string; state?: unknown; children: ReactNode }) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to, { state });
  return (
    <FluentLink href={href} onClick={(event) => follow(event as React.MouseEvent<HTMLAnchorElement>)}>
      {children}
    </FluentLink>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  to,
  state,
  children,
  ...look
}: { to: string; state?: unknown; children: ReactNode } & Pick<ButtonProps, "appearance" | "icon" | "size">) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to, { state });
  return (
    <Button
      as="a"
      href={href}
      onClick={(event) => follow(event as unknown as React.MouseEvent<HTMLAnchorElement>)}
      {...look}
    >
      {children}
    </Button>
  );
}

/** Where a task's screen is: `Workload\Name` becomes two segments. */
export function taskPath(name: string, rest = ""): string {
  const [workload = "", task = ""] = name.split("\\", 2);
  return `/tasks/${encodeURIComponent(workload)}/${encodeURIComponent(task)}${rest}`;
}

/** Where the screen of a role or role group is. */
export function namedPath(noun: "roles" | "role-groups", name: string): string {
  return taskPath(name).replace("/tasks/", `/${noun}/`);
}
