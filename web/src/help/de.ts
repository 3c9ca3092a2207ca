import type { Help } from "./page";

/** Die Hilfeseiten. */
export const de: Help = {
  requesters: {
    title: "Zugriff anfordern",
    lead: "Von Haus aus haben Sie keine besonderen Rechte. Sie fordern eine Sache an, sagen warum und führen sie aus, solange die Genehmigung gilt.",
    parts: [
      {
        title: "Von der Anforderung zur Ausführung",
        steps: [
          "Tippen Sie auf der Startseite, was Sie tun möchten. Öffnen Sie die Aufgabe und wählen Sie „Zugriff anfordern“.",
          "Füllen Sie die Parameter aus. Genehmigt wird, was Sie schreiben: Ein anderer Wert wird später verweigert. Was Sie offen lassen, sehen die Genehmigenden als BELIEBIGER WERT.",
          "Lesen Sie, was die Richtlinie verlangt: wer genehmigt, wie viele, wie lange höchstens. Wählen Sie, wie lange Sie den Zugriff brauchen, und begründen Sie ihn in den Kommentaren.",
          "Warten Sie auf die Mail. Die Anforderung lebt einen Tag; die Seite aktualisiert sich von selbst.",
          "Öffnen Sie Ihren Zugriff auf der Startseite und wählen Sie „Ausführen“. Die Ausgabe erscheint, während die Aufgabe läuft; Sie können sie anhalten und die Ausgabe herunterladen.",
          "Geben Sie den Zugriff zurück, wenn Sie fertig sind. Es ist auch in Ordnung, wenn er einfach endet.",
        ],
      },
      {
        title: "Wenn etwas verweigert wird",
        text: [
          "Jede Verweigerung nennt, was maßgeblich ist, einen Code und den nächsten Schritt. Braucht eine Aufgabe eine Genehmigung, übernimmt die Schaltfläche darunter Ihre Parameter in eine Anforderung.",
          "Lehnt jemand Ihre Anforderung ab, steht der Grund auf ihrer Seite. Sie können erneut anfordern; Genehmigende sehen dann die frühere Ablehnung.",
          "Fragt eine genehmigende Person Sie etwas, antworten Sie auf der Seite der Anforderung.",
        ],
      },
      {
        title: "Gut zu wissen",
        text: [
          "Eine späte Genehmigung verkürzt die Zeit einer Anforderung mit festem Beginn. Sie verschiebt sie nie.",
          "„Verlängern“ erzeugt eine eigene Anforderung, die eine eigene Genehmigung braucht.",
          "Die Anmeldedaten, die eine Aufgabe benutzt, sehen Sie nie. Alles, was Sie hier tun, wird aufgezeichnet.",
        ],
      },
    ],
  },
  approvers: {
    title: "Über Anforderungen entscheiden",
    lead: "Sie entscheiden, ob eine Person genau eine Sache so lange tun darf. Eine Administratorrolle brauchen Sie dafür nicht.",
    parts: [
      {
        title: "Bevor Sie genehmigen",
        steps: [
          "Öffnen Sie den Link in der Mail oder „Genehmigungen“. Zum Entscheiden brauchen Sie Ihren zweiten Faktor.",
          "Lesen Sie, wer anfordert, und welche früheren Anforderungen es für dasselbe gab.",
          "Lesen Sie jeden Parameter. Nichts ist gekürzt. BELIEBIGER WERT heißt, dass die anfordernde Person beim Ausführen wählt. Zeichen, die man nicht sieht, werden in einem roten Rahmen benannt, etwa U+202E.",
          "Lesen Sie, was schiefgehen kann. Hat eine Aufgabe eine Vorschau, sehen Sie sich an, was sich ändern würde.",
          "Fragen Sie, wenn etwas unklar ist. Die anfordernde Person bekommt eine Mail und antwortet auf der Seite.",
        ],
      },
      {
        title: "Ihre vier Möglichkeiten",
        table: {
          head: ["Möglichkeit", "Was folgt"],
          rows: [
            [
              "Genehmigen",
              "Ihre Stimme zählt. Der Zugriff öffnet sich, sobald alle nötigen Stimmen da sind.",
            ],
            [
              "Für weniger genehmigen",
              "Kürzere Zeit, weniger Ausführungen oder ein Wert statt eines beliebigen. Die anfordernde Person erfährt es und kann zurückziehen.",
            ],
            ["Fragen", "Noch ist nichts entschieden."],
            ["Ablehnen", "Beendet die Anforderung für alle. Ihr Grund geht an die anfordernde Person."],
          ],
        },
      },
      {
        title: "Danach",
        text: [
          "Sie können einen Zugriff jederzeit auf seiner Seite widerrufen. Was damit läuft, wird sofort angehalten.",
          "Niemand genehmigt die eigene Anforderung: nicht als Administrator, nicht über eine verschachtelte Gruppe, nicht mit einem zweiten Konto.",
          "Ändert sich eine Anforderung, während Sie sie ansehen, sagt es die Seite, und eine Entscheidung über die alte wird verweigert.",
          "Sie können mehrere zugleich genehmigen, aber nur solche, die Sie geöffnet haben.",
        ],
      },
    ],
  },
  packs: {
    title: "Aufgaben importieren",
    lead: "Was auf Rechnern, Datenbanken und Diensten getan werden kann, kommt in Aufgabenpaketen. Einige bringt das Programm mit; eigene können Sie schreiben.",
    parts: [
      {
        title: "Wo das Programm installiert ist",
        text: [
          "Importiert wird auf der Befehlszeile, von jemandem, der den Katalog ändern darf. Während der Einrichtung ist das, wer die Organisation als Erstes verwaltet. Danach ist eine Genehmigung nötig: Ergänzen Sie die letzte Zeile um --request, --reason und --wait.",
        ],
        table: {
          head: ["Zeile", "Wirkung"],
          rows: [
            [
              "countersign login NAME --url ADRESSE",
              "Meldet Sie hier an; ADRESSE ist der Anfang der Adresse dieser Seite.",
            ],
            ["countersign catalog packs", "Nennt die Pakete, die das Programm mitbringt."],
            [
              "countersign catalog export linux-host",
              "Schreibt eines in ein Verzeichnis, zum Ansehen und Ändern.",
            ],
            [
              "countersign catalog apply linux-host",
              "Zeigt, was sich ändern würde, und importiert Aufgaben, Rollen und Rollengruppen.",
            ],
          ],
        },
      },
      {
        title: "Was der Rechner des Runners erlauben muss",
        text: [
          "Eine Aufgabe läuft nur, wo die Datei des Rechners es erlaubt. Sie liegt neben der Konfiguration des Servers und heißt runner.toml; Countersign kann sie nicht ändern.",
          "Für linux-host braucht ihr Abschnitt [process] run_as mit dem Konto, unter dem der Runner läuft, und program_directories mit /usr/bin. Starten Sie den Runner danach neu.",
          "Aufgaben auf anderen Systemen brauchen dort auch deren Adresse und Zugangsdaten. Welche, sagt das README jedes Pakets.",
        ],
      },
      {
        title: "Danach",
        text: [
          "Die Aufgaben sind im Katalog, und noch kann sie niemand ausführen: Geben Sie einer Rollengruppe Mitglieder, oder legen Sie eine Genehmigungsrichtlinie an, die sagt, wer anfordern darf.",
        ],
      },
    ],
  },
  microsoft: {
    title: "Von Purview PAM oder Entra PIM kommend",
    lead: "Die Wörter und Befehle, die Sie kennen, und was hier anders ist.",
    parts: [
      {
        title: "Wörter",
        table: {
          head: ["dort", "hier"],
          rows: [
            [
              "Genehmigungsrichtlinie: Aufgabe, Rolle oder Rollengruppe; manuell oder automatisch",
              "Dieselben Wörter mit derselben Bedeutung.",
            ],
            [
              "Zugriffsanforderung: Typ, Bereich, Zugriff auf, Dauer (Stunden), Kommentare",
              "Dasselbe Formular.",
            ],
            ["Bereich: Exchange", "Jeder Workload: Hosts, Datenbanken, Exchange und was Pakete mitbringen."],
            [
              "Standardgruppe der Genehmigenden",
              "Dasselbe. Sie entscheidet auch über Änderungen an Countersign selbst.",
            ],
            ["Systemkonten", "Ausgenommene Dienstkonten, jedes mit Eigentümer, Grund und Ende."],
            [
              "Berechtigte Zuweisung (PIM)",
              "Anfordern dürfen: wer die Rolle hat, oder wen die Richtlinie nennt.",
            ],
            ["Aktivieren (PIM)", "Zugriff anfordern und ausführen."],
            [
              "Einheitliches Überwachungsprotokoll",
              "Überwachungsprotokoll. Es ist die Datenbank selbst, und seine Vollständigkeit lässt sich beweisen.",
            ],
          ],
        },
      },
      {
        title: "Cmdlets, die genau so funktionieren",
        table: {
          head: ["Zeile", "Seite"],
          rows: [
            ["countersign Enable-ElevatedAccessControl -AdminGroup … -SystemAccounts …", "Einstellungen"],
            [
              "countersign New-ElevatedAccessApprovalPolicy -Task … -ApprovalType Manual -ApproverGroup …",
              "Genehmigungsrichtlinien",
            ],
            ["countersign New-ElevatedAccessRequest -Task … -Reason … -DurationHours 4", "Zugriff anfordern"],
            ["countersign Approve-ElevatedAccessRequest -RequestId … -Comment …", "Genehmigungen"],
            ["countersign Deny-ElevatedAccessRequest -RequestId … -Comment …", "Genehmigungen"],
            ["countersign Disable-ElevatedAccessControl", "Einstellungen"],
          ],
        },
      },
      {
        title: "Was anders ist",
        text: [
          "Purview sitzt in Exchange. Countersign bewacht die Tür, deren Schlüssel es hat: Solange Personen eigene Rechte auf einem Ziel behalten, zeichnet es auf und verhindert nichts.",
          "Eine Genehmigung gilt für die angeforderten Parameter, nicht für jede Verwendung eines Cmdlets.",
          "Eine Richtlinie kann mehrere Genehmigende verlangen, in Stufen, dazu einen zweiten Faktor, ein Ticket, Tageszeiten und eine längste Dauer.",
          "Wird eine Rolle genehmigt, bleiben darin Aufgaben mit eigener Richtlinie geschlossen. Die Anforderung nennt sie.",
          "Ein Widerruf hält an, was läuft. Änderungen wirken beim nächsten Start, nicht erst nach Minuten.",
          "Änderungen an Richtlinien, Gruppen und Einstellungen brauchen die Genehmigung einer anderen Person.",
          "In PIM ist eine Rolle aktiv, und alles darin ist möglich. Hier ist jede Aufgabe eine eigene Ausführung mit Aufzeichnung, Ausgabe und Ergebnis.",
        ],
      },
      {
        title: "Keine Verbindung zu Microsoft",
        text: [
          "Countersign ist mit Microsoft nicht verbunden und wird von Microsoft weder empfohlen noch unterstützt. Purview, Entra, Exchange und Microsoft 365 sind Namen von Microsoft und stehen hier nur, um zu sagen, was gemeint ist. Die Angaben dazu stammen aus Microsofts veröffentlichten Dokumenten, Stand November 2026.",
        ],
      },
    ],
  },
};
