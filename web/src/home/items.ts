import { makeStyles, tokens } from "@fluentui/react-components";

/** How the home page's short lists look. */
export const useItemStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    paddingBlock: tokens.spacingVerticalS,
    ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  grow: { flex: "1 1 180px", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2, display: "block" },
});
