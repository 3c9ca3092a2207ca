import { useNavigate, useParams } from "react-router";
import { GatedAct } from "../acts/GatedAct";
import { Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { t } from "../words";
import { usePolicy } from "./policies";
import { Trial } from "./Trial";

/** Removes an approval policy, after showing what that means. */
export function Remove() {
  const { id = "" } = useParams();
  const go = useNavigate();
  const policy = usePolicy(id);
  const act = { task: "Countersign\\Remove-ElevatedAccessApprovalPolicy", values: { Identity: id } };
  return (
    <Page
      title={policy.data ? t("policy.remove.of", { target: policy.data.target.name }) : t("policy.remove")}
      lead={t("policy.remove.lead")}
    >
      <Section title={t("wizard.step.review")}>
        <Trial act={act}>
          <GatedAct act={act} quiet save={t("policy.remove")} done={() => void go("/policies")} />
        </Trial>
      </Section>
    </Page>
  );
}
