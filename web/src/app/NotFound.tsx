import { Text } from "@fluentui/react-components";
import { ButtonLink } from "../ui/links";
import { Page } from "../ui/Page";
import { t } from "../words";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title={t("notFound.title")} width="narrow">
      <Text block>{t("notFound.detail")}</Text>
      <br />
      <ButtonLink to="/" appearance="primary">
        {t("nav.home")}
      </ButtonLink>
    </Page>
  );
}
