import { speak } from "../src/words";

// Tests read English.
await speak("en");
