import { Badge } from "@fluentui/react-components";
import { Add20Regular, Warning16Regular } from "@fluentui/react-icons";
import type { PolicyLine } from "../api/shapes";
import { useMe } from "../sessions/session";
import { ButtonLink, Link } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";
import { usePolicies } from "./policies";
import { count } from "./Warnings";

const COLUMNS: Column<PolicyLine>[] = [
  {
    key: "target",
    header: t("policy.target"),
    cell: (row) => (
      <Link to={`/policies/${row.id}`}>
        <Shown text={row.target.name} />
      </Link>
    ),
  },
  { key: "type", header: t("request.type"), cell: (row) => t(`type.${row.target.type}`) },
  {
    key: "approval",
    header: t("policy.approval"),
    cell: (row) => t(`approval.${row.approval_type}`),
  },
  {
    key: "words",
    header: t("policy.words"),
    cell: (row) => <Shown text={row.words.join("; ")} />,
    wide: true,
  },
  {
    key: "warnings",
    header: t("warning.title"),
    cell: (row) =>
      count(row.warnings) > 0 && (
        <Badge style={{ whiteSpace: "nowrap" }} appearance="tint" color="warning" icon={<Warning16Regular />}>
          {row.warnings.short
            ? t("warning.short")
            : row.warnings.hangs_on_one
              ? t("warning.risk")
              : t("warning.weaker")}
        </Badge>
      ),
  },
];

/** Approval policies. */
export function List() {
  const policies = usePolicies();
  const me = useMe();
  return (
    <Page
      title={t("nav.policies")}
      lead={t("policies.lead")}
      commands={
        me.data?.reads_configuration && (
          <ButtonLink to="/policies/new" appearance="subtle" icon={<Add20Regular />}>
            {t("policies.new")}
          </ButtonLink>
        )
      }
    >
      <Loaded of={policies}>
        {(page) => (
          <Table
            label={t("nav.policies")}
            columns={COLUMNS}
            rows={page.items}
            rowKey={(row) => row.id}
            empty={t("policies.empty")}
          />
        )}
      </Loaded>
    </Page>
  );
}
