/// A person as others recognize them: both parts are shown.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub upn: String,
}

/// An access request, resolved to what its readers may see.
#[derive(Clone, Debug)]
pub struct Request {
    /// Shown as `R-1042`.
    pub number: u64,
    pub disclosure: Disclosure,
    pub requester: Person,
    /// The service account it is for, if its owner asks for it.
    pub service_account: Option<Person>,
    pub target_type: TargetType,
    /// The workload, *Scope* on forms.
    pub scope: String,
    /// The task, role or role group, *Access to* on forms.
    pub access_to: String,
    /// For roles and role groups: the tasks it opens, and those it doesn't as they have a policy of their own.
    pub opens: Names,
    pub does_not_open: Names,
    pub parameters: Vec<Parameter>,
    pub reason: String,
    pub ticket: Option<String>,
    pub duration: i64,
    /// A later start, if asked for.
    pub start: Option<i64>,
    pub latest_end: Option<i64>,
    pub uses: Uses,
    pub requested_at: i64,
    pub expires_at: i64,
    pub policy: Policy,
    /// All stages, in order.
    pub stages: Vec<Stage>,
    /// The stage that decides now, from 1.
    pub stage: u32,
    /// The same request, denied before.
    pub earlier_denial: Option<Denial>,
    pub preview: PreviewOffer,
    /// SHA-256 of the statement.
    pub digest: [u8; 32],
}

/// The first names of a list that may be long, and how many it has.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub first: Vec<String>,
    pub all: usize,
}

impl Names {
    /// How many a mail names.
    const SHOWN: usize = 20;

    /// The first of these `all` names.
    pub fn some(names: impl IntoIterator<Item = String>, all: usize) -> Self {
        Self { first: names.into_iter().take(Self::SHOWN).collect(), all }
    }
}

/// Whether what a request would do can be seen before it is decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewOffer {
    /// The task has no preview.
    None,
    Ready,
    /// These parameters may have more than one value, so that there is nothing definite to show.
    Open(Vec<String>),
}

/// How much a mail may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    Full,
    /// The task is confidential: mails carry only the number.
    NumberOnly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetType {
    Task,
    Role,
    RoleGroup,
}

/// A parameter as the statement binds it.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub constraint: Constraint,
    pub binding: Binding,
}

#[derive(Clone, Debug)]
pub enum Constraint {
    /// The constraint in words: `equals sales@contoso.example`.
    Words(String),
    /// Nothing is bound: printed as ANY VALUE.
    AnyValue,
    /// A secret, given when the task is run.
    AtExecution,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    Always,
    Policy,
    Free,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    Unlimited,
    AtMost(u32),
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub name: String,
    pub version: u64,
    pub approval: ApprovalType,
    /// Why approvers should look twice: weaker than a policy it shadows.
    pub exception: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalType {
    Manual,
    Auto,
}

#[derive(Clone, Debug)]
pub struct Stage {
    /// The approver group's name.
    pub group: String,
    /// How many people must approve.
    pub needed: u32,
    /// Who has approved so far.
    pub approved: Vec<Person>,
}

#[derive(Clone, Debug)]
pub struct Denial {
    pub by: Person,
    pub at: i64,
    pub comment: String,
}
