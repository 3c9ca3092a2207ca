import { Button, Tab, TabList } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { ButtonLink } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Table } from "../ui/Table";
import { t } from "../words";
import { OWN } from "./columns";
import { useRequests } from "./requests";

const PAGE = 50;
type Which = "all" | "pending" | "approved" | "denied";
const TABS: Which[] = ["all", "pending", "approved", "denied"];

/** My requests. */
export function List() {
  const [which, setWhich] = useState<Which>("all");
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  const cursor = cursors[cursors.length - 1];
  const requests = useRequests({
    mine: true,
    limit: PAGE,
    ...(which === "all" ? {} : { status: which }),
    ...(cursor ? { cursor } : {}),
  });
  return (
    <Page
      title={t("requests.title")}
      lead={t("requests.lead")}
      commands={
        <ButtonLink to="/requests/new" appearance="subtle" icon={<Add20Regular />}>
          {t("nav.new")}
        </ButtonLink>
      }
    >
      <TabList
        selectedValue={which}
        onTabSelect={(_, data) => {
          setWhich(data.value as Which);
          setCursors([undefined]);
        }}
      >
        {TABS.map((tab) => (
          <Tab key={tab} value={tab}>
            {t(`requests.tab.${tab}`)}
          </Tab>
        ))}
      </TabList>
      <Loaded of={requests}>
        {(page) => (
          <>
            <Table
              label={t("requests.title")}
              columns={OWN}
              rows={page.items}
              rowKey={(row) => row.number}
              empty={t("requests.empty")}
            />
            <Pager
              back={cursors.length > 1 ? () => setCursors(cursors.slice(0, -1)) : null}
              on={page.next ? () => setCursors([...cursors, page.next ?? undefined]) : null}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Back and on through pages. */
export function Pager({ back, on }: { back: (() => void) | null; on: (() => void) | null }) {
  if (!back && !on) return null;
  return (
    <div style={{ display: "flex", gap: 8, marginTop: 12 }}>
      <Button disabled={!back} onClick={() => back?.()}>
        {t("pager.back")}
      </Button>
      <Button disabled={!on} onClick={() => on?.()}>
        {t("pager.on")}
      </Button>
    </div>
  );
}
