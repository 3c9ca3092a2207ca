import type { home as en } from "../en/home";
import type { Like } from "./like";

export const home: Like<typeof en> = {
  "home.title": "Willkommen, {name}",
  "home.enabled.title": "Privilegierter Zugriff ist aktiviert.",
  "home.enabled":
    "Fordern Sie zum Ausprobieren etwas an, das eine Richtlinie regelt: Wer genehmigt, bekommt eine Mail; danach führen Sie es aus.",
  "home.waits": "{count} Anforderungen warten auf Ihre Entscheidung",
  "home.waits.one": "{count} Anforderung wartet auf Ihre Entscheidung",
  "home.waits.other": "{count} Anforderungen warten auf Ihre Entscheidung",
  "home.decide": "Entscheiden",
  "home.all": "Alle anzeigen",
  "home.live": "Mein aktiver Zugriff",
  "home.live.empty": "Sie haben jetzt keinen aktiven Zugriff.",
  "home.live.used": "aufgebraucht",
  "home.mine": "Meine Anforderungen",
  "home.find": "Was möchten Sie tun?",
  "home.find.field": "Aufgabe, Rolle oder Rollengruppe suchen",
  "home.find.hint": "Suchen Sie nach dem, was sie tut, nicht nur nach ihrem Namen.",

  "setUp.title": "Privilegierten Zugriff einrichten",
  "setUp.lead": "Bis zum letzten Schritt ist nichts geschützt, und nur Sie können etwas ändern.",
  "setUp.act": "Öffnen",
  "setUp.done": "Erledigt",
  "setUp.on": "Weiter mit der Einrichtung",
  "setUp.open": "Noch zu tun",
  "setUp.secondFactor": "Richten Sie Ihren zweiten Faktor ein",
  "setUp.secondFactor.why":
    "Ist privilegierter Zugriff aktiviert, brauchen ihn alle zum Genehmigen und zum Ändern von Einstellungen.",
  "setUp.people": "Fügen Sie Personen hinzu",
  "setUp.people.why":
    "Mindestens eine weitere Person, damit niemand die eigenen Anforderungen genehmigt. Jede legt über einen Link ihr Kennwort fest.",
  "setUp.group": "Legen Sie eine Gruppe von Genehmigenden an",
  "setUp.group.why": "Zwei oder mehr Personen, die über Anforderungen entscheiden.",
  "setUp.tasks": "Importieren Sie Aufgaben",
  "setUp.tasks.why":
    "Was auf Ihren Rechnern, Datenbanken und Diensten getan werden kann, kommt in Aufgabenpaketen.",
  "setUp.tasks.act": "So werden Aufgaben importiert",
  "setUp.policy": "Legen Sie eine Genehmigungsrichtlinie an",
  "setUp.policy.why": "Sie sagt, welche Aufgabe eine Genehmigung braucht, und wessen.",
  "setUp.enable": "Aktivieren Sie privilegierten Zugriff",
  "setUp.enable.why":
    "Damit bestimmen Sie die Standardgruppe der Genehmigenden. Von da an brauchen auch Änderungen wie diese eine Genehmigung.",
  "home.again": "Noch einmal ausführen",
  "home.owed": "Noch zurückzunehmen",
};
