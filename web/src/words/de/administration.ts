import type { More } from "..";
import { administration as en } from "../en/administration";
import type { Like } from "./like";

/** German for what only the administrative screens say; what is not translated yet stays English. */
const translated: Like<typeof en> = {};

export const administration: More = { ...en, ...translated };
