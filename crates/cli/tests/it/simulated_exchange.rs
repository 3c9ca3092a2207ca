//! A cmdlet on our simulator of Exchange Online, by the lines that people type. Nothing here ran against a tenant.

use countersign_exchange_simulator::{APPLICATION, Fault, Options, Simulator};

use crate::targets::{allow, pack_of, people, shipped};
use crate::world::{As, World, is_root};

const THIEF: &str = "JournalEmailAddress=copies@evil.example";

#[test]
fn a_journal_rule_is_made_by_who_was_approved_to() {
    walk(As::Ordinary);
    if is_root() {
        walk(As::Root);
    }
}

fn walk(who: As) {
    let options = Options { region: Some("eurprd01".to_owned()), ..Options::new().unwrap() };
    let simulator = Simulator::start(options.clone()).unwrap();
    let (mut world, link) = World::open(who);
    std::fs::write(world.path("simulator-ca.pem"), &simulator.authority).unwrap();
    let table = format!(
        "[exchange.main]\ntenant = \"{}\"\ncmdlets = [\"Get-*\", \"New-JournalRule\", \"Remove-JournalRule\"]\n\
         [exchange.main.sign_in.certificate]\napplication = \"{}\"\ncertificate = \"exchange\"\n\
         [exchange.main.simulator]\nport = {}\nca = \"{}\"\n",
        options.tenant,
        options.application,
        simulator.port,
        world.file("simulator-ca.pem")
    );
    allow(&mut world, "exchange", APPLICATION, &table);
    people(&world, &link);
    let task = r"Exchange\New-JournalRule";
    pack_of(&world, &shipped("exchange"), r"Exchange\Organization Management", &[(task, "Manual")]);

    // What only reads runs by role; what would steal mail needs somebody's word.
    world.line("rita", &["run", r"Exchange\Get-JournalRule"]).ends(0).prints("Compliance journal");
    let line = ["run", task, "-p", "Name=Copy", "-p", THIEF];
    world.line("rita", &line).ends(123).says("authorization_required");
    let ask = ["request", "new", task, "-p", "Name=Copy", "-p", THIEF, "--reason", "the auditor asks for it"];
    let number = world.line("rita", &ask).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "show", &number]).ends(0).prints("copies@evil.example");
    world.line("bob", &["request", "approve", &number]).ends(0);
    let other = ["run", task, "-p", "Name=Copy", "-p", "JournalEmailAddress=other@evil.example"];
    world.line("rita", &other).ends(123).says("parameter_not_approved");
    world.line("rita", &line).ends(0).says("client-request-id").prints("copies@evil.example");
    let rules = simulator.objects("JournalRule");
    assert!(rules.iter().any(|rule| rule["Name"] == "Copy"), "{rules:?}");

    // The tenant's own log names the application; the execution's id joins it with ours.
    let record = simulator.audit().into_iter().rfind(|record| record.cmdlet == "New-JournalRule").unwrap();
    assert_eq!(
        (record.actor.as_str(), record.host.as_str()),
        (options.application.as_str(), "eurprd01.outlook.office365.com")
    );
    let id = format!("x-{}", record.client_request_id.replace('-', ""));
    world.line("rita", &["execution", "show", &id]).ends(0).prints("succeeded");

    // It fails in the tenant's words; what nobody can know is unknown, and was sent once.
    world.line("rita", &line).ends(121).says("ad_object_already_exists");
    let second = ["run", task, "-p", "Name=Second", "-p", THIEF];
    let ask = ["request", "new", task, "-p", "Name=Second", "-p", THIEF, "--reason", "for the other archive"];
    let number = world.line("rita", &ask).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "approve", &number]).ends(0);
    let asked = simulator.asked();
    simulator.fault(Fault::CutAfter);
    world.line("rita", &second).ends(127).says("look whether the change is there");
    assert_eq!(simulator.asked(), asked + 1, "it was sent again");
    assert!(simulator.objects("JournalRule").iter().any(|rule| rule["Name"] == "Second"), "it ran");
    world.line("rita", &["execution", "list", "--mine"]).ends(0).prints("unknown");
    // Not in the host file, whatever the pack says.
    world
        .line("rita", &["run", r"Exchange\Set-Mailbox", "-p", "Identity=anna", "-p", "AuditEnabled=false"])
        .ends(121)
        .says("cmdlet not allowed");

    import(&world);
    let log = world.log();
    let key = APPLICATION.lines().filter(|line| line.len() == 64).next_back().unwrap();
    assert!(!log.contains(key) && !log.contains("Bearer"), "our log holds a credential");
    world.stop();
    world.host(&["ledger", "verify", "--data-dir", &world.file("data")]).ends(0).prints("Nothing is wrong");
}

/// What the tenant has becomes drafts beside a pack, and the difference is said the second time.
fn import(world: &World) {
    let pack = world.file("exchange-pack");
    world.line("rita", &["catalog", "export", "exchange", &pack]).ends(0);
    let line = ["catalog", "import", "exchange", &pack];
    world.line("rita", &line).ends(0).prints("the first import").prints("1 cmdlet without a task");
    let draft = std::fs::read_to_string(world.path("exchange-pack/.drafts/Set-Contact.toml")).unwrap();
    assert!(draft.contains("cmdlet = \"Set-Contact\"") && draft.contains("name = \"Manager\""), "{draft}");
    // Drafts are no tasks: the pack is as it was.
    world.line("rita", &["catalog", "lint", &pack]).ends(0).prints("79 tasks");
    let snapshot = world.path("exchange-pack/.import.json");
    let text = std::fs::read_to_string(&snapshot).unwrap().replace("Set-Contact", "Set-Kontact");
    std::fs::write(&snapshot, text).unwrap();
    world
        .line("rita", &line)
        .ends(0)
        .says("+ cmdlet Set-Contact")
        .says("- cmdlet Set-Kontact")
        .prints("4 changes");
    world.line("rita", &line).ends(0).prints("0 changes");
    std::fs::write(&snapshot, "{}").unwrap();
    world.line("rita", &line).ends(1).says("not what an import wrote");
}
