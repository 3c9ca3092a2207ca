import { approvals } from "./approvals";
import { audit } from "./audit";
import { catalog } from "./catalog";
import { directory } from "./directory";
import { executions } from "./executions";
import { home } from "./home";
import { parameters } from "./parameters";
import { policies } from "./policies";
import { refusals } from "./refusals";
import { requests } from "./requests";
import { settings } from "./settings";
import { shell } from "./shell";
import { signIn } from "./signIn";

/** English. Keys name where a text stands; `.one` and `.other` are forms of the key before them. */
export const en = {
  ...shell,
  ...refusals,
  ...signIn,
  ...home,
  ...requests,
  ...parameters,
  ...approvals,
  ...executions,
  ...catalog,
  ...policies,
  ...directory,
  ...audit,
  ...settings,
};
