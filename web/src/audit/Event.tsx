import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, got } from "../api/client";
import { Facts } from "../ui/Facts";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { EventFacts, kindOf } from "./EventFacts";
import { Related } from "./Related";

/** One event by its place in the ledger: where a mail's link leads. Reading it is recorded, so it is read once. */
export function Event() {
  const { seq = "" } = useParams();
  const event = useQuery({
    queryKey: ["audit", "event", seq],
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    queryFn: async () => await got(api.GET("/api/v1/audit/events/{seq}", { params: { path: { seq } } })),
  });
  return (
    <Page
      title={event.data ? kindOf(event.data.kind) : t("audit.entry", { seq })}
      lead={t("audit.lead")}
      width="narrow"
    >
      <Loaded of={event}>
        {(of) => (
          <>
            <Section title={t("audit.entry", { seq: String(of.seq) })}>
              <EventFacts of={of} />
            </Section>
            <Related of={of.related} here={of.seq} policy={of.policy_version} />
            <Section title={t("audit.recorded")}>
              <Facts of={[[t("audit.leaf"), <code key="leaf">{of.leaf_hash}</code>]]} />
              <pre style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                <Shown text={JSON.stringify(of.entry, null, 2)} lines="many" />
              </pre>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
