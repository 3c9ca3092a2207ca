import { FluentProvider, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { useTheme } from "./appearance";
import { makeRouter } from "./router";

const useStyles = makeStyles({
  whole: { minHeight: "100vh", backgroundColor: tokens.colorNeutralBackground2 },
});

export function App() {
  const theme = useTheme();
  const styles = useStyles();
  const [router] = useState(makeRouter);
  return (
    <FluentProvider theme={theme}>
      {/* Not on the provider itself: what floats above the page carries its classes too. */}
      <div className={styles.whole}>
        <RouterProvider router={router} />
      </div>
    </FluentProvider>
  );
}
