/** The help pages in English. Other languages have the same parts, rows and sentences, or do not compile. */
export const en = {
  requesters: {
    title: "Asking for access",
    lead: "You hold no power by default. You ask for one thing, say why, and run it while the approval lives.",
    parts: [
      {
        title: "From asking to running",
        steps: [
          "On the home page, type what you need to do. Open the task and choose “Request access”.",
          "Fill in the parameters. What you write is what is approved: another value later is refused. What you leave open is shown to the approvers as ANY VALUE.",
          "Read what the policy demands: who approves, how many of them, how long at most. Choose how long you need it, and say why in the comments.",
          "Wait for the mail. The request lives for a day; the page follows by itself.",
          "Open your access on the home page and choose “Run”. What it prints appears while it runs; you can stop it and download its output.",
          "Give the access back when you are done. Nobody minds if it merely ends.",
        ],
      },
      {
        title: "When it is refused",
        text: [
          "Every refusal says what governs, a code, and the next step. If a task needs an approval, the button below the refusal carries your parameters into a request.",
          "If somebody denies your request, their reason stands on its page. You can ask again; approvers then see the earlier denial.",
          "If an approver asks you something, answer on the request's page.",
        ],
      },
      {
        title: "Worth knowing",
        text: [
          "A late approval shortens the time of a request with a fixed start. It never shifts it.",
          "“Extend” makes a request of its own, which needs an approval of its own.",
          "You never see the credentials that a task uses. Everything you do here is recorded.",
        ],
      },
    ],
  },
  approvers: {
    title: "Deciding on requests",
    lead: "You decide whether one person may do exactly one thing, for so long. You need no administrative role for it.",
    parts: [
      {
        title: "Before you approve",
        steps: [
          "Open the link in the mail, or “Approvals”. Deciding needs your second factor.",
          "Read who asks, and their earlier requests for the same.",
          "Read every parameter. Nothing is shortened. ANY VALUE means that the requester chooses when running. Characters that can't be seen are named in a red frame, such as U+202E.",
          "Read what can go wrong. Where a task has a preview, look at what would change.",
          "If something is unclear, ask. The requester is mailed and answers on the page.",
        ],
      },
      {
        title: "Your four choices",
        table: {
          head: ["choice", "what follows"],
          rows: [
            [
              "Approve",
              "Your vote counts. The access opens once everybody whose vote is needed has approved.",
            ],
            [
              "Approve for less",
              "A shorter time, fewer uses, or one value instead of any. The requester is told and may withdraw.",
            ],
            ["Ask", "Nothing is decided yet."],
            ["Deny", "Ends the request for everybody. Your reason goes to the requester."],
          ],
        },
      },
      {
        title: "Afterwards",
        text: [
          "You can revoke an access at any time from its page. What runs under it is stopped at once.",
          "Nobody approves their own request: not as administrator, not through a nested group, not with a second account.",
          "If a request changes while you look at it, the page says so, and a decision on the old one is refused.",
          "You can approve several at once, but only those that you opened.",
        ],
      },
    ],
  },
  packs: {
    title: "Bringing in tasks",
    lead: "What can be done on hosts, databases and services comes in task packs. The program brings some; you can write your own.",
    parts: [
      {
        title: "Where the program is installed",
        text: [
          "Importing is done on the command line, by somebody who may change the catalog. While the organization is set up that is the first administrator. Afterwards it needs an approval: add --request, --reason and --wait to the last line.",
        ],
        table: {
          head: ["line", "does"],
          rows: [
            [
              "countersign login NAME --url ADDRESS",
              "Signs in here; ADDRESS is the beginning of this page's address.",
            ],
            ["countersign catalog packs", "Lists the packs that come with the program."],
            [
              "countersign catalog export linux-host",
              "Writes one into a directory, to be looked at and changed.",
            ],
            [
              "countersign catalog apply linux-host",
              "Shows what would change, and imports tasks, roles and role groups.",
            ],
          ],
        },
      },
      {
        title: "What the runner's host must allow",
        text: [
          "A task runs only where the host's own file allows it. It lies beside the server's configuration and is called runner.toml; Countersign can't change it.",
          "For linux-host its section [process] needs run_as with the account that the runner runs as, and program_directories with /usr/bin. Start the runner again afterwards.",
          "Tasks on other systems also need their address and a credential there. Each pack's README says which.",
        ],
      },
      {
        title: "Then",
        text: [
          "The tasks are in the catalog, and nobody can run them yet: give a role group members, or make an approval policy that says who may ask.",
        ],
      },
    ],
  },
  microsoft: {
    title: "Coming from Purview PAM or Entra PIM",
    lead: "The words and commands you know, and what is different here.",
    parts: [
      {
        title: "Words",
        table: {
          head: ["there", "here"],
          rows: [
            ["Approval policy: Task, Role or Role group; Manual or Auto", "The same words and meaning."],
            ["Access request: Type, Scope, Access to, Duration (hours), Comments", "The same form."],
            ["Scope: Exchange", "Any workload: hosts, databases, Exchange and what packs bring."],
            ["Default approver group", "The same. It also decides on changes of Countersign itself."],
            ["System accounts", "Exempt service accounts, each with owner, reason and end."],
            ["Eligible assignment (PIM)", "Being allowed to ask: holding the role, or what the policy says."],
            ["Activate (PIM)", "Request access, and run."],
            ["Unified audit log", "Audit log. It is the database itself, and can be proved complete."],
          ],
        },
      },
      {
        title: "Cmdlets that work as they are written",
        table: {
          head: ["line", "screen"],
          rows: [
            ["countersign Enable-ElevatedAccessControl -AdminGroup … -SystemAccounts …", "Settings"],
            [
              "countersign New-ElevatedAccessApprovalPolicy -Task … -ApprovalType Manual -ApproverGroup …",
              "Approval policies",
            ],
            ["countersign New-ElevatedAccessRequest -Task … -Reason … -DurationHours 4", "Request access"],
            ["countersign Approve-ElevatedAccessRequest -RequestId … -Comment …", "Approvals"],
            ["countersign Deny-ElevatedAccessRequest -RequestId … -Comment …", "Approvals"],
            ["countersign Disable-ElevatedAccessControl", "Settings"],
          ],
        },
      },
      {
        title: "What is different",
        text: [
          "Purview sits inside Exchange. Countersign guards the door whose key it holds: until people's own rights on a target are withdrawn, it records and does not prevent.",
          "An approval covers the parameters that were asked for, not every use of a cmdlet.",
          "A policy can ask for several approvers, in stages, for a second factor, a ticket, hours of the day and a longest duration.",
          "Approving a role does not open tasks in it that have a policy of their own. The request lists them.",
          "Revoking stops what runs. Changes are effective at the very next start, not after minutes.",
          "Changing policies, groups and settings needs an approval by another person.",
          "In PIM a role is active and anything in it can be done. Here each task is a run with its own record, output and outcome.",
        ],
      },
      {
        title: "Not affiliated",
        text: [
          "Countersign is not affiliated with, endorsed by or supported by Microsoft. Purview, Entra, Exchange and Microsoft 365 are names of Microsoft's, used here to say what is meant. What stands here about them comes from Microsoft's published documents as of November 2026.",
        ],
      },
    ],
  },
} as const;
