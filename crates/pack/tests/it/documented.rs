use std::collections::BTreeMap;
use std::path::Path;

use countersign_pack::Pack;

fn page_of(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)).unwrap()
}

fn page() -> String {
    page_of("task-packs.md")
}

/// A page's examples: fences that name a file.
fn examples(page: &str) -> BTreeMap<String, String> {
    let fences = page.split("```toml ").skip(1);
    fences
        .map(|fence| {
            let (path, rest) = fence.split_once('\n').unwrap();
            (path.to_owned(), rest.split("```").next().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn the_pages_example_is_sound() {
    let examples = examples(&page());
    assert_eq!(examples.len(), 5, "{:?}", examples.keys());
    let pack = Pack::from_files(&examples).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(pack.lint(), []);
    assert_eq!((pack.definitions.tasks.len(), pack.definitions.role_groups.len()), (2, 1));
    assert_eq!((pack.test(), pack.examples().len()), (vec![], 2));
}

#[test]
fn the_example_of_the_page_for_services_is_sound() {
    let pack = Pack::from_files(&examples(&page_of("workloads/http.md")))
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!((pack.lint(), pack.test(), pack.examples().len()), (vec![], vec![], 1));
}

/// Asks the reader itself for its fields, by giving one that no table has.
fn fields(file: &str, text: &str) -> Vec<String> {
    let faults = super::pack(&[(file, text)]).unwrap_err();
    let hint = faults
        .iter()
        .filter_map(|fault| fault.hint.as_deref())
        .find_map(|hint| hint.strip_prefix("the fields are "));
    hint.unwrap_or_else(|| panic!("{text}: {faults:?}")).split(", ").map(str::to_owned).collect()
}

#[test]
fn the_page_names_every_field() {
    let page = page();
    let task = super::TASK;
    let mut wanted = fields("pack.toml", &format!("qqqqqqqq = 1\n{}", super::MANIFEST));
    wanted.extend(fields("tasks/usage.toml", &format!("qqqqqqqq = 1\n{task}")));
    wanted.extend(fields("tasks/usage.toml", &format!("{task}[limits]\nqqqqqqqq = 1\n")));
    for kind in KINDS {
        let parameter = format!("{}[[parameters]]\nname = \"X\"\n{kind}\nqqqqqqqq = 1\n", task);
        let name = kind.split('"').nth(1).unwrap();
        assert!(page.contains(&format!("| `{name}` |")), "the page lacks the type {name}");
        wanted.extend(fields("tasks/usage.toml", &parameter));
    }
    for field in wanted {
        assert!(
            page.contains(&format!("`{field}`"))
                || page.contains(&format!("[{field}]"))
                || page.contains(&format!("\n{field} = ")),
            "the page lacks `{field}`"
        );
    }
}

const KINDS: [&str; 16] = [
    "type = \"string\"\nmax_length = 1",
    "type = \"integer\"",
    "type = \"decimal\"\nscale = 1",
    "type = \"boolean\"",
    "type = \"switch\"",
    "type = \"choice\"\noptions = [\"a\"]",
    "type = \"list\"\nof = \"guid\"\nmax_items = 1",
    "type = \"table\"\nof = \"guid\"\nmax_items = 1",
    "type = \"guid\"",
    "type = \"size\"",
    "type = \"duration\"",
    "type = \"instant\"",
    "type = \"address\"",
    "type = \"identity\"\nof = \"person\"",
    "type = \"file\"\nmax_size = 1",
    "type = \"secret\"\nmax_length = 1",
];
