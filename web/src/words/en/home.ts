/** The home page and the set-up checklist. */
export const home = {
  "home.title": "Welcome, {name}",
  "home.waits": "{count} requests wait for your decision",
  "home.waits.one": "{count} request waits for your decision",
  "home.waits.other": "{count} requests wait for your decision",
  "home.decide": "Decide",
  "home.all": "Show all",
  "home.live": "My live access",
  "home.live.empty": "You have no live access now.",
  "home.live.used": "all uses taken",
  "home.mine": "My requests",
  "home.find": "What do you need to do?",
  "home.find.field": "Find a task, role or role group",
  "home.find.hint": "Search by what it does, not only by its name.",

  "setUp.title": "Set up privileged access",
  "setUp.lead": "Until the last step nothing is protected, and you alone can change things.",
  "setUp.act": "Open",
  "setUp.done": "Done",
  "setUp.open": "Still to do",
  "setUp.secondFactor": "Set up your second factor",
  "setUp.secondFactor.why": "Once privileged access is on, approving and changing settings need it.",
  "setUp.people": "Add people",
  "setUp.people.why":
    "At least one other person, so that nobody approves their own requests. Each sets a password by a link.",
  "setUp.group": "Make an approver group",
  "setUp.group.why": "Two or more people who decide on requests.",
  "setUp.policy": "Make an approval policy",
  "setUp.policy.why": "It says which task needs an approval, and whose.",
  "setUp.enable": "Enable privileged access",
  "setUp.enable.why":
    "Names the default approver group. From then on changes like these need an approval too.",
};
