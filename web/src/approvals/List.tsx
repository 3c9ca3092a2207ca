import { Checkbox } from "@fluentui/react-components";
import { useState } from "react";
import type { RequestLine } from "../api/shapes";
import { WAITING } from "../requests/columns";
import { listRequests } from "../requests/requests";
import { Page } from "../ui/Page";
import { Paged } from "../ui/Paged";
import type { Column } from "../ui/Table";
import { t } from "../words";
import { wasOpened } from "./opened";
import { Several } from "./Several";

/** What waits for my decision. Several can be approved at once, each only after it was opened. */
export function List() {
  const [chosen, setChosen] = useState<RequestLine[]>([]);
  const choose: Column<RequestLine> = {
    key: "choose",
    header: t("several.choose"),
    cell: (row) => {
      const opened = wasOpened(row.number, row.statement);
      return (
        <Checkbox
          aria-label={t("several.row", { number: row.number })}
          label={opened ? t("several.opened") : t("several.notOpened")}
          disabled={!opened}
          checked={opened && chosen.some((one) => one.statement === row.statement)}
          onChange={(_, data) =>
            setChosen([
              ...chosen.filter((one) => one.number !== row.number),
              ...(data.checked === true ? [row] : []),
            ])
          }
        />
      );
    },
  };
  return (
    <Page title={t("approvals.title")} lead={t("approvals.lead")}>
      <Several
        chosen={chosen.filter((one) => wasOpened(one.number, one.statement))}
        clear={() => setChosen([])}
      />
      <Paged
        label={t("approvals.title")}
        columns={[...WAITING, choose]}
        rowKey={(row) => row.number}
        empty={t("approvals.empty")}
        queryKey={["requests", { to_decide: true }]}
        fetchPage={(place) => listRequests({ to_decide: true, ...place })}
      />
    </Page>
  );
}
