import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem";
import { t } from "../words";
import { useModal } from "./modal";
import { Refusal } from "./Refusal";

export interface ConfirmProps {
  open: boolean;
  close: () => void;
  title: string;
  text: string;
  act: string;
  busy: boolean;
  problem: Problem | null;
  send: () => void;
  children?: ReactNode;
}

/** Asks once more before something ends. */
export default function Confirmation(props: ConfirmProps) {
  useModal();
  return (
    <Dialog open={props.open} onOpenChange={(_, data) => !data.open && props.close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{props.title}</DialogTitle>
          <DialogContent>
            <Text block style={{ marginBottom: 12 }}>
              {props.text}
            </Text>
            {props.children}
            {props.problem && <Refusal problem={props.problem} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={props.close}>{t("cancel")}</Button>
            <Button appearance="primary" disabled={props.busy} onClick={props.send}>
              {props.act}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
