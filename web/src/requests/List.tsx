import { Tab, TabList } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useSearchParams } from "react-router";
import { ButtonLink } from "../ui/links";
import { Page } from "../ui/Page";
import { Paged } from "../ui/Paged";
import { t } from "../words";
import { OWN } from "./columns";
import { listRequests } from "./requests";

const TABS = ["all", "pending", "approved", "denied"] as const;

/** My requests. */
export function List() {
  const [address, setAddress] = useSearchParams();
  const which = TABS.find((tab) => tab === address.get("status")) ?? "all";
  const filter = { mine: true, ...(which === "all" ? {} : { status: which }) };
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
        onTabSelect={(_, data) =>
          setAddress(data.value === "all" ? {} : { status: String(data.value) }, { replace: true })
        }
      >
        {TABS.map((tab) => (
          <Tab key={tab} value={tab}>
            {t(`requests.tab.${tab}`)}
          </Tab>
        ))}
      </TabList>
      <Paged
        label={t("requests.title")}
        columns={OWN}
        rowKey={(row) => row.number}
        empty={t("requests.empty")}
        queryKey={["requests", filter]}
        fetchPage={(place) => listRequests({ ...filter, ...place })}
      />
    </Page>
  );
}
