import type { policies as en } from "../en/policies";
import type { Like } from "./like";

export const policies: Like<typeof en> = {
  "policies.lead": "Welche Aufgabe, Rolle oder Rollengruppe eine Genehmigung braucht, und wessen.",
  "policies.empty": "Es gibt keine Richtlinie, die Sie sehen dürfen.",
  "policies.new": "Neue Genehmigungsrichtlinie",
  "policy.title": "Genehmigungsrichtlinie",
  "policy.of": "Genehmigungsrichtlinie für {target}",
  "policy.about": "Über diese Richtlinie",
  "policy.target": "Für",
  "policy.approval": "Genehmigungsart",
  "policy.words": "In Worten",
  "policy.noWords": "Ihre Bedingungen lassen sich nicht mehr zeigen.",
  "policy.version": "Version",
  "policy.versionOf": "Version {version}",
  "policy.id": "Kennung",
  "policy.gone": "Warnung",
  "policy.gone.yes": "Wofür sie gilt, gibt es nicht",
  "policy.history": "Versionen",
  "policy.change": "Ändern",
  "policy.remove": "Entfernen",
  "approval.Auto": "Automatisch",
  "approval.Manual": "Manuell",
};
