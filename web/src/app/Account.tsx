import { Avatar, Button, makeStyles } from "@fluentui/react-components";
import { lazy, Suspense, useRef, useState } from "react";
import { useMe } from "../sessions/session";
import { visible } from "../ui/hidden";
import { t } from "../words";

const AccountMenu = lazy(() => import("./AccountMenu"));

const useStyles = makeStyles({ button: { minWidth: "40px", padding: "4px" } });

/** The signed-in person's own menu. */
export function Account() {
  const styles = useStyles();
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const name = visible(me.data?.display_name ?? me.data?.upn ?? "");
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <Button
        ref={button}
        className={styles.button}
        appearance="subtle"
        aria-label={t("account.menu", { name })}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Avatar name={name} size={28} color="brand" aria-hidden="true" />
      </Button>
      {open && (
        <Suspense>
          <AccountMenu target={button.current} close={close} />
        </Suspense>
      )}
    </>
  );
}
