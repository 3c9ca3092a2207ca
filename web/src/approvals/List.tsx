import { WAITING } from "../requests/columns";
import { useRequests } from "../requests/requests";
import { Loaded, Page } from "../ui/Page";
import { Table } from "../ui/Table";
import { t } from "../words";

/** What waits for my decision. */
export function List() {
  const requests = useRequests({ to_decide: true, limit: 100 });
  return (
    <Page title={t("approvals.title")} lead={t("approvals.lead")}>
      <Loaded of={requests}>
        {(page) => (
          <Table
            label={t("approvals.title")}
            columns={WAITING}
            rows={page.items}
            rowKey={(row) => row.number}
            empty={t("approvals.empty")}
          />
        )}
      </Loaded>
    </Page>
  );
}
