//! A ledger written by hand: an organization from its beginning to a quorum that is lost, as JSON. Every entry has a
//! label, so that a test can change one thing and say which rule that breaks.

use std::collections::BTreeMap;

use countersign_ledger::{Digest, hash::sha256, json};
use countersign_verify::{Options, Report};
use serde_json::{Value, json};

pub(crate) use crate::good::{good, narrowed};

use crate::copy::{Copy, LEDGER, options, seal_key, settings};

pub(crate) const HOUR: i64 = 3_600_000_000;
const SECOND: i64 = 1_000_000;

pub(crate) struct Story {
    /// Labels and whole entries without their numbers.
    pub(crate) entries: Vec<(String, Value)>,
    pub(crate) copy: Copy,
    pub(crate) now: i64,
    /// Executions and invitations so far.
    made: u8,
}

pub(crate) fn id(prefix: &str, byte: u8) -> String {
    format!("{prefix}-{}", format!("{byte:02x}").repeat(16))
}

pub(crate) fn person(name: &str) -> String {
    let names = ["ada", "bob", "cyd", "rita", "svc", "eve"];
    id(
        "p",
        u8::try_from(names.iter().position(|known| *known == name).expect("a name of the story") + 1)
            .unwrap(),
    )
}

pub(crate) fn session(name: &str) -> Value {
    json!({"kind": "person", "id": person(name)})
}

pub(crate) fn system() -> Value {
    json!({"kind": "system"})
}

fn host() -> Value {
    json!({"kind": "host"})
}

pub(crate) fn approvers() -> String {
    id("g", 1)
}

/// The digest of a task of the story, or of any text.
pub(crate) fn digest(of: &str) -> Digest {
    if of.starts_with("Host\\") { task_digest(of) } else { sha256(of.as_bytes()) }
}

/// A task of the story as it is defined.
pub(crate) fn definition(name: &str) -> Value {
    let parameter = |name: &str, kind: &str, default: Value| {
        json!({
            "name": name, "title": "", "help": "", "kind": {"type": kind}, "required": false, "default": default,
            "binding": "always", "may_start_with_dash": false, "sets": [], "picker": null, "conditions": [],
        })
    };
    json!({
        "name": name, "title": "A title", "description": "", "risk": "",
        "execution": {"runspace": "process", "definition": {}},
        "parameters": [
            parameter("Unit", "string", Value::Null), parameter("Force", "switch", Value::Null),
            parameter("Level", "integer", 3.into()),
        ],
        "limits": {"max_run_time": HOUR, "max_output": 1}, "run_to_end": false, "arbitrary_code": false,
        "read_only": false, "confidential": false, "preview": null, "output_retention": null,
    })
}

fn task_digest(name: &str) -> Digest {
    digest_of(&definition(name))
}

/// The digest of what changes execution, spelt out.
pub(crate) fn digest_of(definition: &Value) -> Digest {
    let parameter = |name: &str, kind: &str, default: &str| {
        format!(
            r#"{{"binding":"always","conditions":[],"default":{default},"kind":{{"type":"{kind}"}},"may_start_with_dash":false,"name":"{name}","required":false,"sets":[]}}"#
        )
    };
    let parameters = [
        parameter("Force", "switch", "null"),
        parameter("Level", "integer", "3"),
        parameter("Unit", "string", "null"),
    ];
    let covered = format!(
        r#"{{"arbitrary_code":{},"execution":{{"definition":{{}},"runspace":"process"}},"limits":{{"max_output":1,"max_run_time":{HOUR}}},"name":"{}","parameters":[{}],"preview":null,"read_only":false,"run_to_end":false}}"#,
        definition["arbitrary_code"],
        definition["name"].as_str().unwrap().to_lowercase().replace('\\', "\\\\"),
        parameters.join(",")
    );
    sha256(format!("countersign/task/v1\0{covered}").as_bytes())
}

pub(crate) fn task(name: &str) -> Value {
    json!({"type": "Task", "name": name})
}

pub(crate) fn manual(target: Value, seats: u16) -> Value {
    terms(target, json!({"Manual": {"stages": [{"approvers": "DefaultGroup", "seats": seats}]}}))
}

pub(crate) fn terms(target: Value, approval: Value) -> Value {
    json!({
        "target": target, "approval": approval, "requesters": "ByRole", "limits": {"parallel": 1},
        "assurance": "Session", "approve_for_less": true,
    })
}

/// What `person` asks for.
pub(crate) struct Ask {
    pub(crate) number: u64,
    pub(crate) person: &'static str,
    pub(crate) task: &'static str,
    pub(crate) policy: String,
    pub(crate) terms: Value,
    pub(crate) constraints: Value,
    pub(crate) hours: i64,
    pub(crate) uses: Option<u32>,
}

impl Story {
    pub(crate) fn new() -> Self {
        Self { entries: Vec::new(), copy: Copy::new(), now: 1_790_000_000_000_000, made: 0 }
    }

    pub(crate) fn push(&mut self, label: &str, actor: Value, kind: &str, data: Value) {
        self.push_about(label, actor, None, kind, data);
    }

    pub(crate) fn push_about(
        &mut self,
        label: &str,
        actor: Value,
        number: Option<u64>,
        kind: &str,
        data: Value,
    ) {
        let mut entry = json!({
            "type": kind, "v": 1, "rules": 1, "time": self.now, "actor": actor, "data": data,
        });
        if let Some(number) = number {
            entry["request"] = number.into();
        }
        self.entries.push((label.to_owned(), entry));
    }

    pub(crate) fn wait(&mut self, micros: i64) {
        self.now += micros;
    }

    pub(crate) fn sealed(&mut self, value: &str) -> Digest {
        self.copy.seal_value(&json!(value))
    }

    fn next(&mut self) -> u8 {
        self.made += 1;
        self.made
    }

    /// One of Countersign's own tasks with what it brings about, in one command.
    pub(crate) fn own(
        &mut self,
        label: &str,
        name: &str,
        task: &str,
        basis: &Value,
        effects: &[(&str, Value)],
    ) {
        self.wait(SECOND);
        let execution = id("x", self.next());
        let values = self.copy.seal_value(&json!({"Label": label, "About": about(effects)}));
        let number = basis.get("number").and_then(Value::as_u64);
        let matched = number.map(|number| self.statement_of(number));
        self.push_about(
            &format!("{label}/start"),
            session(name),
            number,
            "ExecutionStarted",
            json!({
                "execution": execution, "person": person(name), "task": format!("Countersign\\{task}"), "version": 1,
                "digest": digest(task), "basis": basis, "values": values, "matched": matched,
                "deadline": self.now + HOUR / 2, "would_refuse": null,
            }),
        );
        for (kind, data) in effects {
            self.push(&format!("{label}/{kind}"), session(name), kind, data.clone());
        }
        let finished = json!({"execution": execution, "outcome": {"outcome": "succeeded"}, "output": null});
        self.push_about(&format!("{label}/end"), session(name), number, "ExecutionFinished", finished);
    }

    pub(crate) fn set_up(&mut self, label: &str, task: &str, effects: &[(&str, Value)]) {
        self.own(label, "ada", task, &json!({"basis": "set_up"}), effects);
    }

    fn person_created(&mut self, name: &str, kind: Value) -> Value {
        let upn = self.sealed(&format!("{name}@contoso.example"));
        let shown = self.sealed(name);
        json!({"person": person(name), "kind": kind, "upn": upn, "display_name": shown, "mail": upn})
    }

    fn invitation(&mut self, name: &str) -> (String, Value) {
        let invitation = id("i", self.next());
        // The host prints the first administrator's; the others are mailed.
        let delivery = if name == "ada" { "printed" } else { "mailed" };
        let data = json!({
            "invitation": invitation, "person": person(name), "purpose": "invite", "delivery": delivery, "secret": digest("link"),
            "until": self.now + 72 * HOUR,
        });
        (invitation, data)
    }

    fn credentials(&mut self, name: &str, invitation: &str) {
        self.wait(SECOND);
        self.push(&format!("{name}/invited"), system(), "InvitationUsed", json!({"invitation": invitation}));
        let set = |kind: &str| json!({"person": person(name), "credential": kind, "digest": digest(name)});
        self.push(&format!("{name}/password"), system(), "CredentialSet", set("password"));
        self.wait(SECOND);
        self.push(&format!("{name}/totp"), session(name), "CredentialSet", set("totp"));
    }

    fn joiner(&mut self, name: &str) {
        let created = self.person_created(name, json!({"kind": "member"}));
        let (invitation, issued) = self.invitation(name);
        self.set_up(name, "New-User", &[("PersonCreated", created), ("InvitationIssued", issued)]);
        self.credentials(name, &invitation);
    }

    /// The organization, its administrator, and everything up to enabling.
    pub(crate) fn begin(&mut self) {
        let tasks: Vec<String> = [
            "New-Group",
            "Add-GroupMember",
            "Remove-GroupMember",
            "New-User",
            "Set-OrganizationConfig",
            "Disable-User",
            "Stop-AllExecutions",
        ]
        .iter()
        .map(|task| format!("Countersign\\{task}"))
        .collect();
        self.push(
            "organization",
            host(),
            "OrganizationCreated",
            json!({"name": "Contoso", "ledger": LEDGER, "zone": "UTC", "settings": settings()}),
        );
        self.push(
            "own-role",
            host(),
            "RoleDefined",
            json!({"role": "Countersign\\Role Management", "version": 1, "tasks": tasks, "ends": {}}),
        );
        self.push("own-group", host(), "RoleGroupDefined", json!({"role_group": "Countersign\\Organization Management", "roles": ["Countersign\\Role Management"], "ends": {}}));
        let ada = self.person_created("ada", json!({"kind": "member"}));
        self.push("ada", host(), "PersonCreated", ada);
        self.push("ada/administers", host(), "RoleGroupMembersChanged", json!({"role_group": "Countersign\\Organization Management", "added": [person("ada")], "removed": [], "ends": {}}));
        self.push("first", host(), "FirstAdministratorNamed", json!({"person": person("ada")}));
        let (invitation, issued) = self.invitation("ada");
        self.push("ada/invitation", host(), "InvitationIssued", issued);
        self.credentials("ada", &invitation);
        for name in ["bob", "cyd", "rita"] {
            self.joiner(name);
        }
        let svc = self.person_created("svc", json!({"kind": "service", "owner": person("rita")}));
        self.set_up("svc", "New-ServiceAccount", &[("PersonCreated", svc)]);
        let mail = self.sealed("approvers@contoso.example");
        self.set_up(
            "group",
            "New-Group",
            &[("GroupCreated", json!({"group": approvers(), "name": "Approvers", "mail": mail}))],
        );
        let members = ["ada", "bob", "cyd"].map(person);
        self.set_up(
            "join",
            "Add-GroupMember",
            &[(
                "GroupMembersChanged",
                json!({"group": approvers(), "added": members, "removed": [], "ends": {}}),
            )],
        );
        self.catalog();
        let mut enabled = settings();
        enabled["max_duration"] = (8 * HOUR).into();
        let reason = self.sealed("it scans");
        let until = self.now + 1_000 * HOUR;
        // Its own position is filled in when the ledger is written.
        self.set_up("enable", "Enable-ElevatedAccessControl", &[
            ("AccessEnabled", json!({"approvers": approvers(), "control_plane": "protected", "settings": enabled, "cites": "here"})),
            ("SystemAccountAdded", json!({"person": person("svc"), "reason": reason, "until": until})),
        ]);
    }

    fn catalog(&mut self) {
        let define = |name: &str| json!({"version": 1, "digest": task_digest(name), "definition": definition(name), "ends": {}});
        self.set_up(
            "import",
            "Import-TaskPack",
            &[
                ("WorkloadRegistered", json!({"workload": "Host", "runspace": "process"})),
                ("TaskDefined", define("Host\\Restart")),
                ("TaskDefined", define("Host\\Disk")),
                ("TaskDefined", define("Host\\Ping")),
            ],
        );
        let tasks = ["Host\\Disk", "Host\\Ping", "Host\\Restart"];
        self.set_up(
            "role",
            "New-ManagementRole",
            &[("RoleDefined", json!({"role": "Host\\Operator", "version": 1, "tasks": tasks, "ends": {}}))],
        );
        self.set_up(
            "role-group",
            "New-RoleGroup",
            &[(
                "RoleGroupDefined",
                json!({"role_group": "Host\\Operators", "roles": ["Host\\Operator"], "ends": {}}),
            )],
        );
        let members = ["rita", "svc"].map(person);
        self.set_up(
            "operators",
            "Add-RoleGroupMember",
            &[(
                "RoleGroupMembersChanged",
                json!({"role_group": "Host\\Operators", "added": members, "removed": [], "ends": {}}),
            )],
        );
        self.set_up(
            "restart-policy",
            "New-ElevatedAccessApprovalPolicy",
            &[("PolicyCreated", json!({"policy": id("pol", 2), "terms": restart_terms(), "ends": {}}))],
        );
        self.set_up(
            "disk-policy",
            "New-ElevatedAccessApprovalPolicy",
            &[("PolicyCreated", json!({"policy": id("pol", 3), "terms": disk_terms(), "ends": {}}))],
        );
    }

    /// The statement's bytes are kept; gives the entry's data.
    pub(crate) fn ask(&mut self, label: &str, ask: &Ask) {
        self.wait(SECOND);
        let short = ask.task.rsplit_once('\\').expect("a qualified name").1;
        let own = ask.task.starts_with("Countersign");
        let covers = self.list(json!({ask.task: digest(if own { short } else { ask.task })}));
        let duration = ask.hours * HOUR;
        let mut statement = json!({
            "type": "countersign.statement/v1", "salt": format!("{:032x}", ask.number), "ledger": LEDGER,
            "number": ask.number, "requester": person(ask.person), "target": task(ask.task), "covers": covers,
            "constraints": ask.constraints, "reason": "it hangs", "duration": duration,
            "latest_end": self.now + 24 * HOUR + duration, "policy": ask.policy, "policy_version": 1,
        });
        if let Some(uses) = ask.uses {
            statement["uses"] = uses.into();
        }
        let statement = self.copy.keep_statement(&statement);
        let reason = self.sealed("it hangs");
        let stages = match ask.terms["approval"].get("Manual") {
            Some(manual) => json!([{"group": approvers(), "seats": manual["stages"][0]["seats"]}]),
            None => json!([]),
        };
        let data = json!({
            "number": ask.number, "requester": person(ask.person), "target": task(ask.task), "role": null,
            "statement": statement, "policy": ask.policy, "policy_version": 1, "terms": ask.terms, "covers": covers,
            "stages": stages, "duration": duration, "start": null, "uses": ask.uses, "expires": self.now + 24 * HOUR,
            "reason": reason, "ticket": null, "extends": null, "denied_before": null, "same": digest(label),
        });
        self.push_about(label, session(ask.person), Some(ask.number), "RequestSubmitted", data);
    }

    /// Keeps a list of tasks, and gives what entries say of it.
    pub(crate) fn list(&mut self, tasks: Value) -> Value {
        let many = tasks.as_object().expect("tasks by name").len();
        let list = self.copy.keep_statement(&json!({"type": "countersign.tasks/v1", "tasks": tasks}));
        json!({"list": list, "tasks": many})
    }

    /// The newest statement of a request.
    pub(crate) fn statement_of(&self, number: u64) -> Value {
        let about = |data: &Value| data["number"] == number;
        let newest = self.entries.iter().rev().find_map(|(_, entry)| match entry["type"].as_str()? {
            "RequestSubmitted" if about(&entry["data"]) => Some(entry["data"]["statement"].clone()),
            "RequestNarrowed" if about(&entry["data"]) => Some(entry["data"]["to"].clone()),
            _ => None,
        });
        newest.expect("a request of the story")
    }

    pub(crate) fn vote(&mut self, label: &str, number: u64, name: &str) {
        let comment = self.sealed("seen");
        let data = json!({
            "number": number, "statement": self.statement_of(number), "approver": person(name), "stage": 0,
            "assurance": "SecondFactor", "comment": comment, "completes_stage": true,
        });
        self.push_about(label, session(name), Some(number), "VoteCast", data);
    }

    pub(crate) fn grant(
        &mut self,
        label: &str,
        number: u64,
        by: Option<&str>,
        hours: i64,
        uses: Option<u32>,
    ) {
        let counted: BTreeMap<String, u16> = by.iter().map(|name| (person(name), 0)).collect();
        let data = json!({
            "number": number, "from": self.now, "until": self.now + hours * HOUR, "uses": uses, "parallel": 1,
            "counted": counted,
        });
        let actor = session(by.unwrap_or("rita"));
        self.push_about(label, actor, Some(number), "AuthorizationGranted", data);
    }

    /// Starts a task on a target and gives its execution.
    pub(crate) fn run(
        &mut self,
        label: &str,
        name: &str,
        task: &str,
        basis: &Value,
        values: &Value,
    ) -> String {
        self.wait(SECOND);
        let execution = id("x", self.next());
        let values = self.copy.seal_value(values);
        let number = basis.get("number").and_then(Value::as_u64);
        let matched = number.map(|number| self.statement_of(number));
        let data = json!({
            "execution": execution, "person": person(name), "task": task, "version": 1, "digest": digest(task),
            "basis": basis, "values": values, "matched": matched, "deadline": self.now + HOUR / 2, "would_refuse": null,
        });
        self.push_about(label, session(name), number, "ExecutionStarted", data);
        execution
    }

    pub(crate) fn finish(&mut self, label: &str, execution: &str) {
        self.wait(SECOND);
        self.push(
            label,
            system(),
            "ExecutionFinished",
            json!({"execution": execution, "outcome": {"outcome": "succeeded"}, "output": null}),
        );
    }

    /// The data of a label's first entry.
    pub(crate) fn data(&mut self, label: &str) -> &mut Value {
        &mut self.entry(label)["data"]
    }

    pub(crate) fn entry(&mut self, label: &str) -> &mut Value {
        let at = self.place(label);
        &mut self.entries[at].1
    }

    #[track_caller]
    pub(crate) fn place(&self, label: &str) -> usize {
        self.entries
            .iter()
            .position(|(known, _)| known == label)
            .unwrap_or_else(|| panic!("no entry `{label}`"))
    }

    pub(crate) fn remove(&mut self, label: &str) -> Value {
        let at = self.place(label);
        self.entries.remove(at).1
    }

    pub(crate) fn insert_after(&mut self, label: &str, entry: Value) {
        let at = self.place(label);
        self.entries.insert(at + 1, ("inserted".to_owned(), entry));
    }

    /// Everything at this entry and behind it, later.
    pub(crate) fn delay(&mut self, label: &str, micros: i64) {
        let at = self.place(label);
        for (_, entry) in &mut self.entries[at..] {
            entry["time"] = (entry["time"].as_i64().unwrap() + micros).into();
        }
    }

    /// The ledger, hashed and sealed as its server would have: whatever is wrong with it is wrong by a rule.
    pub(crate) fn check(&mut self) -> Report {
        let entries: Vec<Vec<u8>> = self
            .entries
            .iter()
            .enumerate()
            .map(|(seq, (_, entry))| {
                let mut entry = entry.clone();
                entry["seq"] = seq.into();
                if entry["data"]["cites"] == "here" {
                    entry["data"]["cites"] = seq.into();
                }
                json::canonical(&entry).unwrap()
            })
            .collect();
        let mut copy = self.copy.clone();
        for batch in entries.chunks(5) {
            copy.commit(batch, &seal_key());
        }
        let options: Options<'_> = options(vec![copy.checkpoint()]);
        copy.check(&options)
    }
}

pub(crate) fn restart_terms() -> Value {
    let mut terms = manual(task("Host\\Restart"), 1);
    terms["limits"] = json!({"parallel": 1, "max_duration": 4 * HOUR, "max_uses": 3});
    terms
}

pub(crate) fn disk_terms() -> Value {
    let mut terms = terms(task("Host\\Disk"), json!("Auto"));
    terms["limits"] = json!({"parallel": 1, "rate": {"count": 2, "per": 24 * HOUR}});
    terms
}

pub(crate) fn control_terms(name: &str) -> Value {
    let mut terms = manual(task(name), 1);
    terms["limits"] = json!({"parallel": 1, "max_duration": HOUR, "max_uses": 1});
    terms["assurance"] = "SecondFactor".into();
    terms["bind"] = json!(["Identity", "Member"]);
    terms
}

pub(crate) fn by(number: u64) -> Value {
    json!({"basis": "authorization", "number": number})
}

pub(crate) fn by_role() -> Value {
    json!({"basis": "role", "role": "Host\\Operator"})
}

pub(crate) fn restart(number: u64) -> Ask {
    Ask {
        number,
        person: "rita",
        task: "Host\\Restart",
        policy: id("pol", 2),
        terms: restart_terms(),
        constraints: json!({"Unit": {"one_of": [{"string": "nginx"}, {"string": "sshd"}]}}),
        hours: 2,
        uses: Some(2),
    }
}

/// Every text in what a task brings about: whom and what its values have to name.
pub(crate) fn about(effects: &[(&str, Value)]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut open: Vec<&Value> = effects.iter().map(|(_, data)| data).collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    texts
}
