import { PersonAdd20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";

/** Service accounts that need no approval, with their last use. */
export function SystemAccounts() {
  const accounts = useQuery({
    queryKey: ["organization", "system-accounts"],
    queryFn: async () => await got(api.GET("/api/v1/organization/system-accounts")),
  });
  return (
    <Section
      title={t("systemAccounts.title")}
      aside={
        <ButtonLink
          to={taskPath("Countersign\\Add-SystemAccount", "/run")}
          appearance="subtle"
          icon={<PersonAdd20Regular />}
        >
          {t("systemAccounts.add")}
        </ButtonLink>
      }
    >
      <p style={{ marginTop: 0 }}>{t("systemAccounts.lead")}</p>
      <Loaded of={accounts}>
        {(page) => (
          <Table
            label={t("systemAccounts.title")}
            rows={page.items}
            rowKey={(row) => row.account.id}
            empty={t("systemAccounts.empty")}
            columns={[
              {
                key: "account",
                header: t("person.kind.service"),
                cell: (row) => (
                  <Link to={`/people/${row.account.id}`}>
                    <Who person={row.account} />
                  </Link>
                ),
              },
              {
                key: "owner",
                header: t("systemAccounts.owner"),
                cell: (row) => <Who person={row.owner} plain />,
              },
              {
                key: "why",
                header: t("request.reason"),
                cell: (row) => <Shown text={row.reason} />,
                wide: true,
              },
              { key: "until", header: t("authorization.until"), cell: (row) => <Time at={row.until} /> },
              {
                key: "used",
                header: t("systemAccounts.used"),
                cell: (row) => (row.last_used ? <Time at={row.last_used} /> : t("systemAccounts.never")),
              },
              {
                key: "end",
                header: t("systemAccounts.end"),
                cell: (row) => (
                  <ButtonLink
                    size="small"
                    to={taskPath("Countersign\\Remove-SystemAccount", `/run?Identity=${row.account.id}`)}
                  >
                    {t("systemAccounts.end")}
                  </ButtonLink>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
