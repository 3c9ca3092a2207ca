import { Button, Text, Title2 } from "@fluentui/react-components";
import { t } from "../words";

/** A fault of the page itself, or a part of it that could not be fetched. Nothing was sent by it. */
export function Failed() {
  return (
    <main style={{ padding: 32, maxWidth: 640 }}>
      <Title2 as="h1" block>
        {t("failed.title")}
      </Title2>
      <Text block style={{ marginBlock: 16 }}>
        {t("failed.detail")}
      </Text>
      <Button appearance="primary" onClick={() => location.reload()}>
        {t("failed.reload")}
      </Button>
    </main>
  );
}
