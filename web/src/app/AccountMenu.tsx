import {
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  type PositioningVirtualElement,
} from "@fluentui/react-components";
import { useNavigate } from "react-router";
import { signOut, useMe } from "../sessions/session";
import { visible } from "../ui/hidden";
import { t } from "../words";
import { chooseLanguage, chosenLanguage, LANGUAGES, type Language, NAMES } from "../words/language";
import { type Appearance, setAppearance, useAppearance } from "./appearance";

/** What the account's button opens. It is fetched when it is first wanted. */
export default function AccountMenu({
  target,
  close,
}: {
  target: HTMLElement | PositioningVirtualElement | null;
  close: () => void;
}) {
  const me = useMe();
  const chosen = useAppearance();
  const go = useNavigate();
  return (
    <Menu
      open
      onOpenChange={(_, data) => !data.open && close()}
      positioning={{ target, position: "below", align: "end" }}
      checkedValues={{ appearance: [chosen], language: [chosenLanguage() ?? "system"] }}
      onCheckedValueChange={(_, data) => {
        const picked = data.checkedItems[0] ?? "system";
        if (data.name === "appearance") setAppearance(picked as Appearance);
        else chooseLanguage(picked === "system" ? null : (picked as Language));
      }}
    >
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{visible(me.data?.upn ?? "")}</MenuGroupHeader>
            <MenuItem onClick={() => void go("/settings")}>{t("nav.settings")}</MenuItem>
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t("appearance.title")}</MenuGroupHeader>
            <MenuItemRadio name="appearance" value="system">
              {t("appearance.system")}
            </MenuItemRadio>
            <MenuItemRadio name="appearance" value="light">
              {t("appearance.light")}
            </MenuItemRadio>
            <MenuItemRadio name="appearance" value="dark">
              {t("appearance.dark")}
            </MenuItemRadio>
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t("language.title")}</MenuGroupHeader>
            <MenuItemRadio name="language" value="system">
              {t("language.system")}
            </MenuItemRadio>
            {LANGUAGES.map((language) => (
              <MenuItemRadio key={language} name="language" value={language}>
                <span lang={language}>{NAMES[language]}</span>
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItem onClick={() => void signOut(false)}>{t("account.signOut")}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
