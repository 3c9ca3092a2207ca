import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
} from "@fluentui/react-components";
import { Link } from "../ui/links";
import { useModal } from "../ui/modal";
import { t } from "../words";
import { CodeForm } from "./Code";
import { useSession } from "./session";

/** Takes a fresh second factor. */
export default function FreshFactor({ close, again }: { close: () => void; again: () => void }) {
  useModal();
  const session = useSession();
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("code.fresh")}</DialogTitle>
          <DialogContent>
            {session.data?.second_factor_enrolled ? (
              <CodeForm done={again} cancel={close} />
            ) : (
              <Text>
                {t("code.none")} <Link to="/second-factor">{t("banner.secondFactor.link")}</Link>
              </Text>
            )}
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
