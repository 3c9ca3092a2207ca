import type { signIn as en } from "../en/signIn";
import type { Like } from "./like";

export const signIn: Like<typeof en> = {
  "signIn.title": "Anmelden",
  "signIn.lead": "mit Ihrem Geschäftskonto",
  "signIn.ended":
    "Ihre Sitzung ist beendet. Melden Sie sich wieder an; Sie kommen auf dieselbe Seite zurück.",
  "signIn.upn": "Anmeldename",
  "signIn.password": "Kennwort",
  "signIn.submit": "Anmelden",
  "code.title": "Geben Sie Ihren Code ein",
  "code.lead": "Ihr Kennwort war richtig. Zeigen Sie jetzt Ihren zweiten Faktor.",
  "code.field": "Code",
  "code.hint":
    "Die sechs Ziffern, die Ihre Authentifizierungs-App zeigt, oder einer Ihrer Wiederherstellungscodes.",
  "code.submit": "Weiter",
  "code.fresh": "Zeigen Sie Ihren zweiten Faktor",
  "code.none": "Dafür ist ein zweiter Faktor nötig, und Sie haben noch keinen.",

  "invitation.title": "Legen Sie Ihr Kennwort fest",
  "invitation.lead": "Der Link gilt einmal. Mit dem Kennwort sind Sie gleich danach angemeldet.",
  "invitation.noLink":
    "Der Link ist unvollständig. Öffnen Sie ihn noch einmal aus der Mail, oder bitten Sie eine Administratorin oder einen Administrator um einen neuen.",
  "invitation.submit": "Kennwort festlegen",
  "invitation.done": "Ihr Kennwort ist festgelegt",
  "invitation.done.lead": "Melden Sie sich damit an. Danach richten Sie Ihren zweiten Faktor ein.",
  "password.title": "Kennwort",
  "password.current": "Bisheriges Kennwort",
  "password.new": "Neues Kennwort",
  "password.again": "Neues Kennwort noch einmal",
  "password.hint":
    "Mindestens 12 Zeichen. Lang ist besser als kompliziert: ein paar Wörter, die nur zu Ihnen gehören.",
  "password.differs": "Die beiden sind nicht gleich.",
  "password.change": "Kennwort ändern",
  "password.changed": "Das Kennwort ist geändert. Alle anderen Sitzungen sind beendet.",
  "secondFactor.short": "Zweiter Faktor",
  "secondFactor.title": "Richten Sie Ihren zweiten Faktor ein",
  "secondFactor.lead":
    "Eine Authentifizierungs-App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code. Damit öffnet ein gestohlenes Kennwort allein nichts.",
  "secondFactor.begin": "Authentifizierungs-App einrichten",
  "secondFactor.later": "Später",
  "secondFactor.scan": "Scannen Sie das mit Ihrer Authentifizierungs-App",
  "secondFactor.qr": "QR-Code mit dem Geheimnis für die App",
  "secondFactor.type": "Oder tippen Sie das Geheimnis in die App:",
  "secondFactor.here": "Die App ist auf diesem Gerät? Dort öffnen",
  "secondFactor.code": "Der Code, den die App jetzt zeigt",
  "secondFactor.confirm": "Bestätigen",
  "secondFactor.codes.title": "Ihr zweiter Faktor ist eingerichtet",
  "secondFactor.codes": "Bewahren Sie diese Wiederherstellungscodes auf",
  "secondFactor.codes.lead":
    "Mit jedem können Sie sich einmal anmelden, wenn Sie Ihr Telefon verlieren. Sie werden nur hier gezeigt.",
  "secondFactor.codes.kept": "Ich habe sie aufbewahrt",
};
