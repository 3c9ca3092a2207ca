import type { refusals as en } from "../en/refusals";
import type { Like } from "./like";

export const refusals: Like<typeof en> = {
  "notFound.title": "Hier ist nichts",
  "notFound.detail":
    "Die Adresse führt zu keiner Seite. Vielleicht ist sie falsch geschrieben, oder es gibt nicht mehr, was sie nannte.",
  "failed.title": "Diese Seite ist fehlgeschlagen",
  "failed.detail":
    "Durch den Fehler wurde nichts gesendet. Vielleicht wurde eine neuere Fassung der Seiten installiert: Laden Sie die Seite neu.",
  "failed.reload": "Neu laden",
  "unreachable.title": "Der Server ist nicht erreichbar",
  "unreachable.detail":
    "Der Server hat nicht geantwortet. Ob Ihr letzter Schritt ausgeführt wurde, zeigt sich, sobald er wieder da ist; erneut gesendet, wird er nur einmal ausgeführt.",

  "refusal.title": "Das wurde verweigert",
  "refusal.governs": "Maßgeblich",
  "refusal.next": "Nächster Schritt",
  "refusal.command": "Auf der Befehlszeile",
  "refusal.code": "Code",
  "refusal.id": "Protokolleintrag {id}",
  "code.unreachable": "Keine Antwort vom Server",
  "code.sign_in_failed": "Das stimmt nicht",
  "code.sign_in_required": "Melden Sie sich zuerst an",
  "code.rate_limited": "Zu viele Versuche",
  "code.not_found": "Nicht gefunden",
  "code.authorization_required": "Diese Aufgabe braucht eine Genehmigung",
  "code.authorization_ended": "Der Zugriff ist beendet",
  "code.parameter_not_approved": "Das sind nicht die genehmigten Parameter",
  "code.parameter_invalid": "Ein Parameter stimmt nicht",
  "code.statement_changed": "Die Anforderung hat sich geändert",
  "code.already_final": "Darüber wurde schon entschieden",
  "code.already_voted": "Sie haben schon entschieden",
  "code.self_approval": "Niemand genehmigt die eigene Anforderung",
  "code.second_factor_required": "Ein zweiter Faktor ist nötig",
  "code.assurance_too_low": "Eine stärkere Anmeldung ist nötig",
  "code.role_required": "Keine Ihrer Rollen enthält diese Aufgabe",
  "code.not_eligible_to_request": "Sie dürfen das nicht anfordern",
  "code.waiting_for_approval": "Die Anforderung wartet noch auf Genehmigung",
  "code.already_running": "Es läuft bereits",
  "code.runspace_unavailable": "Die Aufgabe kann jetzt nicht ausgeführt werden",
  "code.restored_copy": "Das Protokoll ist eine wiederhergestellte Kopie",
  "code.internal": "Im Server ist etwas fehlgeschlagen",
};
