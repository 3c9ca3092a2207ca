import { Spinner } from "@fluentui/react-components";
import { lazy, Suspense } from "react";
import { problemOf } from "../api/problem";
import { Code } from "../sessions/Code";
import { Door } from "../sessions/Door";
import { SignIn } from "../sessions/SignIn";
import { useSession } from "../sessions/session";
import { Refusal } from "../ui/Refusal";
import { t } from "../words";

const Shell = lazy(() => import("./Shell"));

/** Who is signed in sees the pages; everybody else the door, at the same address. */
export function Root() {
  const session = useSession();
  if (session.data === undefined) {
    if (!session.error) return <Spinner label={t("loading")} style={{ minHeight: "60vh" }} />;
    return (
      <Door title={t("unreachable.title")}>
        <Refusal problem={problemOf(session.error)} again={() => void session.refetch()} />
      </Door>
    );
  }
  if (session.data === null) return <SignIn />;
  if (session.data.second_factor_enrolled && !session.data.second_factor) return <Code />;
  return (
    <Suspense fallback={<Spinner label={t("loading")} style={{ minHeight: "60vh" }} />}>
      <Shell />
    </Suspense>
  );
}
