import { DrawerBody, OverlayDrawer } from "@fluentui/react-components";
import { useModal } from "../ui/modal";
import { t } from "../words";
import { Nav } from "./Nav";

/** The navigation where the screen is narrow. It is fetched when it is first wanted. */
export default function NavDrawer({ close }: { close: () => void }) {
  useModal();
  return (
    <OverlayDrawer
      open
      onOpenChange={(_, data) => !data.open && close()}
      position="start"
      size="small"
      aria-label={t("shell.menu")}
    >
      <DrawerBody style={{ padding: 0 }}>
        <Nav />
      </DrawerBody>
    </OverlayDrawer>
  );
}
